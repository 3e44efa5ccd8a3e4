import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';

import { Appointments } from './appointments.ts';

let appointments: Appointments;

beforeEach(() => {
  jest.useFakeTimers();
  appointments = new Appointments();
});
afterEach(() => {
  jest.useRealTimers();
});

const make = (count: number, room: number): number[] => Array.from({ length: count }, () => appointments.next(room));

it('gives the next second that has room, from the second one on', () => {
  expect(make(7, 3)).toEqual([2, 2, 2, 3, 3, 3, 4]);
});

it('keeps what it gave while time passes', () => {
  make(6, 3);
  jest.advanceTimersByTime(1000);

  // two seconds from now there are three already
  expect(make(4, 3)).toEqual([3, 3, 3, 4]);
});

it('has all room again for seconds that come round, however much later', () => {
  for (const later of [59, 60, 61, 62, 122, 3600, 1]) {
    make(1000, 10);
    jest.advanceTimersByTime(later * 1000);
  }
  jest.advanceTimersByTime(61_000);

  expect(make(11, 10)).toEqual([...Array.from({ length: 10 }, () => 2), 3]);
});

it('spreads those whom no second has room for over the later half of the minute', () => {
  make(590, 10);
  const others = make(300, 10);

  expect(Math.min(...others)).toBeGreaterThan(29);
  expect(Math.max(...others)).toBeLessThanOrEqual(60);
  expect(new Set(others).size).toBeGreaterThan(20);
});

it('never has more come in a second than there is room for, however the people come', () => {
  const coming = new Map<number, number>();
  for (let second = 0; second < 200; second++) {
    for (const ahead of make(second % 7 === 0 ? 90 : 5, 20)) {
      coming.set(second + ahead, (coming.get(second + ahead) ?? 0) + 1);
    }
    jest.advanceTimersByTime(1000);
  }

  expect(Math.max(...coming.values())).toBeLessThanOrEqual(20);
});
