import { sharesOf } from '#domain';

import { sumOf } from '../counts.ts';
import type { AuditReport, Check } from '../report.ts';

const NUMBER = new Intl.NumberFormat('pt-BR');
const PERCENT = new Intl.NumberFormat('pt-BR', { minimumFractionDigits: 2 });
const TIME = new Intl.DateTimeFormat('pt-BR', {
  dateStyle: 'short',
  timeStyle: 'medium',
  timeZone: 'America/Sao_Paulo',
});

export const number = (value: number): string => NUMBER.format(value);
export const percent = (share: number): string => `${PERCENT.format(share)}%`;

/** A time as Brasília reads it; what is no time is shown as it is. */
function time(iso: string | null): string {
  if (iso === null) return '–';
  const date = new Date(iso);
  return Number.isNaN(date.getTime()) ? iso : `${TIME.format(date)} (Brasília)`;
}

export const MARKS: Readonly<Record<Check['outcome'], string>> = { ok: '✔', failed: '✘', skipped: '–' };

const STATES = {
  draft: 'em preparo',
  open: 'aberta',
  closed: 'encerrada, em apuração',
  sealed: 'encerrada e apurada',
  discarded: 'rascunho descartado',
} as const;

export interface ParticipantRow {
  readonly name: string;
  readonly votes: number;
  readonly share: number;
}

/** What both forms of the report say, in its words and order. */
export interface ReportWords {
  readonly title: string;
  readonly verdict: string;
  /** What the verdict says nothing about: questions that nobody asked, or that had nothing to be compared with. */
  readonly unchecked: readonly string[];
  readonly facts: readonly (readonly [name: string, value: string])[];
  readonly participants: readonly ParticipantRow[];
  readonly total: number;
  readonly outcomes: readonly (readonly [name: string, count: number])[];
  readonly hours: readonly { readonly hour: string; readonly votes: readonly number[] }[];
}

export function wordsOf(report: AuditReport): ReportWords {
  const { pollId, poll, counts, source, position, firstRecordedAt, lastRecordedAt, startedAt, finishedAt } = report;
  const shares = sharesOf(counts.votes);
  const failed = report.checks.filter(({ outcome }) => outcome === 'failed').length;
  return {
    title: `Auditoria do paredão ${pollId}${poll === null ? '' : `: ${poll.title}`}`,
    verdict: report.agrees
      ? 'CONFERE'
      : `NÃO CONFERE: ${failed} ${failed === 1 ? 'verificação falhou' : 'verificações falharam'}`,
    unchecked: report.checks.filter(({ outcome }) => outcome === 'skipped').map(({ title }) => title),
    facts: [
      ['Fonte', source],
      ['Votação', poll === null ? 'nunca foi aberta' : STATES[poll.status]],
      ['Até a posição', `${position}${report.partial ? ' (um ponto do passado)' : ''}`],
      ['Primeiro registro', time(firstRecordedAt)],
      ['Último registro', time(lastRecordedAt)],
      ['Auditoria', `${time(startedAt)} a ${time(finishedAt)}`],
    ],
    participants: counts.votes.map((votes, index) => ({
      name: poll?.participants[index]?.name ?? `Participante ${index + 1}`,
      votes,
      share: shares[index] ?? 0,
    })),
    total: sumOf(counts.votes),
    outcomes: [
      ['Eventos na urna', counts.events],
      ['Votos contados', sumOf(counts.votes)],
      ['Duplicados', counts.duplicates],
      ['Atrasados (depois do corte)', counts.late],
      ['Expirados', counts.expired],
      ['Em quarentena', counts.quarantined],
      ['Fechamentos', counts.cuts],
    ],
    hours: Object.entries(counts.hours)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([hour, votes]) => ({ hour, votes })),
  };
}
