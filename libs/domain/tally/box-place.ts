import type { RecordedEvent } from '../wire/recorded-event.ts';

/** How far a fold is in a ballot box. */
export class BoxPlace {
  /** Running maximum of the recorded times, ms since the epoch: the log's own clock. */
  clock = 0;
  /** The last position below that of the current event: events of one append may share a position. */
  before = 0n;
  current = 0n;

  /** Goes to the next event, and moves the clock. */
  advance({ recordedAt, position }: RecordedEvent): void {
    if (recordedAt > this.clock) this.clock = recordedAt;
    this.moveTo(position);
  }

  /** Goes to an event that was folded before a restart. */
  moveTo(position: bigint): void {
    if (position <= this.current) return;
    this.before = this.current;
    this.current = position;
  }

  /** Goes on from a snapshot. */
  restore(clock: number, position: bigint): void {
    this.clock = clock;
    this.before = this.current = position;
  }
}
