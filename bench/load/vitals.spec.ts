import { describe, expect, test } from '@jest/globals';

import { type Vital, growthBetween, metricOf } from './vitals.ts';

const at = (second: number, residentBytes: number): Vital => ({
  at: second,
  residentBytes,
  busy: 0,
  generatorBusy: 0,
  eventLoopP99: 0,
  eventLoopMax: 0,
});

describe('growth of memory', () => {
  const samples = Array.from({ length: 60 }, (_, index) => at((index + 1) * 5, 100 + index));

  test('is between the means of the half minutes before', () => {
    expect(growthBetween(samples, 120, 300)).toBeCloseTo(156.5 / 121 - 1, 2);
  });

  test('is unknown for a short run', () => {
    expect(growthBetween(samples.slice(0, 30), 120, 300)).toBeUndefined();
    expect(growthBetween([], 120, 300)).toBeUndefined();
  });
});

test('finds a metric among others', () => {
  const text = '# HELP x y\nnodejs_eventloop_lag_p99_seconds_total 1\nnodejs_eventloop_lag_p99_seconds 0.0125\n';
  expect(metricOf(text, 'nodejs_eventloop_lag_p99_seconds')).toBe(0.0125);
  expect(metricOf(text, 'absent')).toBeNaN();
});
