import type { Checkpoint } from '#read-model';

/** How far the clocks of two hosts may be apart, ms. */
const CLOCK_SKEW_MS = 5000;

/** The age of what is not folded yet. */
export class Lag {
  /** Whether the end of the log was reached by the last page. */
  isCaughtUp = false;
  /** When the log took the last event that was folded, ms since the epoch. */
  recordedAt = 0;
  /** When the end of the log was last known to be folded, on the clock of `performance.now()`, ms. */
  private completeAt: number;

  /** Before the first checkpoint there is no lag. */
  constructor({ at, lagSeconds }: Checkpoint) {
    this.completeAt = performance.now() - (at === 0 ? 0 : Math.max(0, Date.now() - at) + lagSeconds * 1000);
  }

  /** A page was folded. */
  folded(caughtUp: boolean): void {
    this.isCaughtUp = caughtUp;
    if (caughtUp) this.completeAt = performance.now();
  }

  /**
   * 0 when the end of the log is reached. If it is unknown whether there is more, it is the time since that was known; so it is where a clock
   * that was set makes an event come from the future.
   */
  get seconds(): number {
    if (this.isCaughtUp) return 0;
    const sinceComplete = performance.now() - this.completeAt;
    const age = Date.now() - this.recordedAt;
    return (age < -CLOCK_SKEW_MS ? sinceComplete : Math.max(0, Math.min(age, sinceComplete))) / 1000;
  }
}
