import { describe, expect, test } from '@jest/globals';

import { arrivals } from './arrivals.ts';

/** Mulberry32: the same numbers in every run. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

describe('arrivals', () => {
  const times = [...arrivals(1000, 20, seeded(1))];

  test('come at the rate that was asked for', () => {
    expect(times.length / 20).toBeGreaterThan(970);
    expect(times.length / 20).toBeLessThan(1030);
  });

  test('are in order and within the time', () => {
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(times.at(-1)).toBeLessThan(20_000);
  });

  test('are independent: the gaps have the mean as their standard deviation', () => {
    const gaps = times.slice(1).map((time, index) => time - times[index]!);
    const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
    const deviation = Math.sqrt(gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length);
    expect(deviation / mean).toBeCloseTo(1, 1);
  });
});
