import type { RecordedEvent } from '#domain';

import { type Finding, type Findings, finding, placeOf } from './findings.ts';
import { CLOCK_SET_MS, isoOf } from './order-check.ts';

/** How far what a decision says of its time may be from when it was recorded, ms; a clock that was set explains more. */
const RECORDED_WITHIN_MS = 60_000;

/**
 * Compares when decisions say that they were made with when the log recorded them, ms since the epoch. The clock of a log that one process
 * writes never goes back: while the host's is behind it, after somebody set that back, it stands still, and gives every event the same
 * time. A closing of then is later in the log than on the host, and honest.
 */
export class DecisionTimes {
  private recordedAt = NaN;
  /** Whether the log's clock stood still between the last two events. */
  private stands = false;
  /** A closing before which it did not; the event after it may say otherwise. */
  private undecided: Finding | undefined;

  /**
   * @param wrong what no honest clock explains
   * @param odd what a clock explains that was set
   */
  constructor(
    private readonly wrong: Findings,
    private readonly odd: Findings,
  ) {}

  /** The next event of the poll or of its box, in log order. */
  reach({ recordedAt }: RecordedEvent): void {
    this.stands = recordedAt === this.recordedAt;
    this.recordedAt = recordedAt;
    this.settle();
  }

  /** Compares the event that was reached. @param saidAt when it was made, as it says itself */
  compare(event: RecordedEvent, saidAt: number): void {
    const late = event.recordedAt - saidAt;
    if (Math.abs(late) <= RECORDED_WITHIN_MS) return;
    const found = finding('recorded-at-another-time', placeOf(event), isoOf(saidAt), isoOf(event.recordedAt));
    const isExplained = Math.abs(late) <= CLOCK_SET_MS;
    // a closing is announced, and votes are measured by it: nothing but a log whose clock stands explains another time
    if (isExplained && event.type !== 'PollClosed') this.odd.add(found);
    else if (isExplained && late > 0) {
      this.undecided = found;
      if (this.stands) this.settle();
    } else this.wrong.add(found);
  }

  /** No event comes any more. */
  finish(): void {
    this.stands = false;
    this.settle();
  }

  private settle(): void {
    if (this.undecided !== undefined) (this.stands ? this.odd : this.wrong).add(this.undecided);
    this.undecided = undefined;
  }
}
