import {
  FIRST_BOX,
  type Poll,
  type RecordedEvent,
  ballotBoxStream,
  checkpointStream,
  evolve,
  lastOpenedOf,
  pollIdOf,
  pollOfCheckpoints,
  pollStream,
  decisionIn,
} from '#domain';
import { boxFactsIn } from '#seal';
import { type EventLog, type LogExtent, firstOfStream, wholeStream } from '#event-log';

/** After this many numbers without a poll the search ends. */
const LOOK_AHEAD = 100;
const NUMBER = /^[1-9]\d{0,8}$/;
/** Another way to write a number: no route can ask for such a poll. */
const NO_NUMBER = /^[+-]?\d/;
const PHOTO = /^photo-[0-9a-f]{64}$/;

/** A poll as its own stream tells it. */
export interface LoggedPoll {
  readonly pollId: string;
  readonly decisions: readonly RecordedEvent[];
  /** Where it was opened first; undefined for a draft. */
  readonly openedPosition: bigint | undefined;
  /** Its votes count for nothing. */
  readonly rehearsal: boolean;
  /** Its box says of itself that it was opened, and its logs are sealed. */
  readonly hasOpenedBox: boolean;
}

/** What a log has of polls, and what in it belongs to none. */
export interface LoggedPolls {
  readonly polls: ReadonlyMap<string, LoggedPoll>;
  /** Numbers that no poll has, although a later one is there: polls are numbered without gaps. */
  readonly missing: readonly string[];
  /** Streams of nothing that a service writes. */
  readonly strays: readonly string[];
  /** Where the log ended afterwards. */
  readonly head: bigint;
  /** The latest time that the log recorded, ms since the epoch. */
  readonly clock: number;
  /** Where a log with gapless positions has fewer events than positions. */
  readonly lost: LogExtent | undefined;
}

/**
 * Finds every poll of a log, also after a gap. A store without a list of its streams is asked for one number after the other.
 * @param known ids that somebody knows of
 */
export async function pollsOf(log: EventLog, known: Iterable<string> = []): Promise<LoggedPolls> {
  const streams = await log.streams();
  const ids = new Set([...known, ...(streams ?? []).map((stream) => pollIdOf(stream) ?? '')]);
  const polls = new Map<string, LoggedPoll>();
  const boxes: string[] = [];
  const last = (): number => Math.max(0, ...[...ids].filter((id) => NUMBER.test(id)).map(Number));
  for (let number = 1; number <= last() + (streams === undefined ? LOOK_AHEAD : 0); number++) {
    const id = String(number);
    if (await take(id)) ids.add(id);
  }
  for (const id of ids) if (!NUMBER.test(id)) await take(id);
  const extent = await log.extent();
  const { position: head, recordedAt } = await log.head();
  return {
    polls,
    missing: missingIn(polls),
    strays: [...(streams ?? []).filter((stream) => isStray(stream, polls)), ...(streams === undefined ? boxes : [])],
    head,
    clock: Math.max(
      recordedAt,
      ...[...polls.values()].flatMap(({ decisions }) => decisions.map((one) => one.recordedAt)),
    ),
    lost: extent !== undefined && extent.events !== extent.positions ? extent : undefined,
  };

  async function take(pollId: string): Promise<boolean> {
    const decisions = await wholeStream(log, pollStream(pollId));
    if (decisions.length > 0) {
      const openedPosition = decisions.find(({ type }) => type === 'PollOpened')?.position;
      polls.set(pollId, { pollId, decisions, openedPosition, ...marksOf(decisions) });
    } else if (streams === undefined && (await firstOfStream(log, ballotBoxStream(pollId))))
      boxes.push(ballotBoxStream(pollId));
    return decisions.length > 0;
  }
}

const marksOf = (decisions: readonly RecordedEvent[]): Pick<LoggedPoll, 'rehearsal' | 'hasOpenedBox'> => ({
  rehearsal: decisions.some(marksRehearsal),
  hasOpenedBox: boxFactsIn(decisions) !== undefined,
});

function missingIn(polls: ReadonlyMap<string, LoggedPoll>): string[] {
  const numbers = [...polls.keys()].filter((id) => NUMBER.test(id)).map(Number);
  const all = Array.from({ length: Math.max(0, ...numbers) }, (_, index) => String(index + 1));
  return all.filter((id) => !polls.has(id));
}

function isStray(stream: string, polls: ReadonlyMap<string, LoggedPoll>): boolean {
  const sealed = pollOfCheckpoints(stream);
  if (sealed !== undefined) return !polls.get(sealed)?.hasOpenedBox || !isOfLogs(stream, sealed);
  const pollId = pollIdOf(stream);
  if (pollId === undefined) return !PHOTO.test(stream);
  const poll = polls.get(pollId);
  return poll === undefined || isNoNumber(pollId) || pollAt(poll, poll.decisions.at(-1)!.position) === undefined;
}

const isOfLogs = (stream: string, pollId: string): boolean =>
  ([FIRST_BOX, 'atos'] as const).some((log) => stream === checkpointStream(pollId, log));

const isNoNumber = (pollId: string): boolean => NO_NUMBER.test(pollId) && !NUMBER.test(pollId);

/** Whether a log has anything of a poll. */
export const pollExists = async (log: EventLog, pollId: string): Promise<boolean> =>
  ((await firstOfStream(log, pollStream(pollId))) ?? (await firstOfStream(log, ballotBoxStream(pollId)))) !== undefined;

/** The id of the real poll that was opened last; undefined while none was. */
export const lastOpenedIn = ({ polls }: LoggedPolls): string | undefined =>
  lastOpenedOf(
    [...polls.values()].filter(({ rehearsal }) => !rehearsal),
    ({ openedPosition }) => openedPosition,
  )?.pollId;

/** Whether an event makes its poll a rehearsal: its opening says so, and the draft before it. */
export function marksRehearsal(event: RecordedEvent): boolean {
  if (event.type !== 'PollDrafted' && event.type !== 'PollOpened') return false;
  const decision = decisionIn(event);
  return decision !== undefined && 'rehearsal' in decision;
}

/** Whether a poll of a log is a rehearsal. */
export const isRehearsal = async (log: EventLog, pollId: string): Promise<boolean> =>
  (await wholeStream(log, pollStream(pollId))).some(marksRehearsal);

/** How a poll stood at a position. */
export function pollAt({ decisions }: LoggedPoll, position: bigint): Poll | undefined {
  let poll: Poll | undefined;
  for (const event of decisions) {
    const decision = event.position <= position ? decisionIn(event) : undefined;
    if (decision !== undefined) poll = evolve(poll, decision);
  }
  return poll;
}
