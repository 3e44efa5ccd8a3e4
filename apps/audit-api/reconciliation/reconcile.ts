import { type AuditReport, type Check, audit, logSource, wordCheck } from '#audit';
import type { Reconciliation } from '#contract';
import { participantView, rehearsalView, votesView } from '#contract/views';
import { DomainError, type TallySnapshot, hourStart } from '#domain';
import type { EventLog } from '#event-log';
import type { ReadModel } from '#read-model';

import type { Claims } from '../claims.ts';
import type { OnProgress } from '../event-stream.ts';

interface Asked {
  readonly pollId: string;
  /** Compared with the log as well. */
  readonly claims: Claims;
  readonly signal: AbortSignal;
  readonly onProgress: OnProgress;
}

/**
 * Counts a poll again from the log, up to where the active tally holds, and puts both side by side, hour by hour.
 * @throws DomainError `poll-not-found` when nothing of the poll was counted yet
 */
export async function reconcile(
  log: EventLog,
  readModel: ReadModel,
  { pollId, claims, signal, onProgress }: Asked,
): Promise<Reconciliation> {
  const tallies = await readModel.current();
  const stored = await tallies.load(pollId);
  if (stored === undefined) throw new DomainError('poll-not-found', `nothing of poll "${pollId}" was counted yet`);
  const { position, digest, snapshot } = stored;
  // the tally that is shown is the one that is compared
  const report = await audit({
    source: logSource(log),
    pollId,
    readModel: {
      load: (id) => (id === pollId ? Promise.resolve(stored) : tallies.load(id)),
      positions: () => tallies.positions(),
      checkpoint: () => tallies.checkpoint(),
    },
    until: { position },
    independent: false,
    onProgress,
    signal,
    ...claims,
  });
  const { counts, poll } = report;
  return {
    paredao: pollId,
    ...(poll !== null && rehearsalView(poll)),
    posicao: String(position),
    confere: report.checks.some(({ id, outcome }) => id === 'read-model' && outcome === 'ok'),
    ancorado: anchoringView(report),
    verificacoes: checkViews(report),
    participantes: (poll?.participants ?? []).map(participantView),
    por_hora: hoursOf(counts, snapshot),
    log: { ...numbersOf(counts), digest: report.digest },
    contagem: { ...numbersOf(snapshot), digest },
    compromisso: report.commitment,
    compromisso_urna: report.boxCommitment,
    conferido_em: report.finishedAt,
  };
}

/** How far something from outside proves the box; null of a poll whose box is no transparency log. */
export const anchoringView = ({ anchored }: Pick<AuditReport, 'anchored'>): Reconciliation['ancorado'] =>
  anchored === null ? null : { folhas: anchored.leaves, de: anchored.of };

/** The checks of a report in words, without those of what does not arise. */
export function checkViews({ checks, poll }: Pick<AuditReport, 'checks' | 'poll'>): Reconciliation['verificacoes'] {
  const names = (poll?.participants ?? []).map(({ name }) => name);
  return checks.flatMap((check) => (check.outcome === 'inapplicable' ? [] : [checkView(check, check.outcome, names)]));
}

function checkView(
  check: Check,
  outcome: keyof typeof OUTCOMES,
  names: readonly string[],
): Reconciliation['verificacoes'][number] {
  const { title, detail, remedy, findings, observations } = wordCheck(check, names);
  return {
    titulo: title,
    resultado: OUTCOMES[outcome],
    detalhe: detail,
    como_verificar: remedy === '' ? null : remedy,
    diferencas: findings,
    observacoes: observations,
    achados: check.findings.map(({ code, at, expected, actual }) => ({ code, at, expected, actual })),
  };
}

const OUTCOMES = { ok: 'confere', failed: 'difere', skipped: 'nao-verificado' } as const;

/** Every hour that one of the two has, side by side. */
function hoursOf(inLog: AuditReport['counts'], inTally: TallySnapshot): Reconciliation['por_hora'] {
  const none = inLog.votes.map(() => 0);
  const hours = [...new Set([...Object.keys(inLog.hours), ...Object.keys(inTally.hours)])].sort();
  return hours.map((hour) => {
    const [logged, tallied] = [inLog.hours[hour] ?? none, inTally.hours[hour] ?? none];
    return {
      hora: hourStart(hour),
      log: votesView(logged),
      contagem: votesView(tallied),
      confere: JSON.stringify(logged) === JSON.stringify(tallied),
    };
  });
}

interface Numbers {
  readonly votes: readonly number[];
  readonly duplicates: number;
  readonly late: number;
  readonly expired: number;
  readonly quarantined: number;
}

const numbersOf = ({ votes, duplicates, late, expired, quarantined }: Numbers) => ({
  ...votesView(votes),
  duplicados: duplicates,
  atrasados: late,
  expirados: expired,
  quarentena: quarantined,
});
