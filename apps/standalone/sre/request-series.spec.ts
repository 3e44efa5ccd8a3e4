import { describe, expect, it } from '@jest/globals';

import { LATENCY_BUCKETS } from '#platform';

import { between, quantile } from './request-series.ts';

/** Requests up to each bound, from requests within each bucket: `{ 0.05: 10 }` are ten between 25 and 50 ms. */
function cumulative(within: Readonly<Record<number, number>>, beyond = 0): number[] {
  let sum = 0;
  const counts = LATENCY_BUCKETS.map((bound) => (sum += within[bound] ?? 0));
  return [...counts, sum + beyond];
}

describe('a quantile', () => {
  it('is within the bucket where that share of the requests is reached', () => {
    const counts = cumulative({ 0.05: 90, 0.25: 10 });

    expect(quantile(0.5, counts)).toBeCloseTo(0.025 + (0.025 * 50) / 90);
    expect(quantile(0.9, counts)).toBeCloseTo(0.05);
    expect(quantile(0.95, counts)).toBeCloseTo(0.1 + 0.15 / 2);
    expect(quantile(1, counts)).toBeCloseTo(0.25);
  });

  it('begins at nothing in the first bucket', () => {
    expect(quantile(0.5, cumulative({ 0.0005: 10 }))).toBeCloseTo(0.00025);
  });

  it('is the last bound for what is beyond it, and nothing without requests', () => {
    expect(quantile(0.99, cumulative({ 0.05: 1 }, 99))).toBe(LATENCY_BUCKETS.at(-1));
    expect(quantile(0.5, cumulative({}))).toBeUndefined();
    expect(quantile(0.5, [])).toBeUndefined();
  });
});

describe('what happened between two readings', () => {
  it('is the difference, and everything for a route that was not there before', () => {
    expect(between([1, 2, 3], [1, 5, 9])).toEqual([0, 3, 6]);
    expect(between(undefined, [1, 5, 9])).toEqual([1, 5, 9]);
  });
});
