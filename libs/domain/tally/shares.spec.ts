import { describe, expect, it, test } from '@jest/globals';

import { sharesOf } from '../index.ts';
import { randomFrom } from '../testing/random.ts';

/** In hundredths, where sums are exact. */
const sum = (shares: readonly number[]): number => shares.reduce((total, share) => total + Math.round(share * 100), 0);

describe('shares', () => {
  test.each([
    [
      [0, 0],
      [0, 0],
    ],
    [
      [1, 0],
      [100, 0],
    ],
    [
      [0, 7],
      [0, 100],
    ],
    [
      [5, 5],
      [50, 50],
    ],
    [
      [1, 2],
      [33.33, 66.67],
    ],
    [
      [2, 1],
      [66.67, 33.33],
    ],
    [
      [1, 19_999],
      [0.01, 99.99],
    ],
    [
      [1, 1_000_000],
      [0, 100],
    ],
    [
      [1, 1, 1],
      [33.34, 33.33, 33.33],
    ],
  ])('of %j are %j', (counts, shares) => {
    expect(sharesOf(counts)).toEqual(shares);
  });

  it('stay exact where counts are huge', () => {
    const most = Number.MAX_SAFE_INTEGER;
    expect(sharesOf([most, most])).toEqual([50, 50]);
    expect(sharesOf([most, 0])).toEqual([100, 0]);
    expect(sharesOf([most - 1, most])).toEqual([50, 50]);
    expect(sharesOf([1_500_000_001, 1_500_000_000])).toEqual([50, 50]);
  });

  it('add up to exactly 100 and are off by less than a hundredth', () => {
    const random = randomFrom(1);
    for (let round = 0; round < 2_000; round++) {
      const counts = [random(10 ** (1 + random(9))), random(10 ** (1 + random(9))) + 1];
      const shares = sharesOf(counts);
      expect(sum(shares)).toBe(10_000);
      const total = counts[0]! + counts[1]!;
      shares.forEach((share, index) => expect(Math.abs(share - (100 * counts[index]!) / total)).toBeLessThan(0.01));
    }
  });
});
