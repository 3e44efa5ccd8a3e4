import { type RecordedEvent, ballotBoxStream, pollStream } from '#domain';
import type { EventLog } from '#event-log';

/** How far to read: to the end, up to a position (inclusive), or up to a time of the log's clock (ms, inclusive). */
export type Until = { readonly position: bigint } | { readonly time: number };

/** Some events of a poll, and how much of the source is read with them, from 0 to 1. */
export interface SourcePage {
  readonly events: readonly RecordedEvent[];
  readonly fraction: number;
}

/** Where an audit reads a poll's events: a log, or an export of one. */
export interface EventSource {
  /** What it is, for the report. */
  readonly name: string;

  /** The events of both streams of a poll in log order, to the end that the source has when this is called. */
  pages(pollId: string): AsyncIterable<SourcePage>;

  /**
   * What does not agree within the source itself, in words; complete when the pages were read to their end. Undefined
   * where a source says nothing of itself.
   */
  findings(): readonly string[] | undefined;

  /** Up to when it tells what happened, ms since the epoch; undefined where it does not say. Asked after the reading. */
  asOf(): number | undefined;
}

/** Whether an event is behind the end. */
export function isBehind(event: RecordedEvent, until: Until): boolean {
  return 'position' in until ? event.position > until.position : event.recordedAt > until.time;
}

/** The streams of polls in a log; it may be in use. */
export function logSource(log: EventLog, name: string): EventSource {
  return { name, pages: (pollId) => pollPages(log, pollId), findings: () => undefined, asOf: () => Date.now() };
}

/** The id of the poll that was opened last, as the order of the log says. Undefined while none was: drafts do not count. */
export async function latestPoll(log: EventLog): Promise<string | undefined> {
  let latest: { readonly pollId: string; readonly position: bigint } | undefined;
  // polls are numbered without gaps
  for (let number = 1; ; number++) {
    const pollId = String(number);
    const decisions = await decisionsOf(log, pollId);
    if (decisions.length === 0) return latest?.pollId;
    const position = decisions.find(({ type }) => type === 'PollOpened')?.position;
    if (position !== undefined && position > (latest?.position ?? -1n)) latest = { pollId, position };
  }
}

/** There are few of them. */
async function decisionsOf(log: EventLog, pollId: string): Promise<RecordedEvent[]> {
  const decisions: RecordedEvent[] = [];
  for await (const page of log.read(pollStream(pollId), 0n)) decisions.push(...page);
  return decisions;
}

/** Both streams are read by their own revisions, so that a gap shows, and put together by position. */
async function* pollPages(log: EventLog, pollId: string): AsyncIterable<SourcePage> {
  const { position: end } = await log.head();
  const decisions = await decisionsOf(log, pollId);
  const start = decisions[0]?.position ?? 0n;
  let next = 0;
  const decisionsBefore = (position: bigint): RecordedEvent[] => {
    const from = next;
    while (next < decisions.length && decisions[next]!.position < position) next++;
    return decisions.slice(from, next);
  };
  for await (const page of readAhead(log.read(ballotBoxStream(pollId), 0n))) {
    const last = page.at(-1)!;
    const events = merge(
      page.filter(({ position }) => position <= end),
      decisionsBefore(last.position),
    );
    yield { events, fraction: Number(last.position - start) / Math.max(1, Number(end - start)) };
    if (last.position > end) return;
  }
  yield { events: decisionsBefore(end + 1n), fraction: 1 };
}

/** Puts decisions between the votes where they belong. There are few of them, if any. */
function merge(votes: readonly RecordedEvent[], decisions: readonly RecordedEvent[]): readonly RecordedEvent[] {
  if (decisions.length === 0) return votes;
  const merged: RecordedEvent[] = [];
  let next = 0;
  for (const vote of votes) {
    while (next < decisions.length && decisions[next]!.position < vote.position) merged.push(decisions[next++]!);
    merged.push(vote);
  }
  return [...merged, ...decisions.slice(next)];
}

/** Asks for the next page before the present one is worked on: a server prepares it meanwhile. */
async function* readAhead<T>(pages: AsyncIterable<T>): AsyncIterable<T> {
  const iterator = pages[Symbol.asyncIterator]();
  try {
    for (let next = iterator.next(); ;) {
      const result = await next;
      if (result.done === true) return;
      next = iterator.next();
      // it is awaited in the next turn, or given up by whoever stops reading
      next.catch(() => {});
      yield result.value;
    }
  } finally {
    await iterator.return?.();
  }
}
