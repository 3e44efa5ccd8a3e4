import { beforeEach, describe, expect, it } from '@jest/globals';

import { RateMeter } from './rate-meter.ts';

let meter: RateMeter;

beforeEach(() => {
  meter = new RateMeter();
});

/** Records a count that grows at a rate, every `step` ms. */
const grow = (from: number, to: number, perSecond: number, start = 0, step = 100): void => {
  for (let at = from; at <= to; at += step) meter.record(start + ((at - from) * perSecond) / 1000, at);
};

describe('the rate of the last five seconds', () => {
  it('is 0 before anything is known, and after the first count', () => {
    expect(meter.perSecond(0)).toBe(0);
    meter.record(1000, 0);
    expect(meter.perSecond(100)).toBe(0);
  });

  it.each([1, 100, 1000, 60_000])('is %i where that many come in every second', (rate) => {
    grow(0, 20_000, rate);

    expect(meter.perSecond(20_000) / rate).toBeCloseTo(1, 1);
  });

  it('follows a change within five seconds', () => {
    grow(0, 10_000, 100);
    grow(10_000, 15_500, 1000, 1000);

    expect(meter.perSecond(15_500) / 1000).toBeCloseTo(1, 1);
  });

  it('shows a burst after a long silence at once', () => {
    meter.record(0, 0);
    grow(600_000, 602_000, 1000);

    expect(meter.perSecond(602_000)).toBeGreaterThan(350);
  });

  it('shows a single vote after a long silence', () => {
    meter.record(7, 0);
    meter.record(8, 600_000);

    expect(meter.perSecond(600_000)).toBe(0.2);
    expect(meter.perSecond(606_000)).toBe(0);
  });

  it('is 0 again five seconds after the last vote', () => {
    grow(0, 10_000, 1000);

    expect(meter.perSecond(12_000)).toBeGreaterThan(0);
    expect(meter.perSecond(15_300)).toBe(0);
  });

  it('is never infinite, however close together the counts are', () => {
    meter.record(0, 0);
    meter.record(100, 1);

    expect(meter.perSecond(1)).toBe(100);
  });

  it('keeps few samples', () => {
    grow(0, 60_000, 1000, 0, 5);

    expect((meter as unknown as { samples: unknown[] }).samples.length).toBeLessThan(25);
  });
});
