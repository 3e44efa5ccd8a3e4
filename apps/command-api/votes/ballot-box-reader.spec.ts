import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';

import { ballotBoxStream, encodeVoteCast } from '#domain';
import { type EventLog, EventLogUnavailableError } from '#event-log';

import { PollsUnderTest } from '../testing/polls.ts';
import { BallotBoxReader } from './ballot-box-reader.ts';
import { tailOf } from './box-tail.ts';
import { UsedChallenges } from './used-challenges.ts';

const NOW = Date.parse('2026-11-23T22:00:00.000Z');
const MINUTE_MS = 60_000;
const LIFETIME_MS = 5 * MINUTE_MS;
const BOX = ballotBoxStream('1');
const MANY = 1_000_000;

let polls: PollsUnderTest;
let used: UsedChallenges;
let readers: BallotBoxReader[];

beforeEach(async () => {
  jest.useFakeTimers({
    now: NOW,
    doNotFake: ['setTimeout', 'clearTimeout', 'setImmediate', 'nextTick', 'queueMicrotask', 'performance'],
  });
  polls = new PollsUnderTest();
  await polls.open('1');
  await polls.pollDirectory.onApplicationBootstrap();
  readers = [];
});
afterEach(async () => {
  for (const reader of readers) await reader.onModuleDestroy();
  await polls.dispose();
  jest.useRealTimers();
});

const newId = (): string => randomBytes(16).toString('hex');

async function cast(participantId: number, ids = [newId()], box = BOX): Promise<string[]> {
  const castAt = Date.now();
  const humanCheck = { provider: 'altcha', price: 'base', evidence: newId() } as const;
  const votes = ids.map((voteId) => {
    const vote = { voteId, participantId, castAt, expiresAt: castAt + LIFETIME_MS, humanCheck };
    return { id: randomUUID(), ...encodeVoteCast(vote) };
  });
  await polls.log.append(box, votes, 'any');
  return ids;
}

/** A log of which the methods that are given are others. */
const logWith = (others: Partial<EventLog>): EventLog => Object.assign(Object.create(polls.log) as EventLog, others);

function start(log: EventLog): void {
  used = new UsedChallenges(LIFETIME_MS);
  const reader = new BallotBoxReader(log, polls.pollDirectory, used, polls.logger);
  readers.push(reader);
  reader.onApplicationBootstrap();
}

const isComplete = (): boolean => {
  try {
    used.assertKnown({ issuedAt: 0 });
    return true;
  } catch {
    return false;
  }
};

async function until(holds: () => boolean): Promise<void> {
  for (const limit = performance.now() + 5000; !holds(); await delay(5)) {
    if (performance.now() > limit) throw new Error('it did not happen');
  }
}

describe('the last minutes of a stream', () => {
  it('are found with few reads, however long it is', async () => {
    const from: bigint[] = [];
    for (let minute = 0; minute < 30; minute++) {
      const ids = Array.from({ length: 300 }, newId);
      from.push(BigInt(minute * 300));
      await cast(1, ids);
      jest.setSystemTime(Date.now() + MINUTE_MS);
    }
    const read = jest.fn((stream: string, revision: bigint) => polls.log.read(stream, revision));
    for (const minutes of [0, 1, 6, 28, 29, 40]) {
      const first = from.at(-1 - minutes) ?? 0n;
      expect(await tailOf(logWith({ read }), BOX, minutes * MINUTE_MS, MANY)).toBe(first);
    }
    expect(read.mock.calls.length / 6).toBeLessThan(50);
    expect(await tailOf(polls.log, BOX, 40 * MINUTE_MS, 100)).toBe(8900n);
  });

  it('of a stream that has nothing are nothing, and of one event that event', async () => {
    expect(await tailOf(polls.log, BOX, MINUTE_MS, MANY)).toBe(0n);
    await cast(1);
    expect(await tailOf(polls.log, BOX, MINUTE_MS, MANY)).toBe(0n);
  });
});

describe('a process that starts', () => {
  it('knows the votes of the last minutes, on the clock of the log, and of which it was not', async () => {
    const [old] = await cast(1);
    jest.setSystemTime(NOW + 7 * MINUTE_MS);
    const [recent] = await cast(2);
    // this host's clock was set since
    jest.setSystemTime(NOW + 100 * MINUTE_MS);
    start(polls.log);
    expect(isComplete()).toBe(false);
    await until(isComplete);

    expect(used.answerTo(recent!, 2)).toMatchObject({ voteId: recent, pollId: '1', participantId: 2 });
    expect(() => used.answerTo(recent!, 1)).toThrow('already used');
    expect(used.answerTo(old!, 1)).toBeUndefined();
  });

  it('knows them as well when the log went on with a clock that was an hour ahead for a while', async () => {
    const [before] = await cast(1);
    jest.setSystemTime(NOW + 60 * MINUTE_MS);
    const [ahead] = await cast(1);
    jest.setSystemTime(NOW + MINUTE_MS);
    start(polls.log);
    await until(isComplete);

    for (const vote of [before, ahead]) expect(() => used.answerTo(vote!, 2)).toThrow('already used');
  });

  it('tries until the log answers', async () => {
    const [vote] = await cast(1);
    let away = 2;
    const read: EventLog['read'] = (stream, from) => {
      if (away-- > 0) throw new EventLogUnavailableError('gone');
      return polls.log.read(stream, from);
    };
    start(logWith({ read }));
    await until(isComplete);

    expect(used.answerTo(vote!, 1)).toBeDefined();
    expect(polls.lines).toMatchObject([{ level: 'warn' }]);
  });

  it('ends its tries when the challenges from before have expired', async () => {
    const clock = jest.spyOn(performance, 'now');
    const read = jest.fn<EventLog['read']>(() => {
      throw new EventLogUnavailableError('gone');
    });
    start(logWith({ read }));
    await until(() => read.mock.calls.length > 1);
    expect(isComplete()).toBe(false);
    clock.mockReturnValue(performance.now() + used.memoryMs);
    await delay(400);
    clock.mockRestore();
    await until(isComplete);
  });
});

describe('a rehearsal', () => {
  const REHEARSED = ballotBoxStream('2');

  beforeEach(async () => {
    await polls.open('2', new Date().toISOString(), true);
    await until(() => polls.pollDirectory.lastRehearsal() !== undefined);
  });

  it('is known as well after a start', async () => {
    const [vote] = await cast(2, [newId()], REHEARSED);
    start(polls.log);
    await until(() => used.answerTo(vote!, 2) !== undefined);

    expect(used.answerTo(vote!, 2)).toMatchObject({ pollId: '2' });
  });

  it('whose box cannot be read keeps nobody from the votes of the real poll', async () => {
    const [vote] = await cast(1);
    const read: EventLog['read'] = (stream, from) => {
      if (stream === REHEARSED) throw new EventLogUnavailableError('deleted');
      return polls.log.read(stream, from);
    };
    start(logWith({ read, isShared: true }));
    await until(isComplete);
    const [theirs] = await cast(2);
    await until(() => used.answerTo(theirs!, 2) !== undefined);

    expect(used.answerTo(vote!, 1)).toMatchObject({ pollId: '1' });
  });
});

describe('where several processes take votes', () => {
  it('each hears of what the others took, and of two votes with one challenge the first counts', async () => {
    start(logWith({ isShared: true }));
    await until(isComplete);
    const [theirs] = await cast(2);
    await cast(1, [theirs!]);
    await until(() => used.answerTo(theirs!, 2) !== undefined);

    expect(() => used.answerTo(theirs!, 1)).toThrow('already used');
  });
});
