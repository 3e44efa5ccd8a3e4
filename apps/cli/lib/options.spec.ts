import { describe, expect, it } from '@jest/globals';

import { pointInTime } from './options.ts';

describe('a point in time', () => {
  it.each([
    ['12', { position: 12n }],
    ['2026-11-23T22:41:00Z', { time: Date.UTC(2026, 10, 23, 22, 41) }],
    ['2026-11-23T22:41Z', { time: Date.UTC(2026, 10, 23, 22, 41) }],
    ['2026-11-23T19:41:00.5-03:00', { time: Date.UTC(2026, 10, 23, 22, 41, 0, 500) }],
  ])('is %s', (text, expected) => {
    expect(pointInTime(text)).toEqual(expected);
  });

  it.each(['2026-11-23T22:41:00', '2026-11-23', '2026-11-23 22:41:00Z', '2026-13-23T22:41:00Z', 'yesterday', '-1'])(
    'is not %s: it would be another one on another machine, or none',
    (text) => {
      expect(() => pointInTime(text)).toThrow('--at takes a position or a time with its zone');
    },
  );
});
