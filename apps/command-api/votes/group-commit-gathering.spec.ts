import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';

import type { AppendResult } from '#event-log';

import { type HeldAppend, heldLog } from '../testing/held-log.ts';
import { GroupCommit } from './group-commit.ts';

const encoder = new TextEncoder();
const ignore = { appended: () => {}, retried: () => {}, tooLarge: () => {} };

let appends: HeldAppend[];
let commit: GroupCommit;

function start({ batchLimit = 10, inFlightLimit = 1 } = {}): void {
  const held = heldLog();
  appends = held.appends;
  commit = new GroupCommit(held.log, 'votes-1', { queueLimit: 100, batchLimit, inFlightLimit }, ignore);
}

function put(...votes: string[]): void {
  for (const vote of votes) void commit.append({ type: 'VoteCast', version: 1, data: encoder.encode(vote) });
}
const votesOf = ({ events }: HeldAppend): string[] => events.map(({ data }) => Buffer.from(data).toString());
const result = (position: bigint): AppendResult => ({ position, revision: position });
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));
/** Looks at what is bound to come. */
const TRIES = 100;
/** The time is over for which a quick log gathers. */
const settled = (): Promise<void> => pause(8).then(turn);

// the clock stands still but for what a spec lets pass; timers run
beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask', 'setTimeout'] });
  start();
});
afterEach(async () => {
  while (commit.depth > 0) {
    for (const append of appends) append.resolve(result(1n));
    await settled();
  }
  jest.useRealTimers();
});

describe('votes that gather', () => {
  it('leave at once when they are alone; what comes just behind leaves together a little later', async () => {
    put('a');
    await turn();
    expect(appends.map(votesOf)).toEqual([['a']]);
    appends[0]?.resolve(result(1n));
    for (const name of ['b', 'c']) {
      await turn();
      put(name);
    }
    await turn();
    expect(appends).toHaveLength(1);
    await settled();
    expect(appends.map(votesOf)).toEqual([['a'], ['b', 'c']]);
  });

  it('do so for longer where appends take longer, but not for ever', async () => {
    for (let append = 0; append < 5; append++) {
      put('a');
      await pause(30);
      jest.advanceTimersByTime(10_000);
      appends.at(-1)?.resolve(result(1n));
      await turn();
    }
    put('b');
    await turn();
    appends.at(-1)?.resolve(result(1n));
    put('c', 'd');
    await pause(10);
    expect(appends.map(votesOf).flat()).not.toContain('c');
    // how late a timer comes is the machine's affair, that it comes is ours
    for (let tries = 0; tries < TRIES && appends.length < 7; tries++) await pause(15);
    expect(appends.map(votesOf).at(-1)).toEqual(expect.arrayContaining(['c', 'd']));
  });

  it('do not wait when they fill an append', async () => {
    start({ batchLimit: 3 });
    put('a');
    await turn();
    appends[0]?.resolve(result(1n));
    put('b', 'c', 'd');
    for (let turns = 0; turns < 3; turns++) await turn();
    expect(appends.map(votesOf)).toEqual([['a'], ['b', 'c', 'd']]);
  });

  it('do not wait when they are enough, however large an append may be', async () => {
    start({ batchLimit: 1000 });
    put('a');
    await turn();
    const many = Array.from({ length: 48 }, (_, index) => String(index));
    put(...many);
    for (let turns = 0; turns < 3; turns++) await turn();
    expect(appends.map(votesOf)).toEqual([['a']]);
    appends[0]?.resolve(result(1n));
    for (let turns = 0; turns < 3; turns++) await turn();
    expect(appends.map(votesOf)).toEqual([['a'], many]);
  });

  it('wait for the append before them, even where several may be on their way, unless they fill one', async () => {
    start({ batchLimit: 3, inFlightLimit: 2 });
    put('a');
    await settled();
    put('b', 'c');
    await settled();
    expect(appends.map(votesOf)).toEqual([['a']]);
    put('d');
    await settled();
    expect(appends.map(votesOf)).toEqual([['a'], ['b', 'c', 'd']]);
  });
});
