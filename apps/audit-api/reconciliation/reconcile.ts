import { type Check, audit, logSource, wordCheck } from '#audit';
import { DomainError, hourStart } from '#domain';
import type { EventLog } from '#event-log';
import type { ReadModel } from '#read-model';

import type { ReconciliationView } from './reconciliation.view.ts';

/**
 * Counts a poll again from the log, up to where the active tally holds, and puts both side by side, hour by hour.
 * @throws DomainError `poll-not-found` when nothing of the poll was counted yet
 */
export async function reconcile(
  log: EventLog,
  readModel: ReadModel,
  pollId: string,
  signal: AbortSignal,
  onProgress: (events: number, fraction: number) => void,
): Promise<ReconciliationView> {
  const tallies = await readModel.current();
  const stored = await tallies.load(pollId);
  if (stored === undefined) throw new DomainError('poll-not-found', `nothing of poll "${pollId}" was counted yet`);
  const { position, digest, snapshot } = stored;
  const source = logSource(log);
  // the tally that is shown is the one that is compared
  const report = await audit({
    source,
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
  });
  const { counts } = report;
  const hours = [...new Set([...Object.keys(counts.hours), ...Object.keys(snapshot.hours)])].sort();
  return {
    paredao: pollId,
    posicao: String(position),
    confere: report.checks.some(({ id, outcome }) => id === 'read-model' && outcome === 'ok'),
    verificacoes: report.checks.map(checkView),
    por_hora: hours.map((hour) => hourOf(hour, counts.hours[hour], snapshot.hours[hour])),
    log: { ...numbersOf(counts), digest: report.digest },
    contagem: { ...numbersOf(snapshot), digest },
    compromisso: report.commitment,
    compromisso_urna: report.boxCommitment,
    conferidoEm: report.finishedAt,
  };
}

function checkView(check: Check): ReconciliationView['verificacoes'][number] {
  const { title, detail, findings, observations } = wordCheck(check);
  return {
    titulo: title,
    resultado: OUTCOMES[check.outcome],
    detalhe: detail,
    diferencas: findings,
    observacoes: observations,
    achados: check.findings.map(({ code, at, expected, actual }) => ({ code, at, expected, actual })),
  };
}

const OUTCOMES = { ok: 'confere', failed: 'difere', skipped: 'nao-verificado' } as const;

function hourOf(
  hour: string,
  [log1 = 0, log2 = 0]: readonly number[] = [],
  [tally1 = 0, tally2 = 0]: readonly number[] = [],
): ReconciliationView['por_hora'][number] {
  return {
    hora: hourStart(hour),
    log: { voto_1: log1, voto_2: log2 },
    contagem: { voto_1: tally1, voto_2: tally2 },
    confere: log1 === tally1 && log2 === tally2,
  };
}

interface Numbers {
  readonly votes: readonly number[];
  readonly duplicates: number;
  readonly late: number;
  readonly expired: number;
  readonly quarantined: number;
}

const numbersOf = ({ votes: [first = 0, second = 0], duplicates, late, expired, quarantined }: Numbers) => ({
  voto_1: first,
  voto_2: second,
  duplicados: duplicates,
  atrasados: late,
  expirados: expired,
  quarentena: quarantined,
});
