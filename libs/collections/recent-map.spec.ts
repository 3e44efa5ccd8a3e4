import { describe, expect, it } from '@jest/globals';

import { RecentMap } from './recent-map.ts';

/** The keys below `end` that it holds, greatest first: looking is using, so the newest are looked at first. */
const keysOf = (map: RecentMap<number, string>, end: number): number[] =>
  Array.from({ length: end }, (_, index) => end - 1 - index).filter((key) => map.get(key) !== undefined);

describe('a map of what is recent', () => {
  it('holds the last half of its limit in any case, and never more than the limit', () => {
    for (let last = 0; last < 40; last++) {
      const map = new RecentMap<number, string>(8);
      for (let key = 0; key <= last; key++) map.set(key, 'x');
      const kept = keysOf(map, last + 1);
      expect(kept.slice(0, 4)).toEqual([last, last - 1, last - 2, last - 3].filter((key) => key >= 0));
      expect(kept.length).toBeLessThanOrEqual(8);
    }
  });

  it('keeps what is used, however much else comes', () => {
    const map = new RecentMap<number, string>(8);
    map.set(-1, 'used');
    for (let key = 0; key < 100; key++) {
      map.set(key, 'x');
      expect(map.get(-1)).toBe('used');
    }
    expect(map.get(50)).toBeUndefined();
  });

  it('forgets nothing when a key gets another value', () => {
    const map = new RecentMap<number, string>(8);
    for (const key of [0, 1, 2, 3]) map.set(key, 'old');
    for (let times = 0; times < 20; times++) map.set(0, 'new');
    expect([0, 1, 2, 3].map((key) => map.get(key))).toEqual(['new', 'old', 'old', 'old']);
  });

  it('deletes a key of either generation, and clears both', () => {
    const map = new RecentMap<number, string>(4);
    for (const key of [0, 1, 2]) map.set(key, 'x');
    map.delete(0);
    map.delete(2);
    expect(keysOf(map, 3)).toEqual([1]);
    map.clear();
    expect(keysOf(map, 3)).toEqual([]);
  });
});
