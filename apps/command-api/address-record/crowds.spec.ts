import { describe, expect, it } from '@jest/globals';

import { seeded } from '../../../libs/platform/testing/seeded.ts';
import { CROWD, crowdsOf } from './crowds.ts';

const times = (count: number, members: number): number[] => new Array<number>(members).fill(count);
const texts = (...counts: number[][]): Record<string, string> =>
  Object.fromEntries(
    [...crowdsOf(Uint32Array.from(counts.flat()))].map(([count, { least, isRange }]) => [
      count,
      `${least}${isRange ? '+' : ''}`,
    ]),
  );

describe('the counts of a column', () => {
  it('are exact where fifty addresses share them', () => {
    expect(texts(times(3, 50), times(2, 60), times(0, 10))).toEqual({ 3: '3', 2: '2' });
  });

  it('hide who is alone above: a household that votes all evening, a flood', () => {
    expect(texts(times(2, 60), times(90, 1), times(500_000, 1))).toEqual({ 2: '2+', 90: '2+', 500000: '2+' });
  });

  it('hide who is alone below', () => {
    expect(texts(times(7, 60), times(1, 3))).toEqual({ 7: '1+', 1: '1+' });
  });

  it('are not told at all of fewer than fifty addresses', () => {
    expect(texts(times(1, 49), times(0, 1000))).toEqual({});
    expect(texts()).toEqual({});
  });

  it('never leave anybody in a smaller crowd, nor say more than there was', () => {
    const random = seeded(3);
    for (let run = 0; run < 40; run++) {
      const counts = Uint32Array.from({ length: 50 + Math.floor(random() * 500) }, () =>
        Math.floor(1 / (random() + 0.001)),
      );
      const crowds = crowdsOf(counts);
      const sizes = new Map<number, number>();
      for (const count of counts) {
        if (count === 0) continue;
        const { least } = crowds.get(count)!;
        expect(least).toBeLessThanOrEqual(count);
        sizes.set(least, (sizes.get(least) ?? 0) + 1);
      }
      expect(Math.min(...sizes.values())).toBeGreaterThanOrEqual(CROWD);
    }
  });
});
