import { expect } from '@jest/globals';

import { type RecordedEvent, Tally, type TallySnapshot } from '../index.ts';
import { type Entry, POLL_ID, record } from './ballot-box.ts';

/** What a tally is, folded from these events. */
export function tallyOf(events: readonly RecordedEvent[]): Tally {
  const tally = new Tally(POLL_ID);
  for (const event of events) tally.fold(event);
  return tally;
}

/**
 * The tally goes to rest behind these events, all of them folded, and comes back from its JSON and from those events
 * of the log that stand behind `windowFrom`.
 */
export function restarted(tally: Tally, events: readonly RecordedEvent[]): Tally {
  const snapshot = JSON.parse(JSON.stringify(tally.snapshot())) as TallySnapshot;
  const revived = Tally.from(snapshot);
  for (const event of events) if (event.position > BigInt(snapshot.windowFrom)) revived.remember(event);
  return revived;
}

/** A rule of the tally: given what is in the log, when more comes, then the tally says so. */
export const given = (...entries: readonly Entry[]): TallySpecification => new TallySpecification(entries);

class TallySpecification {
  constructor(
    private readonly before: readonly Entry[],
    private readonly after: readonly Entry[] = [],
  ) {}

  when(...entries: readonly Entry[]): TallySpecification {
    return new TallySpecification(this.before, entries);
  }

  /** Every rule holds with a restart between given and when, too. */
  then(expected: Partial<TallySnapshot>): void {
    const events = record([...this.before, ...this.after]);
    const [before, after] = [events.slice(0, this.before.length), events.slice(this.before.length)];
    const straight = tallyOf(before);
    const revived = restarted(straight, before);
    for (const tally of [straight, revived]) {
      for (const event of after) tally.fold(event);
      expect(tally.snapshot()).toMatchObject(expected);
    }
  }
}
