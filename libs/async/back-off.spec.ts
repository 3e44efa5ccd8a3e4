import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';

import { BackOff } from './back-off.ts';

const pauses = { firstPauseMs: 100, longestPauseMs: 1000 };
let random: number;

beforeEach(() => {
  random = 1;
  jest.spyOn(Math, 'random').mockImplementation(() => random);
});
afterEach(() => {
  jest.restoreAllMocks();
});

describe('a back-off', () => {
  it('doubles its pauses up to the longest', () => {
    const backOff = new BackOff(pauses);

    expect(Array.from({ length: 6 }, () => backOff.next())).toEqual([100, 200, 400, 800, 1000, 1000]);
  });

  it('takes at least half of a pause, whatever chance says', () => {
    random = 0;
    const backOff = new BackOff(pauses);

    expect(Array.from({ length: 3 }, () => backOff.next())).toEqual([50, 100, 200]);
  });

  it('begins anew when things work again', () => {
    const backOff = new BackOff(pauses);
    backOff.next();
    backOff.next();
    backOff.reset();

    expect(backOff.next()).toBe(100);
  });

  it('waits as long as it says', async () => {
    const backOff = new BackOff({ firstPauseMs: 60, longestPauseMs: 60 });
    const started = performance.now();
    await backOff.wait(new AbortController().signal);

    expect(performance.now() - started).toBeGreaterThanOrEqual(58);
  });

  it('ends its wait when the signal aborts', async () => {
    const stopped = new AbortController();
    const waiting = new BackOff({ firstPauseMs: 60_000, longestPauseMs: 60_000 }).wait(stopped.signal);
    stopped.abort();
    await waiting;
    await new BackOff(pauses).wait(AbortSignal.abort());
  });
});
