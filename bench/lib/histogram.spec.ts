import { describe, expect, test } from '@jest/globals';

import { Histogram, median } from './histogram.ts';

describe('Histogram', () => {
  test('has the percentiles of 1 to 1000 ms by nearest rank, to 2 %', () => {
    const histogram = new Histogram();
    for (let value = 1; value <= 1000; value++) histogram.record(value);
    for (const percent of [1, 50, 90, 99, 99.9]) {
      const exact = percent * 10;
      expect(histogram.percentile(percent)).toBeGreaterThanOrEqual(exact);
      expect(histogram.percentile(percent)).toBeLessThan(exact * 1.02);
    }
    expect(histogram.percentile(100)).toBe(1000);
    expect(histogram.max).toBe(1000);
    expect(histogram.count).toBe(1000);
  });

  test('keeps small values exactly', () => {
    const histogram = new Histogram();
    for (const value of [0, 0.001, 0.064, 0.127]) histogram.record(value);
    expect([25, 50, 75, 100].map((percent) => histogram.percentile(percent))).toEqual([0, 0.001, 0.064, 0.127]);
  });

  test('never says more than the maximum', () => {
    const histogram = new Histogram();
    histogram.record(777.777);
    expect(histogram.percentile(50)).toBe(777.777);
    expect(histogram.summary()).toEqual({
      count: 1,
      p50: 777.777,
      p90: 777.777,
      p99: 777.777,
      p999: 777.777,
      max: 777.777,
    });
  });

  test('takes values out of range at its ends', () => {
    const histogram = new Histogram();
    histogram.record(-5);
    histogram.record(Number.MAX_SAFE_INTEGER);
    expect(histogram.percentile(50)).toBe(0);
    expect(histogram.max).toBeCloseTo(2_147_483.647);
  });

  test('is all zero when empty', () => {
    expect(new Histogram().summary()).toEqual({ count: 0, p50: 0, p90: 0, p99: 0, p999: 0, max: 0 });
  });
});

test.each([
  [[3], 3],
  [[3, 1, 2], 2],
  [[4, 1, 3, 2], 2.5],
  [[], Number.NaN],
])('median of %j is %d', (values, expected) => {
  expect(median(values)).toBe(expected);
});
