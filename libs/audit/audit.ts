import { setImmediate } from 'node:timers/promises';

import {
  type RecordedEvent,
  UPCASTERS,
  ballotBoxStream,
  foldNext,
  isBallotBox,
  participantCountOf,
  ruleOf,
} from '#domain';
import { type StoredTally, digestOf } from '#read-model';

import { extentOf } from './commitment.ts';
import { checksOf } from './conclusions.ts';
import type { AuditOptions, Evidence, Tallies } from './evidence.ts';
import { verifyEvidence } from './evidence-check.ts';
import type { Finding } from './findings.ts';
import { isoOf } from './order-check.ts';
import type { StoredTallies } from './polls-check.ts';
import type { Published } from './published.ts';
import { Recount } from './recount.ts';
import type { AuditReport } from './report.ts';
import { type EventSource, type Until, isBehind } from './source.ts';
import type { CountedPoll } from './sqlite/sql-recount.ts';
import { SqlRecountThread } from './sqlite/sql-recount-thread.ts';

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
  const committed = expected === undefined ? undefined : extentOf(expected);
  // first what is compared, then the log: so the log has at least as much
  const tallies = options.readModel === undefined ? undefined : await storedTallies(options.readModel);
  const published = await options.published?.();
  const stored = tallies?.all.get(pollId);
  const recount = new Recount(pollId, { stored: stored?.position, published: revisionsOf(published), committed });
  const sql = options.independent === false ? undefined : sqlRecountOf(source, pollId);
  try {
    const next = await read(options, recount, sql);
    const evidence: Evidence = {
      options,
      recount,
      sql: await sql?.result(countedPoll(recount)),
      stored,
      published,
      polls: await source.polls(tallies?.all.keys() ?? []),
      tallies,
      evidence: sql === undefined ? undefined : await verifyEvidence(options, recount),
      byDefault: await otherPollByDefault(options, published),
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

function countedPoll(recount: Recount): CountedPoll {
  const { poll } = recount.snapshot();
  return { rule: ruleOf(poll), participants: participantCountOf(poll) };
}

/** Events that need an upcaster are handed on as they are read: SQL knows no upcasters. */
const sqlRecountOf = ({ file }: EventSource, pollId: string): SqlRecountThread =>
  new SqlRecountThread(ballotBoxStream(pollId), UPCASTERS.size === 0 ? file : undefined);

async function storedTallies(store: Tallies): Promise<StoredTallies> {
  const { position: checkpoint } = await store.checkpoint();
  const all = new Map<string, StoredTally>();
  for (const pollId of (await store.positions()).keys()) {
    const tally = await store.load(pollId);
    if (tally !== undefined) all.set(pollId, tally);
  }
  return { all, checkpoint };
}

const revisionsOf = (published: Published | undefined): bigint[] =>
  [published, published?.byDefault].flatMap((one) => (one === undefined ? [] : [BigInt(one.numbers.revision)]));

/** What is published without being asked for a poll is compared as well, by one more recount. */
async function otherPollByDefault(
  options: AuditOptions,
  published: Published | undefined,
): Promise<readonly Finding[]> {
  const other = published?.byDefault;
  if (other === undefined || other.pollId === options.pollId || options.source.findings() !== undefined) return [];
  const { source, signal } = options;
  const report = await audit({
    source,
    signal,
    pollId: other.pollId,
    published: () => Promise.resolve(other),
    independent: false,
  });
  const findings = report.checks.find(({ id }) => id === 'published')?.findings ?? [];
  return findings.map((one) => ({ ...one, at: { ...one.at, poll: other.pollId } }));
}

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
  | 'pollId'
  | 'poll'
  | 'position'
  | 'firstRecordedAt'
  | 'lastRecordedAt'
  | 'counts'
  | 'digest'
  | 'commitment'
  | 'boxCommitment'
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
    commitment: recount.commitment.second(),
    boxCommitment: recount.commitment.first(),
  };
}

const timeOf = (time: number | undefined): string | null => (time === undefined ? null : isoOf(time));
