import { setImmediate } from 'node:timers/promises';

import { type RecordedEvent, UPCASTERS, ballotBoxStream, foldNext, isBallotBox, ruleOf } from '#domain';
import { digestOf } from '#read-model';

import { checksOf } from './conclusions.ts';
import type { AuditOptions } from './evidence.ts';
import { isoOf } from './order-check.ts';
import { Recount } from './recount.ts';
import type { AuditReport } from './report.ts';
import { type EventSource, type Until, isBehind } from './source.ts';
import { SqlRecountThread } from './sqlite/sql-recount-thread.ts';

const COMMITMENT = /^[0-9a-f]{64}@(-1|\d{1,19})$/;

/** Whether a text is `<sha256>@<revision>`, as a report ends with it. */
export const isCommitment = (text: string): boolean => COMMITMENT.test(text);

/**
 * Reads a poll once, counts it in two ways and compares: with itself, with the read model, with what was published, with
 * an earlier report. One count is made in SQL, in a thread of its own; between pages other work of this one goes on.
 * @throws TypeError when `expected` is no commitment
 * @throws EventLogUnavailableError, ReadModelUnavailableError, InvalidExportError, what `published` throws, and SQLite's
 * own errors, where the temporary file of the second count finds no room
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
  const sql = options.independent === false ? undefined : sqlRecountOf(source, pollId);
  try {
    const next = await read(options, recount, sql);
    const evidence = {
      options,
      recount,
      sql: await sql?.result(ruleOf(recount.snapshot().poll)),
      stored,
      published,
      next,
      startedAt,
    };
    const checks = checksOf(evidence);
    return {
      ...reportOf(pollId, recount),
      source: source.name,
      partial: next !== undefined,
      checks,
      ...verdictOf(checks),
      startedAt: isoOf(startedAt),
    };
  } finally {
    await sql?.close();
  }
}

/** Events that need an upcaster are handed on as they are read: SQL knows no upcasters. */
const sqlRecountOf = ({ file }: EventSource, pollId: string): SqlRecountThread =>
  new SqlRecountThread(ballotBoxStream(pollId), UPCASTERS.size === 0 ? file : undefined);

const toBigInt = (text: string | undefined): bigint | undefined => (text === undefined ? undefined : BigInt(text));

/** @returns the first event behind the point in time, which was not counted */
async function read(
  options: AuditOptions,
  recount: Recount,
  sql: SqlRecountThread | undefined,
): Promise<RecordedEvent | undefined> {
  const { source, pollId, until, onProgress, signal } = options;
  let next: RecordedEvent | undefined;
  for await (const { events, fraction } of source.pages(pollId)) {
    const counted = next === undefined ? upTo(until, events) : [];
    next ??= events[counted.length];
    await fold(recount, counted, source);
    for (const event of counted) if (isBallotBox(event.stream)) sql?.add(event);
    await sql?.flush();
    // what a source says of itself is known at its end
    if (next !== undefined && source.findings() === undefined) break;
    onProgress?.(recount.events, fraction);
    await setImmediate();
    signal?.throwIfAborted();
  }
  return next;
}

async function fold(recount: Recount, events: readonly RecordedEvent[], { read }: EventSource): Promise<void> {
  for (const [index, event] of events.entries()) {
    const pending = foldNext(recount, event, () => events.slice(index), read);
    if (pending !== undefined) await pending;
  }
}

function upTo(until: Until | undefined, events: readonly RecordedEvent[]): readonly RecordedEvent[] {
  const behind = until === undefined ? -1 : events.findIndex((event) => isBehind(event, until));
  return behind < 0 ? events : events.slice(0, behind);
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
