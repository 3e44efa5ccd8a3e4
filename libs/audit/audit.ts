import { setImmediate } from 'node:timers/promises';

import { type RecordedEvent, isBallotBox } from '#domain';
import { digestOf } from '#read-model';

import { asRead } from './as-read.ts';
import { checksOf } from './conclusions.ts';
import type { AuditOptions } from './evidence.ts';
import { isoOf } from './order-check.ts';
import { Recount } from './recount.ts';
import type { AuditReport } from './report.ts';
import { isBehind } from './source.ts';
import { SqlRecount } from './sqlite/sql-recount.ts';

const COMMITMENT = /^[0-9a-f]{64}@(-1|\d{1,19})$/;

/** Whether a text is `<sha256>@<revision>`, as a report ends with it. */
export const isCommitment = (text: string): boolean => COMMITMENT.test(text);

/**
 * Reads a poll once, counts it in two ways and compares: with itself, with the read model, with what was published, with
 * an earlier report. Between pages other work of the process goes on; the count in SQL at the end is one long statement.
 * @throws TypeError when `expected` is no commitment
 * @throws EventLogUnavailableError, ReadModelUnavailableError, InvalidExportError, and what `published` throws
 */
export async function audit(options: AuditOptions): Promise<AuditReport> {
  const startedAt = Date.now();
  const { pollId, source, expected } = options;
  if (expected !== undefined && !isCommitment(expected)) throw new TypeError(`not <sha256>@<revision>: ${expected}`);
  // first what is compared, then the log: so the log has at least as much
  const [stored, published] = [await options.readModel?.load(pollId), await options.published?.()];
  const recount = new Recount(pollId, {
    stored: stored?.position,
    published: toBigInt(published?.numbers.revision),
    committed: toBigInt(expected?.split('@')[1]),
  });
  const sql = options.independent === false ? undefined : new SqlRecount();
  try {
    const next = await read(options, recount, sql);
    const checks = checksOf({ options, recount, sql, stored, published, next, startedAt });
    return {
      ...reportOf(pollId, recount),
      source: source.name,
      partial: next !== undefined,
      checks,
      ...verdictOf(checks),
      startedAt: isoOf(startedAt),
    };
  } finally {
    sql?.close();
  }
}

const toBigInt = (text: string | undefined): bigint | undefined => (text === undefined ? undefined : BigInt(text));

/** @returns the first event behind the point in time, which was not counted */
async function read(
  options: AuditOptions,
  recount: Recount,
  sql: SqlRecount | undefined,
): Promise<RecordedEvent | undefined> {
  const { source, pollId, until, onProgress, signal } = options;
  let next: RecordedEvent | undefined;
  for await (const { events, fraction } of source.pages(pollId)) {
    for (const event of events) {
      if (until !== undefined && isBehind(event, until)) next = event;
      if (next !== undefined) break;
      recount.add(event);
      if (isBallotBox(event.stream)) sql?.add(asRead(event));
    }
    // what a source says of itself is known at its end
    if (next !== undefined && source.findings() === undefined) break;
    onProgress?.(recount.events, fraction);
    await setImmediate();
    signal?.throwIfAborted();
  }
  return next;
}

const verdictOf = (checks: AuditReport['checks']): Pick<AuditReport, 'agrees' | 'finishedAt'> => ({
  agrees: checks.every(({ outcome }) => outcome !== 'failed'),
  finishedAt: new Date().toISOString(),
});

type Recounted = Pick<
  AuditReport,
  'pollId' | 'poll' | 'position' | 'firstRecordedAt' | 'lastRecordedAt' | 'counts' | 'digest' | 'commitment'
>;

function reportOf(pollId: string, recount: Recount): Recounted {
  const snapshot = recount.snapshot();
  return {
    pollId,
    poll: snapshot.poll,
    position: String(recount.position),
    firstRecordedAt: timeOf(recount.firstRecordedAt),
    lastRecordedAt: timeOf(recount.lastRecordedAt),
    counts: recount.counts(),
    digest: digestOf(snapshot),
    commitment: recount.commitment(),
  };
}

const timeOf = (time: number | undefined): string | null => (time === undefined ? null : isoOf(time));
