import { beforeEach, describe, expect, it } from '@jest/globals';

import { randomFrom } from '../testing/random.ts';
import { VoteIdSet } from './vote-id-set.ts';

const hex = (value: number): string => value.toString(16).padStart(8, '0');
/** Spread like the first digits of a random id. */
const hashed = (value: number): string => hex(Math.imul(value, 0x9e3779b1) >>> 0);
/** How much memory the ids take, in bytes. */
const bytesOf = (set: VoteIdSet): number => (set as unknown as { slots: Uint32Array }).slots.byteLength;

describe('the vote ids that may still come again', () => {
  let set: VoteIdSet;
  beforeEach(() => void (set = new VoteIdSet()));

  it('know an id until it expires, and not after', () => {
    const id = 'ffffffff'.repeat(4);
    expect(set.add(id, 100, 1)).toBe(true);
    expect(set.add(id, 100, 100)).toBe(false);
    expect(set.add(id, 300, 101)).toBe(true);
    expect(set.add(id, 300, 102)).toBe(false);
  });

  it('know it for as long as the latest of its expiries says', () => {
    const id = '0'.repeat(32);
    set.add(id, 100, 1);
    set.add(id, 500, 2);
    set.add(id, 200, 3);
    expect(set.add(id, 200, 150)).toBe(false);
    expect(set.add(id, 600, 500)).toBe(false);
  });

  it('tell ids apart that differ in any one digit', () => {
    const id = '0123456789abcdef0123456789abcdef';
    set.add(id, 100, 1);
    for (let digit = 0; digit < id.length; digit++) {
      for (const other of '0123456789abcdef') {
        const changed = id.slice(0, digit) + other + id.slice(digit + 1);
        if (changed !== id) expect(set.add(changed, 100, 1)).toBe(true);
      }
    }
    expect(set.add(id, 100, 1)).toBe(false);
  });

  it('stay apart where they fall into the same place', () => {
    const ids = Array.from({ length: 3000 }, (_, index) => '0000002a'.repeat(3) + hex(index));
    for (const id of ids) expect(set.add(id, 100, 1)).toBe(true);
    for (const id of ids) expect(set.add(id, 100, 1)).toBe(false);
  });

  it('keep an id whose challenge lives longer than 32 bits can say', () => {
    const id = '1'.repeat(32);
    expect(set.add(id, 2 ** 32, 1)).toBe(true);
    expect(set.add(id, 2 ** 33 + 5, 1)).toBe(false);
  });

  it('do as a map does, through many rebuilds', () => {
    const random = randomFrom(7);
    const model = new Map<string, number>();
    let now = 1000;
    for (let step = 0; step < 200_000; step++) {
      if (random(100) === 0) now += random(5);
      const id = hashed(random(2000)) + hex(random(100)) + hex(0) + hex(step % 2);
      const expiry = now + random(400);
      const isFresh = !((model.get(id) ?? 0) >= now);
      model.set(id, Math.max(expiry, model.get(id) ?? 0));
      if (set.add(id, expiry, now) !== isFresh)
        throw new Error(`step ${step}: ${id} is ${isFresh ? 'fresh' : 'known'}`);
    }
    expect(model.size).toBeGreaterThan(50_000);
  });

  it('take memory for the ids alive, not for those that came', () => {
    const small = bytesOf(set);
    for (let index = 0; index < 200_000; index++)
      set.add(hashed(index) + hex(index) + hex(0) + hex(0), index + 300, index);
    expect(bytesOf(set)).toBe(small);
  });

  it('give memory back after prime time', () => {
    let index = 0;
    const fill = (count: number, now: number): void => {
      for (let added = 0; added < count; added++, index++)
        set.add(hashed(index) + hex(index) + hex(0) + hex(0), now + 300, now);
    };
    fill(100_000, 1);
    const prime = bytesOf(set);
    fill(300_000, 1000);
    const crowded = bytesOf(set);
    for (let now = 2000; now < 900_000; now += 1000) fill(500, now);
    expect(crowded).toBeGreaterThan(prime);
    expect(bytesOf(set)).toBeLessThan(prime);
  });
});
