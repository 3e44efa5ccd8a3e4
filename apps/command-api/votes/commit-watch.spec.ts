import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';

import { APPEND_DEADLINE_MS } from '#domain';

import { CommitWatch } from './commit-watch.ts';

let watch: CommitWatch;

beforeEach(() => {
  jest.useFakeTimers({ now: 0 });
  watch = new CommitWatch();
  pass(60_000);
});
afterEach(() => {
  jest.useRealTimers();
});

const pass = (ms: number): void => jest.advanceTimersByTime(ms);
const batch = (): { deadline: number }[] => [{ deadline: performance.now() + APPEND_DEADLINE_MS }];

describe('how long votes wait', () => {
  it('is nothing while there are none, and little while they leave', () => {
    expect(watch.waits(undefined)).toEqual({ oldestMs: 0, standstillMs: 0 });

    const [next] = batch();
    pass(20);

    expect(watch.waits(next)).toEqual({ oldestMs: 20, standstillMs: 20 });
  });

  it('is the age of the oldest, on its way or not, and a standstill when none is stored', () => {
    const first = batch();
    watch.left(first);
    pass(1500);
    const [next] = batch();
    pass(500);

    expect(watch.waits(next)).toEqual({ oldestMs: 2000, standstillMs: 2000 });
    watch.answered();
    watch.ended(first);
    expect(watch.waits(next)).toEqual({ oldestMs: 500, standstillMs: 0 });
  });

  it('is no standstill while other batches are stored', () => {
    const slow = batch();
    watch.left(slow);
    for (let second = 0; second < 3; second++) {
      pass(1000);
      const quick = batch();
      watch.left(quick);
      watch.answered();
      watch.ended(quick);
    }
    pass(100);

    expect(watch.waits(undefined)).toEqual({ oldestMs: 3100, standstillMs: 100 });
  });
});

describe('a standstill', () => {
  const fail = (): void => {
    const lost = batch();
    watch.left(lost);
    pass(APPEND_DEADLINE_MS);
    watch.gaveUp();
    watch.ended(lost);
  };

  it('goes on when votes were given up and new ones come', () => {
    fail();
    expect(watch.waits(undefined).standstillMs).toBe(10_000);
    watch.left(batch());
    pass(1000);

    expect(watch.waits(undefined)).toEqual({ oldestMs: 1000, standstillMs: 11_000 });
  });

  it('is over when the log stores again', () => {
    fail();
    const good = batch();
    watch.left(good);
    pass(10);
    watch.answered();
    watch.ended(good);

    expect(watch.waits(undefined)).toEqual({ oldestMs: 0, standstillMs: 0 });
  });

  it('is forgotten when nobody votes, and begins anew with the next vote', () => {
    fail();
    pass(6000);
    expect(watch.waits(undefined).standstillMs).toBe(0);
    watch.left(batch());
    pass(300);

    expect(watch.waits(undefined).standstillMs).toBe(300);
  });
});
