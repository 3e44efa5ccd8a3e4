import { expect, it } from '@jest/globals';

import { Pace } from './pace.ts';

it('goes by what was done since somebody looked, not by what was done before', () => {
  const pace = new Pace();
  expect(pace.left(0, 0)).toBeUndefined();
  expect(pace.left(0.5, 1000)).toBeUndefined();
  // a tenth in two seconds: four tenths are left
  expect(pace.left(0.6, 3000)).toBeCloseTo(8000);
});

it('begins anew with another challenge', () => {
  const pace = new Pace();
  pace.left(0.2, 0);
  pace.left(0.4, 60_000);
  expect(pace.left(0.1, 61_000)).toBeUndefined();
  expect(pace.left(0.2, 62_000)).toBeCloseTo(8000);
  expect(pace.left(0, 90_000)).toBeUndefined();
  expect(pace.left(0.5, 91_000)).toBeUndefined();
});

it('knows nothing while nothing moves', () => {
  const pace = new Pace();
  pace.left(0.3, 0);
  expect(pace.left(0.3, 500)).toBeUndefined();
});

it.each(Array.from({ length: 20 }, (_, wait) => (wait + 0.5) / 20))(
  'promises no less than it takes, solved at %d of it all',
  (found) => {
    const [pace, wholeMs] = [new Pace(), 30_000];
    const shortfalls: number[] = [];
    for (let at = 100; at < found * wholeMs; at += 100) {
      const left = pace.left(at / wholeMs, at);
      if (left !== undefined) shortfalls.push(found * wholeMs - at - left);
    }

    expect(shortfalls.length).toBeGreaterThan(0);
    expect(Math.max(...shortfalls)).toBeLessThanOrEqual(1);
  },
);
