/**
 * Whether a minute is unlike those before it. Both tests ask for a large effect and for one that chance does not explain: six
 * standard deviations, so that a season of polls brings no false alarm by chance alone. That a host who says "vote now" causes both is no false alarm.
 */

/** A participant's votes of one minute in each class of price. */
export type Counts = readonly number[];

/** What a minute is, beside those before it. */
export interface Comparison {
  readonly votes: Counts;
  /** Median of the minutes before. */
  readonly expected: number;
  readonly isOtherLevel: boolean;
  readonly isOtherMix: boolean;
}

const LEAST_VOTES = 100;
/** Votes of an earlier minute below which its shares are no measure. */
const LEAST_VOTES_BEFORE = 20;
const LEAST_RATIO = 3;
const LEAST_DIFFERENCE_OF_SHARES = 0.2;
const DEVIATIONS = 6;
/** Standard deviation of the square root of a Poisson count, nearly whatever its mean (Bartlett, 1936). */
const POISSON_DEVIATION = 0.5;
/** Makes a median absolute deviation a standard deviation, for normal data. */
const MAD_SCALE = 1.4826;

/**
 * Compares a minute with those before it.
 * @param votes fewer than 100 say nothing
 * @param before the same participant's minutes
 */
export function compare(votes: Counts, before: readonly Counts[]): Comparison {
  const history = before.map(sum);
  const expected = median(history);
  const isEnough = sum(votes) >= LEAST_VOTES;
  return {
    ...{ votes, expected },
    isOtherLevel: isEnough && isOtherLevel(sum(votes), history, expected),
    isOtherMix: isEnough && isOtherMix(votes, before),
  };
}

/** By square roots, whose spread does not depend on the level; the spread is that of the minutes before, and at least that of chance. */
function isOtherLevel(votes: number, history: readonly number[], expected: number): boolean {
  const ratio = votes / Math.max(expected, 1);
  if (ratio < LEAST_RATIO && ratio > 1 / LEAST_RATIO) return false;
  const roots = history.map(Math.sqrt);
  const middle = median(roots);
  const spread = Math.max(POISSON_DEVIATION, MAD_SCALE * median(roots.map((root) => Math.abs(root - middle))));
  return Math.abs(Math.sqrt(votes) - middle) >= DEVIATIONS * spread;
}

/** The share of a class beside its median share before, as a binomial of this minute's votes. */
function isOtherMix(votes: Counts, before: readonly Counts[]): boolean {
  const earlier = before.filter((counts) => sum(counts) >= LEAST_VOTES_BEFORE);
  if (earlier.length === 0) return false;
  return votes.some((_, price) => {
    const share = shareOf(votes, price);
    const usual = median(earlier.map((counts) => shareOf(counts, price)));
    const deviation = Math.sqrt((usual * (1 - usual)) / sum(votes));
    const difference = Math.abs(share - usual);
    return difference >= LEAST_DIFFERENCE_OF_SHARES && difference >= DEVIATIONS * deviation;
  });
}

const shareOf = (counts: Counts, price: number): number => counts[price]! / sum(counts);

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return (sorted[Math.ceil(middle) - 1]! + sorted[Math.floor(middle)]!) / 2;
}
