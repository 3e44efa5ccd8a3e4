/** The JSON of the HTTP contract, as far as the pages read it. Times are ISO-8601 UTC, shares are percent (0–100). */

export type PollState = 'rascunho' | 'agendado' | 'aberto' | 'encerrado' | 'apurado';

export interface Participant {
  readonly numero: number;
  readonly nome: string;
  /** Path of the photo; without one, the drawn art stands for the participant. */
  readonly foto?: string;
}

/** `GET /paredao` */
export interface Poll {
  readonly id: string;
  readonly titulo: string;
  readonly estado: PollState;
  /** When it opens and closes by itself. */
  readonly abreEm: string | null;
  readonly encerraEm: string | null;
  readonly abertoEm: string | null;
  readonly encerradoEm: string | null;
  readonly participantes: readonly Participant[];
}

/** One of `GET /paredoes`. */
export interface PollSummary extends Poll {
  readonly total: number;
  readonly por_participante: readonly ParticipantTotal[];
  readonly final: boolean;
}

export interface ParticipantShare extends Participant {
  readonly percentual: number;
}

/** `GET /resultado` and the frames of `/resultado/aovivo`; `incluiSeuVoto` only when `desde` was asked for. */
export interface Result {
  readonly paredao: string;
  readonly titulo: string;
  readonly estado: PollState;
  readonly semVotos: boolean;
  /** Number of the one with more votes, also where two decimals show no difference; null in a tie. */
  readonly lider: number | null;
  readonly participantes: readonly ParticipantShare[];
  readonly incluiSeuVoto?: boolean;
  readonly final: boolean;
  readonly completo: boolean;
  readonly atualizadoEm: string;
}

/** `GET /desafio`; `validoPor` in seconds from now. `challenge` parts are sent back exactly as received. */
export interface Challenge {
  readonly parameters: {
    readonly salt: string;
    readonly nonce: string;
    readonly keyPrefix: string;
    readonly [other: string]: unknown;
  };
  readonly signature: string;
  readonly validoPor: number;
}

/** The answer of `POST /votar/{n}`; `posicao` is opaque, for `/resultado?desde=`. */
export interface CastVote {
  readonly id: string;
  readonly paredao: string;
  readonly participante: number;
  readonly registradoEm: string;
  readonly posicao: string;
}

export interface ParticipantTotal extends ParticipantShare {
  readonly votos: number;
}

export interface Counts {
  readonly total: number;
  readonly voto_1: number;
  readonly voto_2: number;
}

export interface HourCounts extends Counts {
  readonly hora: string;
}

export interface MinuteCounts extends Counts {
  readonly minuto: string;
}

/** `GET /total` and the frames of `/total/aovivo`. */
export interface Total extends Counts {
  readonly paredao: string;
  readonly titulo: string;
  readonly estado: PollState;
  readonly abertoEm: string;
  readonly encerradoEm: string | null;
  readonly votos_ultima_hora: number;
  readonly votos_por_segundo: number;
  readonly por_participante: readonly ParticipantTotal[];
  readonly por_hora: readonly HourCounts[];
  readonly por_minuto: readonly MinuteCounts[];
  readonly duplicados: number;
  readonly atrasados: number;
  readonly expirados: number;
  readonly quarentena: number;
  readonly completo: boolean;
  readonly final: boolean;
  readonly digest: string;
  readonly revisao: string;
  readonly atualizadoEm: string;
  readonly idadeSegundos: number;
  readonly atraso_projecao_segundos: number;
}

/** The answer of `POST /login`. */
export interface Login {
  readonly token: string;
  readonly papel: string;
  readonly expiraEm: string;
}
