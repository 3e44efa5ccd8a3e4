import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';

import { ballotBoxStream, pollStream } from '#domain';
import { type EventLog, EventLogUnavailableError } from '#event-log';

import { settled } from '../testing/held-log.ts';
import { PollsUnderTest } from '../testing/polls.ts';
import { PollSealer } from './poll-sealer.ts';

const CLOSED_AT = Date.parse('2026-11-23T22:00:00.000Z');

let polls: PollsUnderTest;
let sealers: PollSealer[];

function startSealer(log: EventLog = polls.log): PollSealer {
  const sealer = new PollSealer(log, polls.current, polls.repository, polls.logger);
  sealers.push(sealer);
  sealer.onApplicationBootstrap();
  return sealer;
}

async function pass(milliseconds: number): Promise<void> {
  jest.advanceTimersByTime(milliseconds);
  await settled();
}

const cuts = async (): Promise<number> => (await polls.events(ballotBoxStream('1'))).length;
const seals = async (): Promise<number> =>
  (await polls.events(pollStream('1'))).filter(({ type }) => type === 'PollSealed').length;

beforeEach(async () => {
  jest.useFakeTimers({ now: CLOSED_AT, doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask', 'performance'] });
  sealers = [];
  polls = new PollsUnderTest();
  await polls.open('1');
  await polls.current.onApplicationBootstrap();
});
afterEach(async () => {
  for (const sealer of sealers) sealer.onModuleDestroy();
  await polls.dispose();
  jest.useRealTimers();
});

const closeNow = async (): Promise<void> => {
  await polls.close('1', new Date(CLOSED_AT).toISOString());
  await settled();
};

describe('a closed poll', () => {
  it('is cut when no vote can be on its way any more, and then sealed, once', async () => {
    startSealer();
    await closeNow();
    await pass(10_999);
    expect(await cuts()).toBe(0);
    await pass(1);
    expect(await cuts()).toBe(1);
    expect(polls.current.get()?.status).toBe('sealed');

    await pass(60_000);
    expect(await cuts()).toBe(1);
    expect(await seals()).toBe(1);
  });

  it('is cut at once by a process that starts long after, if nobody did', async () => {
    await closeNow();
    jest.setSystemTime(CLOSED_AT + 3_600_000);
    startSealer();
    await pass(0);

    expect(polls.current.get()?.status).toBe('sealed');
  });

  it('is sealed once by two processes, whatever each of them cuts', async () => {
    startSealer();
    startSealer();
    await closeNow();
    await pass(11_000);
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
    await pass(11_000);
    expect(polls.lines).toMatchObject([{ level: 'error' }]);
    down = false;
    await pass(2000);

    expect(polls.current.get()?.status).toBe('sealed');
  });

  it('is left alone by a process that has stopped, also when its last try fails after that', async () => {
    const { promise, reject } = Promise.withResolvers<never>();
    const append = jest.fn(() => promise);
    const sealer = startSealer({ append } as unknown as EventLog);
    await closeNow();
    await pass(11_000);
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
    await pass(11_000);
    first.onModuleDestroy();
    startSealer();
    await pass(60_000);

    expect(await cuts()).toBe(1);
  });
});
