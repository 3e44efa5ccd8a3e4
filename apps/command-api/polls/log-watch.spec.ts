import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { setImmediate as turn } from 'node:timers/promises';

import { type EventLog, EventLogUnavailableError } from '#event-log';
import { Readiness } from '#platform';

import { PollsUnderTest } from '../testing/polls.ts';
import { LogWatch } from './log-watch.ts';

const NOW = Date.parse('2026-11-23T22:00:00.000Z');

type Head = Awaited<ReturnType<EventLog['head']>>;

let polls: PollsUnderTest;
let readiness: Readiness;
let watch: LogWatch;
let head: () => Promise<Head>;

const refusal = (): string | undefined => {
  try {
    watch.assertTrustworthy();
    return undefined;
  } catch (error) {
    expect(error).toBeInstanceOf(EventLogUnavailableError);
    return (error as Error).message;
  }
};
const isReady = (): Promise<boolean> =>
  Promise.all(readiness.checks().map(([, check]) => check())).then(
    () => true,
    () => false,
  );

/** The watch looks at the log in real time; the clocks that it compares are the spec's. */
const setClocks = (milliseconds: number): void => {
  jest.advanceTimersByTime(milliseconds);
};

beforeEach(async () => {
  jest.useFakeTimers({
    now: NOW,
    doNotFake: ['setTimeout', 'clearTimeout', 'setImmediate', 'nextTick', 'queueMicrotask'],
  });
  polls = new PollsUnderTest();
  await polls.open('1');
  await polls.pollDirectory.onApplicationBootstrap();
  readiness = new Readiness();
  head = () => polls.log.head();
  const log = { head: () => head() } as unknown as EventLog;
  watch = new LogWatch(log, polls.pollDirectory, readiness, polls.logger);
});
afterEach(async () => {
  await watch.onModuleDestroy();
  await polls.dispose();
  jest.useRealTimers();
});

const unreachable = (): Promise<Head> => Promise.reject(new EventLogUnavailableError('gone'));

async function until(holds: () => boolean): Promise<void> {
  const limit = process.hrtime.bigint() + 5_000_000_000n;
  while (!holds()) {
    if (process.hrtime.bigint() > limit) throw new Error('it did not happen');
    await turn();
  }
}

describe('votes', () => {
  it('are taken from the end of the start on, and not before', async () => {
    expect(refusal()).toMatch(/has not confirmed/);
    await watch.onApplicationBootstrap();

    expect(refusal()).toBeUndefined();
    expect(await isReady()).toBe(true);
  });

  it('are refused once the log has been silent for five seconds, and taken again when it answers', async () => {
    await watch.onApplicationBootstrap();
    head = unreachable;
    setClocks(5000);
    expect(refusal()).toBeUndefined();
    setClocks(1);
    expect(refusal()).toMatch(/has not confirmed/);
    await until(() => polls.lines.length > 0);
    expect(polls.lines).toMatchObject([{ level: 'warn' }]);

    head = () => polls.log.head();
    await until(() => refusal() === undefined);
  });

  it('are refused as well when only the poll cannot be read', async () => {
    await watch.onApplicationBootstrap();
    jest.spyOn(polls.pollDirectory, 'confirm').mockRejectedValue(new EventLogUnavailableError('gone'));
    setClocks(5001);
    await until(() => polls.lines.length > 0);

    expect(refusal()).toMatch(/has not confirmed/);
    expect(await isReady()).toBe(false);
  });

  it('count as old as the question, not as the answer', async () => {
    head = () => {
      setClocks(6000);
      return polls.log.head();
    };
    await watch.onApplicationBootstrap();

    expect(refusal()).toMatch(/has not confirmed/);
  });

  it('are refused while the clock is more than five seconds behind the highest time of the log', async () => {
    head = () => Promise.resolve({ position: 1n, recordedAt: NOW + 5001 });
    await watch.onApplicationBootstrap();
    expect(refusal()).toMatch(/5001 ms behind/);
    expect(await isReady()).toBe(false);

    // the log's clock was set back; the fold goes on from the highest time that it has seen
    const asked = jest.fn(() => Promise.resolve({ position: 2n, recordedAt: NOW }));
    head = asked;
    await until(() => asked.mock.calls.length > 0);
    await turn();
    expect(refusal()).toMatch(/behind/);
    setClocks(1);
    expect(refusal()).toBeUndefined();
  });
});

describe('every second', () => {
  it('the stream of the poll on air is read anew', async () => {
    await watch.onApplicationBootstrap();
    const confirm = jest.spyOn(polls.pollDirectory, 'confirm');
    await until(() => confirm.mock.calls.length > 0);

    expect(refusal()).toBeUndefined();
  });
});

describe('a watch that was stopped', () => {
  it('looks no more', async () => {
    await watch.onApplicationBootstrap();
    await watch.onModuleDestroy();
    const asked = jest.fn(() => polls.log.head());
    head = asked;
    await new Promise((resolve) => setTimeout(resolve, 1100));

    expect(asked).not.toHaveBeenCalled();
  });
});
