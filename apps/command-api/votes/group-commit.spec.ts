import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';

import { APPEND_DEADLINE_MS, type EventContent } from '#domain';
import { type AppendResult, AppendTooLargeError, EventLogUnavailableError, InvalidAppendError } from '#event-log';

import { type HeldAppend, heldLog } from '../testing/held-log.ts';
import { GroupCommit, type GroupCommitOptions } from './group-commit.ts';

const NOW = Date.parse('2026-11-23T22:00:00.000Z');
const encoder = new TextEncoder();

let appends: HeldAppend[];
let commit: GroupCommit;
let appended: number[];
let tooLarge: number[];
let retries: number;

function start(options: Partial<GroupCommitOptions> = {}): void {
  const held = heldLog();
  appends = held.appends;
  appended = [];
  tooLarge = [];
  retries = 0;
  const observer = {
    appended: (size: number): void => {
      appended.push(size);
    },
    retried: (): void => {
      retries++;
    },
    tooLarge: (_error: Error, events: number): void => {
      tooLarge.push(events);
    },
  };
  const limits = { queueLimit: 100, batchLimit: 10, inFlightLimit: 1, ...options };
  commit = new GroupCommit(held.log, 'votes-1', limits, observer);
}

/** Everything that can go on now has done so, and the time is over for which a quick log gathers. */
async function settled(milliseconds = 8): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
}

const vote = (name: string): EventContent => ({ type: 'VoteCast', version: 1, data: encoder.encode(name) });
const put = (...names: string[]): Promise<string[]> =>
  Promise.all(
    names.map((name) =>
      commit.append(vote(name)).then(
        ({ position }) => `${name} at ${String(position)}`,
        (error: unknown) => `${name}: ${(error as { code: string }).code}`,
      ),
    ),
  );
const names = (held: HeldAppend | undefined): string[] =>
  (held?.events ?? []).map(({ data }) => Buffer.from(data).toString());
const result = (position: bigint): AppendResult => ({ position, revision: position });

beforeEach(() => {
  jest.useFakeTimers({ now: NOW, doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask', 'setTimeout'] });
  start();
});
// what still waits would run into its deadline in the middle of another spec
afterEach(async () => {
  while (commit.depth > 0) {
    for (const append of appends) append.resolve(result(1n));
    await settled();
  }
  jest.useRealTimers();
});

describe('votes that arrive', () => {
  it('in the same turn leave together, in order, to any place of the stream', async () => {
    const answers = put('a', 'b', 'c');
    await settled();

    expect(appends).toHaveLength(1);
    expect(appends[0]).toMatchObject({ stream: 'votes-1', expected: 'any' });
    expect(names(appends[0])).toEqual(['a', 'b', 'c']);
    appends[0]?.resolve(result(7n));
    expect(await answers).toEqual(['a at 7', 'b at 7', 'c at 7']);
  });

  it('while an append is on its way leave together in the next one', async () => {
    void put('a');
    await settled();
    for (const name of ['b', 'c', 'd']) {
      void put(name);
      await settled();
    }
    expect(appends).toHaveLength(1);
    appends[0]?.resolve(result(1n));
    await settled();

    expect(appends.map(names)).toEqual([['a'], ['b', 'c', 'd']]);
    expect(appended).toEqual([1]);
  });

  it('are answered when they are durable, not before', async () => {
    let answered = false;
    const answer = put('a').finally(() => (answered = true));
    await settled();
    expect(answered).toBe(false);
    appends[0]?.resolve(result(1n));
    await answer;
    expect(answered).toBe(true);
  });

  it('in great numbers are split into batches, one after another', async () => {
    start({ batchLimit: 3 });
    void put(...'abcdefgh');
    for (let batch = 0; batch < 3; batch++) {
      await settled();
      expect(appends).toHaveLength(batch + 1);
      appends[batch]?.resolve(result(1n));
    }
    await settled();

    expect(appends.map(names)).toEqual([
      ['a', 'b', 'c'],
      ['d', 'e', 'f'],
      ['g', 'h'],
    ]);
    expect(appended).toEqual([3, 3, 2]);
  });

  it('may be on their way in several appends, as many as are allowed', async () => {
    start({ batchLimit: 2, inFlightLimit: 2 });
    void put(...'abcdef');
    await settled();
    expect(appends.map(names)).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ]);
    appends[1]?.resolve(result(2n));
    await settled();
    expect(commit.depth).toBe(4);
    expect(appends.map(names)).toEqual([
      ['a', 'b'],
      ['c', 'd'],
      ['e', 'f'],
    ]);
  });

  it('have ids of their own', async () => {
    void put('a', 'a', 'a');
    await settled();

    const ids = appends[0]?.events.map(({ id }) => id) ?? [];
    expect(new Set(ids).size).toBe(3);
    for (const id of ids) expect(id).toMatch(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/);
  });
});

describe('a full queue', () => {
  it('refuses at once, counting what is on its way, and takes more when there is room again', async () => {
    start({ queueLimit: 3 });
    void put('a');
    await settled();
    void put('b', 'c');
    expect(commit.depth).toBe(3);
    expect(await put('d')).toEqual(['d: queue-full']);

    appends[0]?.resolve(result(1n));
    await settled();
    expect(commit.depth).toBe(2);
    void put('e');
    expect(commit.depth).toBe(3);
    appends[1]?.resolve(result(2n));
    await settled();
    expect(appends.map(names)).toEqual([['a'], ['b', 'c'], ['e']]);
  });
});

describe('an append whose outcome is unknown', () => {
  const fail = async (attempt: number): Promise<void> => {
    appends[attempt]?.reject(new EventLogUnavailableError('no answer'));
    while (appends.length < attempt + 2) await new Promise((resolve) => setTimeout(resolve, 5));
  };

  it('is sent again as it was: same ids, same boundaries, and nothing overtakes it', async () => {
    const answers = put('a', 'b');
    await settled();
    void put('c');
    await fail(0);
    await fail(1);

    expect(appends.map(names)).toEqual([
      ['a', 'b'],
      ['a', 'b'],
      ['a', 'b'],
    ]);
    expect(appends[1]?.events).toEqual(appends[0]?.events);
    expect(appends[2]?.events).toEqual(appends[0]?.events);
    expect(retries).toBe(2);
    appends[2]?.resolve(result(9n));
    expect(await answers).toEqual(['a at 9', 'b at 9']);
    await settled();
    expect(names(appends[3])).toEqual(['c']);
  });

  it('is given up when the deadline of its first vote has passed', async () => {
    const first = put('a');
    jest.advanceTimersByTime(1000);
    const second = put('b');
    await settled();
    jest.advanceTimersByTime(APPEND_DEADLINE_MS - 3000);
    await fail(0);
    jest.advanceTimersByTime(2000);
    appends[1]?.reject(new EventLogUnavailableError('no answer'));

    expect([...(await first), ...(await second)]).toEqual(['a: log-unavailable', 'b: log-unavailable']);
    expect(appends).toHaveLength(2);
    expect(commit.depth).toBe(0);
  });

  it('is given up at the deadline even when the log never answers: what comes after it is not acknowledged', async () => {
    const answer = put('a');
    jest.advanceTimersByTime(APPEND_DEADLINE_MS - 50);
    await settled();
    jest.advanceTimersByTime(50);

    expect(await answer).toEqual(['a: log-unavailable']);
    appends[0]?.resolve(result(1n));
    await settled();
    expect(appends).toHaveLength(1);
    expect([commit.depth, appended]).toEqual([0, []]);
  });

  it('is given up in time although the clock of the host is set back meanwhile', async () => {
    const answer = put('a');
    await settled();
    jest.setSystemTime(NOW - 3_600_000);
    jest.advanceTimersByTime(APPEND_DEADLINE_MS);
    appends[0]?.reject(new EventLogUnavailableError('no answer'));

    expect(await answer).toEqual(['a: log-unavailable']);
    expect(appends).toHaveLength(1);
  });

  it('is stuck from its third failure until it is stored', async () => {
    const answer = put('a');
    await settled();
    await fail(0);
    await fail(1);
    expect(commit.isStuck).toBe(false);
    await fail(2);
    expect(commit.isStuck).toBe(true);
    appends[3]?.resolve(result(1n));
    await answer;
    await settled();
    expect(commit.isStuck).toBe(false);
  });

  it('holds up the votes behind it until their own deadline: then they are not sent at all', async () => {
    void put('a');
    await settled();
    const waiting = put('b');
    jest.advanceTimersByTime(APPEND_DEADLINE_MS);
    appends[0]?.resolve(result(1n));

    expect(await waiting).toEqual(['b: log-unavailable']);
    const late = put('c');
    await settled(25);
    expect(appends.map(names)).toEqual([['a'], ['c']]);
    appends[1]?.resolve(result(2n));
    expect(await late).toEqual(['c at 2']);
  });
});

describe('an append that is refused', () => {
  it('fails its own votes only and is not sent again', async () => {
    start({ batchLimit: 2 });
    const answers = put('a', 'b', 'c');
    await settled();
    appends[0]?.reject(new InvalidAppendError('too large'));
    await settled();
    appends[1]?.resolve(result(2n));

    expect(await answers).toEqual(['a: invalid-append', 'b: invalid-append', 'c at 2']);
    expect(appends.map(names)).toEqual([['a', 'b'], ['c']]);
    expect(retries).toBe(0);
  });
});

describe('a batch that is larger than the log takes', () => {
  it('goes in halves, and later batches begin as small; a vote that is too large alone is refused', async () => {
    start({ batchLimit: 4 });
    const answers = put('a', 'b', 'c', 'd', 'e', 'f');
    const refused = new AppendTooLargeError(2);
    for (const outcome of [refused, result(2n), refused, refused, result(3n), result(5n)]) {
      await settled();
      if (outcome instanceof Error) appends.at(-1)?.reject(outcome);
      else appends.at(-1)?.resolve(outcome);
    }

    expect(await answers).toEqual(['a at 2', 'b at 2', 'c: append-too-large', 'd at 3', 'e at 5', 'f at 5']);
    expect(appends.map((held) => names(held).join(''))).toEqual(['abcd', 'ab', 'cd', 'c', 'd', 'ef']);
    expect(tooLarge).toEqual([4, 2, 1]);
    expect(retries).toBe(0);
  });
});

describe('draining', () => {
  it('is over at once when there is nothing', async () => {
    await commit.drained();
  });

  it('waits for everything that was accepted, what came meanwhile included', async () => {
    void put('a');
    let drained = false;
    const draining = commit.drained().then(() => (drained = true));
    await settled();
    void put('b');
    appends[0]?.resolve(result(1n));
    await settled();
    expect(drained).toBe(false);
    appends[1]?.resolve(result(2n));
    await draining;
    expect(commit.depth).toBe(0);
  });

  it('does not wait for what failed', async () => {
    void put('a');
    await settled();
    appends[0]?.reject(new InvalidAppendError('x'));
    await commit.drained();
  });
});
