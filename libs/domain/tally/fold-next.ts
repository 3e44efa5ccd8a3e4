import { MissingIdsError } from './ids-by-expiry.ts';
import { type RecordedEvent, ballotBoxStream } from '../wire/recorded-event.ts';
import type { Tally } from './tally.ts';

/** What is folded into: a tally, or what has one. */
type Folding = Pick<Tally, 'pollId' | 'fold' | 'missing'>;

/** Pages of a stream's events from a revision on, as an event log reads them. */
export type ReadStream = (stream: string, from: bigint) => AsyncIterable<readonly RecordedEvent[]>;

/**
 * Folds the next event of a poll. Where ids are missing they are read from the box first.
 * @param upcoming this event and those that are known to come after it: what they will need is read together, so that a page of
 * events costs few readings, whatever stands in it
 * @param read the log that has these events
 * @returns undefined when it was done at once, as nearly always
 */
export function foldNext(
  tally: Folding,
  event: RecordedEvent,
  upcoming: () => readonly RecordedEvent[],
  read: ReadStream,
): Promise<void> | undefined {
  try {
    tally.fold(event);
    return undefined;
  } catch (error) {
    if (!(error instanceof MissingIdsError)) throw error;
    return recall(tally, upcoming(), read).then(() => tally.fold(event));
  }
}

async function recall(tally: Folding, upcoming: readonly RecordedEvent[], read: ReadStream): Promise<void> {
  const recalled = tally.missing(upcoming);
  if (recalled === undefined) return;
  for await (const page of read(ballotBoxStream(tally.pollId), recalled.from)) {
    for (const event of page) if (event.revision <= recalled.to) recalled.add(event);
    if ((page.at(-1)?.revision ?? recalled.to) >= recalled.to) break;
  }
  recalled.done();
}
