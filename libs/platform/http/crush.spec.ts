import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';

import { Crush } from './crush.ts';

const DOORS = 16;
let crush: Crush;

beforeEach(() => {
  jest.useFakeTimers();
  crush = new Crush(DOORS);
  crush.start();
});
afterEach(() => {
  crush.stop();
  jest.useRealTimers();
});

/** Windows in which so many come in each of so many turns. */
async function pass(windows: number, turns: number, inTurn: number): Promise<void> {
  for (let window = 0; window < windows; window++) {
    for (let turn = 0; turn < turns; turn++) {
      for (let one = 0; one < inTurn; one++) crush.came();
      await jest.advanceTimersByTimeAsync(1);
    }
    await jest.advanceTimersByTimeAsync(100 - turns);
  }
}
const sentAway = (): number => Array.from({ length: 1000 }, () => crush.sendsAway()).filter(Boolean).length / 1000;

it('sends nobody away while doors are free, however many come', async () => {
  await pass(20, 60, 5);

  expect(sentAway()).toBe(0);
});

it('sends nobody away for a burst, such as those who waited for one long turn', async () => {
  await pass(10, 20, 16);
  await pass(1, 20, 1);
  await pass(10, 20, 16);

  expect(sentAway()).toBe(0);
});

it('sends more and more away while every door has somebody waiting, and stops soon when they have not', async () => {
  await pass(11, 20, 15);
  const first = sentAway();
  await pass(9, 20, 15);
  const later = sentAway();
  await pass(10, 20, 15);
  const all = sentAway();
  await pass(2, 20, 3);
  const after = sentAway();
  await pass(3, 20, 3);

  expect(first).toBeGreaterThan(0.02);
  expect(first).toBeLessThan(0.1);
  expect(later).toBeGreaterThan(0.4);
  expect(later).toBeLessThan(0.6);
  expect(all).toBe(1);
  expect(after).toBeLessThan(0.7);
  expect(sentAway()).toBe(0);
});

it('has fewer come back in any second than a third of those who come in', async () => {
  // 20 turns of 15 in each tenth of a second
  await pass(60, 20, 15);
  const comeBack = Map.groupBy(
    Array.from({ length: 9000 }, () => crush.comeBackAfter()),
    (seconds) => seconds,
  );

  expect(Math.min(...comeBack.keys())).toBe(2);
  for (const [, people] of comeBack) expect(people.length).toBeLessThanOrEqual(1001);
  expect(comeBack.size).toBeGreaterThanOrEqual(9);
  expect(comeBack.size).toBeLessThanOrEqual(11);
});

it('tells nothing by one door, which is always either idle or full', async () => {
  const one = new Crush(1);
  one.start();
  for (let turn = 0; turn < 200; turn++) {
    one.came();
    await jest.advanceTimersByTimeAsync(1);
  }

  expect(one.sendsAway()).toBe(false);
});
