import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { randomUUID } from 'node:crypto';

import { ballotBoxStream, decodeBallotBoxClosed, encodePollEvent, pollStream } from '#domain';
import { type EventLog, EventLogUnavailableError, type NewEvent } from '#event-log';
import { actsUpTo } from '#seal';

import { settled } from '../testing/held-log.ts';
import { PollsUnderTest } from '../testing/polls.ts';
import { PollSealer } from './poll-sealer.ts';

const CLOSED_AT = Date.parse('2026-11-23T22:00:00.000Z');
const closedAt = new Date(CLOSED_AT).toISOString();
const PAIR = ['Ana', 'Bento'].map((name, at) => ({ number: at + 1, name }));
const CLOSING = encodePollEvent({ type: 'PollClosed', pollId: '1', closedAt, by: 'a' });

let polls: PollsUnderTest;
let sealers: PollSealer[];

function startSealer(log: EventLog = polls.log): PollSealer {
  const sealer = new PollSealer(log, polls.pollDirectory, polls.boxes, polls.commandsOn(), polls.logger);
  sealers.push(sealer);
  sealer.onApplicationBootstrap();
  return sealer;
}

async function pass(milliseconds: number): Promise<void> {
  jest.advanceTimersByTime(milliseconds);
  await settled();
}

const cuts = async (): Promise<number> =>
  (await polls.events(ballotBoxStream('1'))).filter(({ type }) => type === 'BallotBoxClosed').length;
const errors = () => polls.lines.filter(({ level }) => level === 'error');
const seals = async (): Promise<number> =>
  (await polls.events(pollStream('1'))).filter(({ type }) => type === 'PollSealed').length;

beforeEach(async () => {
  jest.useFakeTimers({ now: CLOSED_AT, doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask', 'performance'] });
  sealers = [];
  polls = new PollsUnderTest();
  await polls.open('1');
  await polls.pollDirectory.onApplicationBootstrap();
});
afterEach(async () => {
  for (const sealer of sealers) sealer.onModuleDestroy();
  await polls.dispose();
  jest.useRealTimers();
});

const closeNow = async (): Promise<void> => {
  await polls.close('1', closedAt);
  await settled();
};

describe('a closed poll', () => {
  it('is cut when no vote can be on its way any more, and then sealed, once', async () => {
    startSealer();
    await closeNow();
    await pass(15_999);
    expect(await cuts()).toBe(0);
    await pass(1);
    expect(await cuts()).toBe(1);
    expect(polls.pollDirectory.lastOpened()?.status).toBe('sealed');

    await pass(60_000);
    expect(await cuts()).toBe(1);
    expect(await seals()).toBe(1);
  });

  it('is cut by what commits to the acts up to its closing, also where its box was never opened', async () => {
    startSealer();
    await closeNow();
    await polls.log.append(pollStream('1'), [{ ...CLOSING, id: randomUUID() }], 'any');
    await pass(16_000);
    const [opening, cut] = await polls.events(ballotBoxStream('1'));

    expect(opening?.type).toBe('BallotBoxOpened');
    expect(decodeBallotBoxClosed(cut!).acts).toEqual(actsUpTo('PollClosed', await polls.events(pollStream('1')))?.acts);
  });

  it('of an earlier version is cut as it was then', async () => {
    startSealer();
    await closeNow();
    const at = '2026-11-23T22:00:00.000Z';
    const earlier = [
      { type: 'PollOpened', pollId: '2', title: 'x', participants: PAIR, openedAt: at, by: 'a' },
      { type: 'PollClosed', pollId: '2', closedAt: at, by: 'a' },
    ] as const;
    const events = earlier.map((event) => ({ ...encodePollEvent(event), id: randomUUID() }));
    await polls.log.append(pollStream('2'), events, 'no-stream');
    await settled();
    await pass(16_000);

    expect(await polls.events(ballotBoxStream('2'))).toMatchObject([{ type: 'BallotBoxClosed', version: 1 }]);
  });

  it('is cut also where something else opened its box, and that is said', async () => {
    await polls.log.append(ballotBoxStream('1'), [{ ...CLOSING, id: randomUUID() }], 'no-stream');
    startSealer();
    await closeNow();
    await pass(16_000);

    expect(await cuts()).toBe(1);
    expect(errors()).toMatchObject([{ fields: { poll: '1' } }]);
  });

  it('is cut as long after a process has seen it closed, however far its clock is ahead', async () => {
    startSealer();
    jest.setSystemTime(CLOSED_AT + 3_600_000);
    await closeNow();
    await pass(15_999);
    expect(await cuts()).toBe(0);
    await pass(1);

    expect(polls.pollDirectory.lastOpened()?.status).toBe('sealed');
  });

  it('is cut by a process that starts long after, if nobody did', async () => {
    await closeNow();
    jest.setSystemTime(CLOSED_AT + 3_600_000);
    startSealer();
    await pass(16_000);

    expect(polls.pollDirectory.lastOpened()?.status).toBe('sealed');
  });

  it('is cut and sealed also where a later version decided something about it, which the log says', async () => {
    const data = Buffer.from('{"pollId":"1"}');
    await polls.log.append(pollStream('1'), [{ id: randomUUID(), type: 'PollClosed', version: 9, data }], 'any');
    startSealer();
    await closeNow();
    await pass(16_000);

    expect(polls.pollDirectory.lastOpened()?.status).toBe('sealed');
    expect([await cuts(), await seals()]).toEqual([1, 1]);
    expect(polls.lines.map(({ message }) => message)).toContain(
      'a poll event is of a later version: this service is older than the log',
    );
  });

  it('is cut once, although sealing it fails again and again, ever more seldom', async () => {
    const execute = jest.spyOn(polls.repository, 'execute').mockRejectedValue(new EventLogUnavailableError('gone'));
    const tries = (): number => execute.mock.calls.filter(([, { type }]) => type === 'SealPoll').length;
    const sealer = new PollSealer(polls.log, polls.pollDirectory, polls.boxes, polls.commandsOn(), polls.logger);
    sealers.push(sealer);
    await polls.log.append(pollStream('1'), [{ ...CLOSING, id: randomUUID() }], 0n);
    await settled();
    sealer.onApplicationBootstrap();
    await pass(16_000);
    for (let second = 0; second < 120; second++) await pass(1000);

    expect(await cuts()).toBe(1);
    // after 2, 4, 8, 16, 32 and 60 s, each up to half shorter
    expect(tries()).toBeGreaterThanOrEqual(6);
    expect(tries()).toBeLessThanOrEqual(8);
    execute.mockRestore();
    for (let second = 0; second < 60; second++) await pass(1000);
    expect(await cuts()).toBe(1);
    expect(polls.pollDirectory.lastOpened()?.status).toBe('sealed');
  });

  it('is tried again with the very same cut: the first try may be stored', async () => {
    const ids: string[] = [];
    const append = (_stream: string, events: readonly NewEvent[]): Promise<never> => {
      ids.push(...events.map(({ id }) => id));
      return Promise.reject(new EventLogUnavailableError('no answer'));
    };
    startSealer({ append } as unknown as EventLog);
    await closeNow();
    await pass(16_000);
    await pass(2000);
    await pass(4000);

    expect(ids.length).toBeGreaterThan(2);
    expect(new Set(ids).size).toBe(1);
  });

  it('is sealed once by two processes, whatever each of them cuts', async () => {
    startSealer();
    startSealer();
    await closeNow();
    await pass(16_000);
    await pass(0);

    expect(await cuts()).toBeGreaterThan(0);
    expect(await seals()).toBe(1);
  });

  it('is tried again when the log is away', async () => {
    let down = true;
    const log = {
      append: (...append: Parameters<EventLog['append']>) =>
        down ? Promise.reject(new EventLogUnavailableError('gone')) : polls.log.append(...append),
    } as unknown as EventLog;
    startSealer(log);
    await closeNow();
    await pass(16_000);
    expect(errors()).toHaveLength(1);
    down = false;
    await pass(2000);

    expect(polls.pollDirectory.lastOpened()?.status).toBe('sealed');
  });

  it('is left alone by a process that has stopped, also when its last try fails after that', async () => {
    const { promise, reject } = Promise.withResolvers<never>();
    const append = jest.fn(() => promise);
    const sealer = startSealer({ append } as unknown as EventLog);
    await closeNow();
    await pass(16_000);
    sealer.onModuleDestroy();
    reject(new EventLogUnavailableError('closed'));
    await settled();
    await pass(60_000);

    expect(append).toHaveBeenCalledTimes(1);
    expect(jest.getTimerCount()).toBe(0);
  });
});

describe('a poll that is not closed', () => {
  it('is never cut', async () => {
    startSealer();
    await pass(3_600_000);

    expect(await cuts()).toBe(0);
  });

  it('is not cut again when it was sealed before', async () => {
    const first = startSealer();
    await closeNow();
    await pass(16_000);
    first.onModuleDestroy();
    startSealer();
    await pass(60_000);

    expect(await cuts()).toBe(1);
  });
});
