import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';

import { WindowCounts } from './window-counts.ts';

let counts: WindowCounts;

beforeEach(() => {
  jest.useFakeTimers();
  counts = new WindowCounts(60_000);
});
afterEach(() => {
  jest.useRealTimers();
});

it('counts each key for itself, in a window that its first count begins', () => {
  expect([counts.add('a'), counts.add('a'), counts.add('b')]).toEqual([1, 2, 1]);
  jest.advanceTimersByTime(59_000);
  expect(counts.get('a')).toEqual({ count: 2, leftMs: 1000 });
  jest.advanceTimersByTime(1000);
  expect(counts.get('a').count).toBe(0);
  expect(counts.add('a')).toBe(1);
});

it.each([-3_600_000, 3_600_000])('keeps its windows when the clock is set by %i ms', (step) => {
  counts.add('a');
  jest.setSystemTime(Date.now() + step);
  expect(counts.get('a')).toEqual({ count: 1, leftMs: 60_000 });
  jest.advanceTimersByTime(60_000);
  expect(counts.get('a').count).toBe(0);
});

it('forgets what is over, and what is deleted', () => {
  counts.add('a');
  counts.add('b');
  counts.delete('b');
  expect(counts.get('b').count).toBe(0);
  jest.advanceTimersByTime(60_000);
  counts.add('c');
  expect([...(counts as unknown as { windows: Map<string, unknown> }).windows.keys()]).toEqual(['c']);
});
