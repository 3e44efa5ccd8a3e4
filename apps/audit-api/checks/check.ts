import type { AuditReport } from '#audit';
import type { CheckReport } from '#contract';
import type { CheckSeal } from '#contract/views';
import { DomainError, type Poll, decisionIn, evolve, pollStream } from '#domain';
import type { EventLog } from '#event-log';
import type { ReadModel } from '#read-model';

import { anchoringView, checkViews } from '../reconciliation/reconcile.ts';

/**
 * Only what is over can be checked: sealed, counted to the end, and not annulled.
 * @throws DomainError `poll-not-found`, `poll-not-closed`, `poll-not-counted` or `poll-annulled`
 */
export async function assertCheckable(log: EventLog, readModel: ReadModel, pollId: string): Promise<void> {
  let poll: Poll | undefined;
  let end = 0n;
  for await (const page of log.read(pollStream(pollId), 0n)) {
    for (const event of page) {
      const decision = decisionIn(event);
      // what cannot be read is for the audit to tell
      if (decision !== undefined) poll = evolve(poll, decision);
      if (event.type === 'PollSealed') end = event.position;
    }
  }
  assertOver(poll, pollId);
  const counted = (await (await readModel.current()).positions()).get(pollId) ?? -1n;
  if (poll.status !== 'sealed' || counted < end) {
    throw new DomainError('poll-not-counted', `the last votes of poll ${pollId} are being counted`);
  }
}

function assertOver(poll: Poll | undefined, pollId: string): asserts poll is Poll {
  if (poll === undefined || poll.status === 'discarded') {
    throw new DomainError('poll-not-found', `there is no poll "${pollId}"`);
  }
  if (poll.annulled !== undefined) throw new DomainError('poll-annulled', `poll ${pollId} is annulled`);
  if (poll.closedAt === null) throw new DomainError('poll-not-closed', `poll ${pollId} is not closed`);
}

/**
 * What an auditor reads of an audit, and signs it with.
 * @param by the user who asked for it
 */
export function checkReportOf(report: AuditReport, by: string, seal: CheckSeal): CheckReport {
  const { pollId, commitment, digest, checks, finishedAt, recounts, acts } = report;
  const { fold, sql } = recounts;
  const at = Date.parse(finishedAt);
  const findings = checks.reduce((sum, { findingCount }) => sum + findingCount, 0);
  return {
    paredao: pollId,
    confere: report.agrees,
    ancorado: anchoringView(report),
    verificacoes: checkViews(report),
    votos: fold.votes,
    compromisso: commitment,
    digest,
    duracao_segundos: report.seconds,
    conferido_em: finishedAt,
    selo: seal.seal({ pollId, by, at, acts, findings, commitment, fold, sql: sql! }),
  };
}
