import { describe, expect, it } from '@jest/globals';

import { misses, ratioOf } from './verdict.ts';

const measured = (seconds: number, memory = 100) => ({ events: 1000, seconds, cpuSeconds: seconds, memory });
const pair = (bare: number, subject: number, memory?: number) => ({
  bare: measured(bare, 999),
  subject: measured(subject, memory),
});
const LIMITS = { ratio: 0.6, memory: 300 };

describe('a comparison with the bare loop', () => {
  it('is of neighbours: a machine that is busy for a while changes nothing', () => {
    expect(ratioOf([pair(1, 1.5), pair(10, 15), pair(2, 3)])).toBeCloseTo(2 / 3);
  });

  it('is passed at the limit, whatever memory the bare loop takes', () => {
    expect([...misses('audit', [pair(0.6, 1, 300)], LIMITS)]).toEqual([]);
  });

  it('says what is too slow, and what takes too much memory', () => {
    expect([...misses('audit', [pair(0.5, 1), pair(0.5, 1, 301)], LIMITS)]).toEqual([
      'audit: 0.50× the bare loop, 0.6× is needed',
      'audit: 301 MB of memory, 300 MB is the limit',
    ]);
  });
});
