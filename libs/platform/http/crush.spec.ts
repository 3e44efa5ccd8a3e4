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
  await pass(4, 20, 16);
  await pass(1, 20, 1);
  await pass(4, 20, 16);

  expect(sentAway()).toBe(0);
});

it('sends more and more away while every door has somebody waiting, and fewer when they have not', async () => {
  await pass(5, 20, 15);
  const first = sentAway();
  await pass(4, 20, 15);
  const later = sentAway();
  await pass(10, 20, 3);
  const after = sentAway();
  await pass(10, 20, 3);

  expect(first).toBeGreaterThan(0.1);
  expect(first).toBeLessThan(0.3);
  expect(later).toBe(1);
  expect(after).toBeLessThan(0.65);
  expect(sentAway()).toBe(0);
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
