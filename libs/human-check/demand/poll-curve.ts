const FAST_MS = 20_000;
const SLOW_MS = 600_000;

/** A rate that fades exponentially, right from its first moment on. */
class FadingRate {
  private level = 0;
  private readonly since: number;

  constructor(
    private readonly timeConstant: number,
    private at: number,
  ) {
    this.since = at;
  }

  /** Counts one event, or a share of one. @returns events a second */
  add(now: number, share: number): number {
    this.level = this.level * Math.exp((this.at - now) / this.timeConstant) + share;
    this.at = now;
    // a young average has not seen a whole time constant yet
    const seen = this.timeConstant * (1 - Math.exp((this.since - now) / this.timeConstant));
    return (1000 * this.level) / Math.max(seen, 1);
  }
}

/** The vote curve of one poll: how much faster challenges are asked for than in its last minutes. */
export class PollCurve {
  private readonly fast: FadingRate;
  private readonly slow: FadingRate;

  constructor(now: number) {
    this.fast = new FadingRate(FAST_MS, now);
    this.slow = new FadingRate(SLOW_MS, now);
  }

  /**
   * Counts a challenge, or a share of one.
   * @returns the present rate as a multiple of the usual one; 1 below `quiet` challenges a second
   */
  add(now: number, share: number, quiet: number): number {
    const present = this.fast.add(now, share);
    const usual = this.slow.add(now, share);
    return present < quiet ? 1 : present / Math.max(usual, quiet);
  }
}
