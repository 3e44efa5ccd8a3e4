const WINDOW_MS = 5000;
const SAMPLE_INTERVAL_MS = 250;
const SHORTEST_SPAN_MS = 1000;

/** Rate of a growing count over the last five seconds. */
export class RateMeter {
  private readonly samples: { at: number; count: number }[] = [];

  /** @param at ms, on a clock that is never set: `performance.now()` */
  record(count: number, at: number): void {
    const last = this.samples.at(-1);
    // only the newest sample moves until it is old enough to stand
    if (last !== undefined && this.samples.length > 1 && at - (this.samples.at(-2)?.at ?? 0) < SAMPLE_INTERVAL_MS) {
      last.at = at;
      last.count = count;
    } else this.samples.push({ at, count });
    this.forget(at);
  }

  /** Counts a second between the start of the window and `now`. */
  perSecond(now: number): number {
    this.forget(now);
    const [first] = this.samples;
    const last = this.samples.at(-1);
    if (first === undefined || last === undefined || last.count === first.count) return 0;
    // the first sample may be old: its count is what the window began with
    const span = Math.min(Math.max(now - first.at, SHORTEST_SPAN_MS), WINDOW_MS);
    return Math.round(((last.count - first.count) * 10_000) / span) / 10;
  }

  /** Keeps one sample from before the window: the count it began with. */
  private forget(now: number): void {
    while ((this.samples[1]?.at ?? Infinity) <= now - WINDOW_MS) this.samples.shift();
  }
}
