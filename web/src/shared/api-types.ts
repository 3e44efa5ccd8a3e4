/** The JSON of the HTTP contract, as far as the pages read it. Times are ISO-8601 UTC, shares are percent (0–100). */

export type PollState = 'rascunho' | 'agendado' | 'descartado' | 'aberto' | 'encerrado' | 'apurado';

export interface Participant {
  readonly numero: number;
  readonly nome: string;
  /** Path of the photo; without one, a drawing stands for the participant. */
  readonly foto?: string;
}

/** A name that was corrected while people voted, and why. */
export interface Correction {
  readonly numero: number;
  readonly de: string;
  readonly para: string;
  readonly motivo: string;
  readonly em: string;
}

/** `GET /paredao` */
export interface Poll {
  /** Names the ballot as it is shown; a vote is sent with it. */
  readonly cedula: string;
  readonly correcoes: readonly Correction[];
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
  readonly cedula: string;
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

/** A widget whose token the vote needs as well. */
export interface CaptchaRequest {
  readonly provedor: 'turnstile' | 'hcaptcha' | 'recaptcha';
  /** The site key. */
  readonly chave: string;
  readonly acao: string;
  /** Address of the widget's script. */
  readonly script: string;
}

/** What proves that a person votes. */
export interface HumanProof {
  /** The solved challenge. */
  readonly altcha: string;
  /** The token of the widget. */
  readonly captcha?: string;
}

/** What `POST /votar/{n}` takes: the proof, and the ballot that the voter saw. */
export interface VoteBody extends HumanProof {
  readonly cedula: string;
}

/** `GET /desafio`; `validoPor` in seconds from now. `challenge` parts are sent back exactly as received. */
export interface Challenge {
  readonly parameters: {
    readonly salt: string;
    readonly nonce: string;
    readonly keyPrefix: string;
    /** `dificuldade`: most hashes it takes. */
    readonly data: { readonly dificuldade: number };
    readonly [other: string]: unknown;
  };
  readonly signature: string;
  readonly validoPor: number;
  readonly captcha?: CaptchaRequest;
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

/** Votes by the participant's number: as many as take part. */
export type VotesByNumber = Readonly<Record<`voto_${number}`, number>>;

export interface Counts extends VotesByNumber {
  readonly total: number;
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

/** Levels of the log, as the operations page filters them. */
export type LogLevel = 'error' | 'warn' | 'info' | 'debug';

/** One line of the log; `numero` counts the lines of the service since its start. */
export interface LogEvent {
  readonly numero: number;
  readonly nivel: LogLevel;
  readonly em: string;
  readonly origem: string;
  readonly mensagem: string;
  readonly dados: Readonly<Record<string, unknown>>;
}

/** Milliseconds; null where nothing was asked for. */
export interface Latency {
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
}

/** The service at one second: rates per second, latency of votes. */
export interface Sample extends Latency {
  readonly em: string;
  readonly pedidos: number;
  readonly votos: number;
  readonly recusas: number;
  readonly falhas: number;
}

/** The frames of `/sre/aovivo`: the first has the last minutes, the others what is new (some of it twice). */
export interface Operations {
  /** The level from which the service logs. */
  readonly nivel: string;
  readonly eventos: readonly LogEvent[];
  readonly amostras: readonly Sample[];
  readonly rotas: readonly (Latency & { readonly rota: string; readonly porSegundo: number })[];
  readonly problemas: readonly { readonly codigo: string; readonly pedidos: number }[];
  /** That asked for more than ten times their allowance in the last minute. */
  readonly redes: readonly { readonly rede: string; readonly pedidos: number; readonly vezes: number }[];
}
