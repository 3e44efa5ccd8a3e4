import { createHash } from 'node:crypto';

import {
  FIRST_BOX,
  PHOTO_PREFIX,
  PHOTO_STORED,
  type PollEvent,
  type RecordedEvent,
  ballotBoxStream,
  checkpointStream,
  photoStream,
  pollStream,
  decisionIn,
} from '#domain';
import { type EventLog, wholeStream } from '#event-log';

/** Some events of a poll, and how much of the source is read with them, from 0 to 1. */
export interface SourcePage {
  readonly events: readonly RecordedEvent[];
  readonly fraction: number;
}

/** What was decided about a poll: few events, if any. */
async function decisionsOf(log: EventLog, pollId: string): Promise<RecordedEvent[]> {
  return wholeStream(log, pollStream(pollId));
}

/** Photos that decisions name, in the order of the log. */
async function photosIn(log: EventLog, decisions: readonly RecordedEvent[]): Promise<RecordedEvent[]> {
  const hashes = new Set(decisions.flatMap((event) => photosNamedIn(decisionIn(event))));
  const photos: RecordedEvent[] = [];
  for (const hash of hashes) photos.push(...(await wholeStream(log, photoStream(hash))));
  return photos;
}

/** Hashes of the photos that a decision names. */
export function photosNamedIn(event: PollEvent | undefined): string[] {
  if (event?.type === 'PhotoChanged') return [event.photo];
  if (event === undefined || !('participants' in event)) return [];
  return event.participants.flatMap(({ photo }) => photo ?? []);
}

export const isPhoto = (stream: string): boolean => stream.startsWith(PHOTO_PREFIX);

/** Whether a photo is the one that its stream is called after. */
export const isGenuine = ({ stream, revision, type, version, data }: RecordedEvent): boolean =>
  stream === photoStream(createHash('sha256').update(data).digest('hex')) &&
  type === PHOTO_STORED &&
  version === 1 &&
  revision === 0n;

/** A stream beside others, of which the events before a position are taken. It holds one page. */
class StreamBeside {
  private readonly pages: AsyncIterator<readonly RecordedEvent[]>;
  private page: readonly RecordedEvent[] = [];

  constructor(log: EventLog, stream: string) {
    this.pages = log.read(stream, 0n)[Symbol.asyncIterator]();
  }

  async before(position: bigint): Promise<RecordedEvent[]> {
    const taken: RecordedEvent[] = [];
    for (;;) {
      const end = this.page.findIndex((event) => event.position >= position);
      taken.push(...this.page.slice(0, end < 0 ? undefined : end));
      this.page = end < 0 ? [] : this.page.slice(end);
      if (end >= 0) return taken;
      const next = await this.pages.next();
      if (next.done === true) return taken;
      this.page = next.value;
    }
  }

  async close(): Promise<void> {
    await this.pages.return?.();
  }
}

/**
 * The events of a poll in log order: what was decided, the photos that were named, the votes, and the checkpoints of both. Each stream
 * is read by its own revisions, so that a gap shows, and they are put together by position.
 */
export async function* pollPages(log: EventLog, pollId: string): AsyncIterable<SourcePage> {
  const { position: end } = await log.head();
  const decided = await decisionsOf(log, pollId);
  const start = decided[0]?.position ?? 0n;
  const decisions = inLogOrder([...decided, ...(await photosIn(log, decided))]);
  let next = 0;
  const checkpoints = ([FIRST_BOX, 'atos'] as const).map((one) => new StreamBeside(log, checkpointStream(pollId, one)));
  const othersBefore = async (position: bigint): Promise<RecordedEvent[]> => {
    const from = next;
    while (next < decisions.length && decisions[next]!.position < position) next++;
    const sealed = await Promise.all(checkpoints.map((stream) => stream.before(position)));
    return inLogOrder([...decisions.slice(from, next), ...sealed.flat()]);
  };
  try {
    for await (const page of log.read(ballotBoxStream(pollId), 0n)) {
      const last = page.at(-1)!;
      const votes = last.position > end ? page.filter(({ position }) => position <= end) : page;
      const events = merge(votes, await othersBefore(last.position > end ? end + 1n : last.position));
      yield { events, fraction: Number(last.position - start) / Math.max(1, Number(end - start)) };
      if (last.position > end) return;
    }
    yield { events: await othersBefore(end + 1n), fraction: 1 };
  } finally {
    await Promise.all(checkpoints.map((stream) => stream.close()));
  }
}

/** A stable sort: what was read out of order within its stream stays so, and is found. */
function inLogOrder(events: RecordedEvent[]): RecordedEvent[] {
  return events.sort((a, b) => (a.position < b.position ? -1 : a.position > b.position ? 1 : 0));
}

/** Puts others between the votes where they belong. There are few of them, if any. */
function merge(votes: readonly RecordedEvent[], others: readonly RecordedEvent[]): readonly RecordedEvent[] {
  if (others.length === 0) return votes;
  const merged: RecordedEvent[] = [];
  let next = 0;
  for (const vote of votes) {
    while (next < others.length && others[next]!.position < vote.position) merged.push(others[next++]!);
    merged.push(vote);
  }
  return [...merged, ...others.slice(next)];
}
