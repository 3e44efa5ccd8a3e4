/** Buckets per power of two: values are kept to 1 part in 64. */
const SUB_BUCKET_BITS = 6;
const SUB_BUCKETS = 1 << SUB_BUCKET_BITS;
const MAX_MICROSECONDS = 2 ** 31 - 1;
const BUCKETS = indexOf(MAX_MICROSECONDS) + 1;

/**
 * Durations in constant memory, however many: log-linear buckets of whole microseconds (as HdrHistogram has them). The
 * maximum is exact, percentiles are too high by less than 2 %.
 */
export class Histogram {
  private readonly buckets = new Uint32Array(BUCKETS);
  private recorded = 0;
  private highest = 0;

  /** @param milliseconds negative counts as 0, more than 35 minutes as that */
  record(milliseconds: number): void {
    const microseconds = Math.min(Math.max(Math.round(milliseconds * 1000), 0), MAX_MICROSECONDS);
    const index = indexOf(microseconds);
    this.buckets[index] = (this.buckets[index] ?? 0) + 1;
    this.recorded++;
    if (microseconds > this.highest) this.highest = microseconds;
  }

  get count(): number {
    return this.recorded;
  }

  /** Largest value, ms; 0 when there is none. */
  get max(): number {
    return this.highest / 1000;
  }

  /**
   * The smallest value that at least this share of the values does not exceed, ms (nearest rank); 0 when there is none.
   * @param percent 0 to 100
   */
  percentile(percent: number): number {
    const rank = Math.max(1, Math.ceil((percent / 100) * this.recorded));
    let seen = 0;
    for (let index = 0; index < BUCKETS; index++) {
      seen += this.buckets[index] ?? 0;
      if (seen >= rank) return Math.min(highestOf(index), this.highest) / 1000;
    }
    return this.max;
  }

  /** What reports show, ms. */
  summary(): LatencySummary {
    const [p50, p90, p99, p999] = [50, 90, 99, 99.9].map((percent) => this.percentile(percent)) as Quantiles;
    return { count: this.recorded, p50, p90, p99, p999, max: this.max };
  }
}

type Quantiles = [p50: number, p90: number, p99: number, p999: number];

/** Percentiles of a histogram, ms. */
export interface LatencySummary {
  readonly count: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
}

/** Median of some numbers; NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

function indexOf(microseconds: number): number {
  const shift = Math.max(0, 31 - Math.clz32(microseconds) - SUB_BUCKET_BITS);
  return shift * SUB_BUCKETS + (microseconds >>> shift);
}

/** Highest value that falls into a bucket. */
function highestOf(index: number): number {
  const shift = Math.max(0, (index >> SUB_BUCKET_BITS) - 1);
  return (index - shift * SUB_BUCKETS + 1) * 2 ** shift - 1;
}
