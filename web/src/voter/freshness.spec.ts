import { describe, expect, it } from '@jest/globals';
import { elapsed, isSpent, needsRefresh } from './freshness.ts';

describe('elapsed', () => {
  const since = { monotonic: 1_000, wall: 50_000 };

  it('believes the clock that moved further', () => {
    expect(elapsed(since, { monotonic: 1_500, wall: 350_000 })).toBe(300_000); // the phone slept
    expect(elapsed(since, { monotonic: 4_000, wall: 10_000 })).toBe(3_000); // the wall clock was set back
  });

  it('is never negative', () => {
    expect(elapsed(since, { monotonic: 0, wall: 0 })).toBe(0);
  });
});

describe('a challenge that lives 300 s', () => {
  it('is refreshed from 240 s on', () => {
    expect(needsRefresh(300, 239_000)).toBe(false);
    expect(needsRefresh(300, 241_000)).toBe(true);
  });

  it('is still worth sending until 288 s', () => {
    expect(isSpent(300, 287_000)).toBe(false);
    expect(isSpent(300, 289_000)).toBe(true);
  });
});

it('does not refresh a short-lived challenge all the time', () => {
  expect(needsRefresh(30, 10_000)).toBe(false);
  expect(needsRefresh(30, 21_000)).toBe(true);
});
