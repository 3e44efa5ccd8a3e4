import { setImmediate } from 'node:timers/promises';

import {
  type RecordedEvent,
  type TallySnapshot,
  UPCASTERS,
  ballotBoxStream,
  foldNext,
  isBallotBox,
  participantCountOf,
  pollOfCheckpoints,
  ruleOf,
  isoTime,
} from '#domain';
import { ReadModelUnavailableError, type StoredTally, digestOf } from '#read-model';

import { type Extent, extentOf } from './commitment.ts';
import { revisionOf } from './closing-check.ts';
import { checksOf } from './conclusions.ts';
import type { AuditOptions, Evidence } from './evidence.ts';
import { EvidenceWatch, verifyEvidence } from './evidence-check.ts';
import { isoOf } from './order-check.ts';
import { otherPolls, publishedByDefault } from './other-polls.ts';
import type { StoredTallies } from './polls-check.ts';
import type { Published } from './published.ts';
import { type Marks, Recount } from './recount.ts';
import { recountsOf } from './recounts.ts';
import type { AuditReport } from './report.ts';
import { type EventSource, upTo } from './source.ts';
import type { CountedPoll } from './sqlite/sql-recount.ts';
import { SqlRecountThread } from './sqlite/sql-recount-thread.ts';
import { anchoredIn } from './urna/urna-checks.ts';
import { UrnaWatch } from './urna/urna-watch.ts';

/**
 * Reads a poll once, counts it in two ways and compares: with itself, with the read model, with what was published, with
 * an earlier report. One count is made in SQL, in a thread of its own; between pages other work of this one goes on.
 * @throws TypeError when `expected` is no commitment
 * @throws EventLogUnavailableError, ReadModelUnavailableError, InvalidExportError, what `published` throws, and SQLite's
 * own errors, where the temporary file of the second count finds no room
 */
export async function audit(options: AuditOptions): Promise<AuditReport> {
  const [startedAt, started] = [Date.now(), performance.now()];
  const { pollId, source, expected } = options;
  const committed = expected === undefined ? undefined : extentOf(expected);
  // first what is compared, then the log: so the log has at least as much
  const tallies = await storedTallies(options);
  const published = await options.published?.();
  const stored = tallies?.all.get(pollId);
  const urna = options.alone === true ? undefined : await UrnaWatch.begin(options);
  const recount = new Recount(pollId, marksOf(stored, published, committed), await EvidenceWatch.begin(options));
  const sql = options.independent === false ? undefined : sqlRecountOf(source, pollId);
  try {
    const rest = await read(options, { recount, urna, sql });
    const evidence: Evidence = {
      options,
      recount,
      urna,
      sql: await sql?.result(countedPoll(recount), refillOf(stored)),
      stored,
      published,
      tallies,
      ...(await allPolls(options, tallies, rest.next)),
      evidence: sql === undefined ? undefined : await verifyEvidence(options, recount),
      byDefault: await publishedByDefault(audit, options, published),
      ...rest,
      startedAt,
    };
    const checks = checksOf(evidence);
    return {
      ...reportOf(pollId, recount),
      recounts: recountsOf(evidence),
      source: source.name,
      partial: rest.next !== undefined,
      checks,
      ...verdictOf(evidence, checks),
      ...timesOf(startedAt, started),
    };
  } finally {
    await sql?.close();
  }
}

function countedPoll(recount: Recount): CountedPoll {
  const { poll } = recount.snapshot();
  return { rule: ruleOf(poll), participants: participantCountOf(poll) };
}

/** From where on the stored tally says that its ids stand. */
const refillOf = (stored: StoredTally | undefined): bigint => revisionOf(String(stored?.snapshot.ids?.since));

/** A poll of the past is not compared with the tallies of today. */
async function allPolls(
  options: AuditOptions,
  tallies: StoredTallies | undefined,
  next: RecordedEvent | undefined,
): Promise<Pick<Evidence, 'polls' | 'others'>> {
  if (options.alone === true) return { polls: undefined, others: undefined };
  const polls = await options.source.polls(tallies?.all.keys() ?? []);
  const isWhole = polls !== undefined && next === undefined;
  return { polls, others: isWhole ? await otherPolls(audit, options, polls) : undefined };
}

/** Events that need an upcaster are handed on as they are read: SQL knows no upcasters. */
const sqlRecountOf = ({ file }: EventSource, pollId: string): SqlRecountThread =>
  new SqlRecountThread(ballotBoxStream(pollId), UPCASTERS.size === 0 ? file : undefined);

async function storedTallies({ readModel, pollId, alone }: AuditOptions): Promise<StoredTallies | undefined> {
  if (readModel === undefined) return undefined;
  const checkpoint = await readable(readModel.checkpoint());
  const all = new Map<string, StoredTally>();
  for (const [id, position] of await readModel.positions()) {
    if (alone === true && id !== pollId) continue;
    const tally = await readable(readModel.load(id));
    if (tally !== undefined) all.set(id, hasSnapshot(tally) ? tally : { ...NOTHING, position });
  }
  return { all, checkpoint };
}

/** What stands for what is no tally: none of its parts is there. */
const NOTHING = { digest: '', snapshot: {} as TallySnapshot };
const hasSnapshot = (tally: StoredTally | null): tally is StoredTally =>
  typeof tally?.snapshot === 'object' && (tally.snapshot as unknown) !== null;

/** Whoever can write to the store can put there what is no JSON: null stands for that. */
async function readable<T>(read: Promise<T>): Promise<T | null> {
  try {
    return await read;
  } catch (error) {
    if (error instanceof ReadModelUnavailableError && error.cause instanceof SyntaxError) return null;
    throw error;
  }
}

const marksOf = (stored?: StoredTally, published?: Published, committed?: Extent): Marks => ({
  stored: stored?.position,
  published: revisionsOf(published),
  committed,
});

const revisionsOf = (published: Published | undefined): bigint[] =>
  [published, published?.byDefault].flatMap((one) => (one === undefined ? [] : [BigInt(one.numbers.revision)]));

/**
 * @returns the first event of the poll after the point in time, which was not counted, and whether votes are seen there. A checkpoint
 * is always signed after what it covers: it is nothing that was left out.
 */
async function read(
  options: AuditOptions,
  { recount, ...beside }: Beside & Pick<Evidence, 'recount'>,
): Promise<Pick<Evidence, 'next' | 'moreVotes'>> {
  const { source, pollId, until, onProgress, signal } = options;
  let next: RecordedEvent | undefined;
  let moreVotes = false;
  let isOver = false;
  for await (const { events, fraction } of source.pages(pollId)) {
    const counted: readonly RecordedEvent[] = isOver ? [] : upTo(until, events);
    isOver ||= counted.length < events.length;
    const rest = events.slice(counted.length);
    next ??= rest.find(({ stream }) => pollOfCheckpoints(stream) === undefined);
    moreVotes ||= rest.some(({ stream }) => isBallotBox(stream));
    await fold(recount, counted, source);
    await handOn(counted, beside);
    // what a source says of itself is known at its end
    if (next !== undefined && source.findings() === undefined) break;
    onProgress?.(recount.events, fraction);
    await setImmediate();
    signal?.throwIfAborted();
  }
  if (next === undefined) await beside.urna?.settle(source, recount.snapshot().cut, signal);
  return { next, moreVotes };
}

/** What else takes the events. */
interface Beside {
  readonly urna: UrnaWatch | undefined;
  readonly sql: SqlRecountThread | undefined;
}

async function handOn(events: readonly RecordedEvent[], { urna, sql }: Beside): Promise<void> {
  for (const event of events) {
    if (isBallotBox(event.stream)) sql?.add(event);
    urna?.add(event);
  }
  await sql?.flush();
}

async function fold(recount: Recount, events: readonly RecordedEvent[], { read }: EventSource): Promise<void> {
  for (const [index, event] of events.entries()) {
    const pending = foldNext(recount, event, () => events.slice(index), read);
    if (pending !== undefined) await pending;
  }
}

/** The same moment on the wall clock and on the one of `performance.now()`, which alone tells how long ago it was, ms. */
const timesOf = (startedAt: number, started: number): Pick<AuditReport, 'startedAt' | 'seconds'> => ({
  startedAt: isoOf(startedAt),
  seconds: Math.round(performance.now() - started) / 1000,
});

type Verdict = Pick<AuditReport, 'agrees' | 'anchored' | 'finishedAt'>;

const verdictOf = (evidence: Evidence, checks: AuditReport['checks']): Verdict => ({
  agrees: checks.every(({ outcome }) => outcome !== 'failed'),
  anchored: anchoredIn(evidence),
  finishedAt: isoTime(Date.now()),
});

type Recounted = Omit<
  AuditReport,
  keyof Verdict | 'recounts' | 'source' | 'partial' | 'checks' | 'startedAt' | 'seconds'
>;

function reportOf(pollId: string, recount: Recount): Recounted {
  const snapshot = recount.snapshot();
  return {
    pollId,
    poll: snapshot.poll,
    position: String(recount.position),
    acts: recount.acts,
    firstRecordedAt: timeOf(recount.firstRecordedAt),
    lastRecordedAt: timeOf(recount.lastRecordedAt),
    counts: recount.counts(),
    pauses: recount.pauseWatch.pauses,
    curve: curveOf(snapshot),
    digest: digestOf(snapshot),
    commitment: recount.commitment.second(),
    boxCommitment: recount.commitment.first(),
  };
}

function curveOf({ curve }: TallySnapshot): AuditReport['curve'] {
  if (curve === undefined) return null;
  const { observations, more, strays } = curve;
  return { observations, more, strays };
}

const timeOf = (time: number | undefined): string | null => (time === undefined ? null : isoOf(time));
