import type { RecordedEvent } from '#domain';

import { type Finding, type Findings, finding, placeOf } from './findings.ts';
import { CLOCK_SET_MS, isoOf } from './order-check.ts';

/** How far what a decision says of its time may be from when it was recorded, ms; a clock that was set explains more. */
const RECORDED_WITHIN_MS = 60_000;
/** A vote may seem to be cast after the closing by as much as hosts may be apart, ms. */
export const HOSTS_APART_MS = 5000;

/** A vote that was on its way when the poll was closed was cast earlier by as much, ms: the limit of an append, and its minute. */
const ON_ITS_WAY_MS = 70_000;

/**
 * Compares when decisions say that they were made with when the log recorded them, ms since the epoch. The two are told by two clocks, each of
 * which may be wrong or be set, so that they differ proves nothing. By the closing votes are measured: where it differs, the votes beside it
 * have to agree with what it says, which the same clock wrote. What stands before it was cast before it, what stands after it was on its way.
 *
 * The clock of a log that one process writes never goes back: while the host's is behind it, after somebody set that back, it stands still,
 * and gives every event the same time, the cut like the closing. A closing of then is honest also where votes before it are from before the
 * clock was set.
 */
export class DecisionTimes {
  /** When the last event after the closing was recorded. */
  private recordedAt = NaN;
  /** A closing that was recorded at another time, and whether the votes agree with what it says. */
  private closing:
    { readonly found: Finding; readonly saidAt: number; readonly at: number; agrees: boolean } | undefined;

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
    this.recordedAt = recordedAt;
  }

  /**
   * Compares the event that was reached.
   * @param saidAt when it was made, as it says itself
   * @param castBefore when the last vote before it was cast
   */
  compare(event: RecordedEvent, saidAt: number, castBefore = -Infinity): void {
    const late = event.recordedAt - saidAt;
    if (Math.abs(late) <= RECORDED_WITHIN_MS) return;
    const found = finding('recorded-at-another-time', placeOf(event), isoOf(saidAt), isoOf(event.recordedAt));
    if (!(Math.abs(late) <= CLOCK_SET_MS)) this.wrong.add(found);
    else if (event.type !== 'PollClosed') this.odd.add(found);
    else {
      this.settle();
      this.closing = { found, saidAt, at: event.recordedAt, agrees: castBefore <= saidAt + HOSTS_APART_MS };
      this.recordedAt = NaN;
    }
  }

  /** A vote stands after the closing and before the cut. */
  votedAfter(castAt: number): void {
    const { closing } = this;
    if (closing !== undefined && castAt < closing.saidAt - ON_ITS_WAY_MS - HOSTS_APART_MS) closing.agrees = false;
  }

  /** The cut was reached, or the end. */
  settle(): void {
    const { closing } = this;
    if (closing === undefined) return;
    const stoodStill = closing.at === this.recordedAt;
    (closing.agrees || stoodStill ? this.odd : this.wrong).add(closing.found);
    this.closing = undefined;
  }
}
