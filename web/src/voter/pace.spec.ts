import { expect, it } from '@jest/globals';

import { Pace } from './pace.ts';

it('goes by what was done since somebody looked, not by what was done before', () => {
  const pace = new Pace();
  expect(pace.left(0, 0)).toBeUndefined();
  expect(pace.left(0.5, 1000)).toBeUndefined();
  // a tenth in two seconds: four tenths are left, of which half
  expect(pace.left(0.6, 3000)).toBeCloseTo(4000);
});

it('begins anew with another challenge', () => {
  const pace = new Pace();
  pace.left(0.2, 0);
  pace.left(0.4, 60_000);
  expect(pace.left(0.1, 61_000)).toBeUndefined();
  expect(pace.left(0.2, 62_000)).toBeCloseTo(4000);
  expect(pace.left(0, 90_000)).toBeUndefined();
  expect(pace.left(0.5, 91_000)).toBeUndefined();
});

it('knows nothing while nothing moves', () => {
  const pace = new Pace();
  pace.left(0.3, 0);
  expect(pace.left(0.3, 500)).toBeUndefined();
});
