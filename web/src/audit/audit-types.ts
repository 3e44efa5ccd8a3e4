import type { Participant, VotesByNumber } from '../shared/api-types.ts';

/** What the audit API answers; its OpenAPI document says more. */

export interface PollState {
  readonly paredao: string;
  readonly titulo: string;
  readonly estado: string;
  /** Null: the log is shorter than what was counted. */
  readonly eventosNaUrna: number | null;
  readonly eventosContados: number;
  readonly votos: number;
  readonly quarentena: number;
}

export interface AuditState {
  readonly log: { readonly posicao: string; readonly registradoEm: string | null };
  readonly contagem: {
    readonly versao: string;
    readonly posicao: string;
    readonly atualizadoEm: string | null;
    readonly atrasoSegundos: number;
  };
  readonly paredoes: readonly PollState[];
}

export interface HourComparison {
  readonly hora: string;
  readonly log: VotesByNumber;
  readonly contagem: VotesByNumber;
  readonly confere: boolean;
}

export interface Reconciliation {
  readonly confere: boolean;
  readonly posicao: string;
  readonly compromisso: string;
  readonly log: VotesByNumber;
  readonly participantes: readonly Participant[];
  readonly por_hora: readonly HourComparison[];
  readonly verificacoes: readonly {
    readonly titulo: string;
    readonly resultado: 'confere' | 'difere' | 'nao-verificado';
    readonly detalhe: string;
    readonly diferencas: readonly string[];
    readonly observacoes: readonly string[];
  }[];
}

export interface QuarantinedEvent {
  readonly fluxo: string;
  readonly revisao: string;
  readonly posicao: string;
  readonly motivo: string;
}

export interface PollQuarantine {
  readonly paredao: string;
  readonly quantidade: number;
  readonly eventos: readonly QuarantinedEvent[];
}

export interface QuarantinedRecord extends QuarantinedEvent {
  readonly tipo: string;
  readonly versao: number;
  readonly registradoEm: string;
  readonly tamanho: number;
  readonly texto: string | null;
  readonly hexadecimal: string;
}

export interface AdminAction {
  readonly registradoEm: string;
  readonly quem: string | null;
  readonly oQue: string;
}
