import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { setImmediate as turn } from 'node:timers/promises';

import type { Poll } from '#domain';
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

const refusal = (poll = polls.pollDirectory.lastOpened()!): string | undefined => {
  try {
    watch.assertTrustworthy(poll);
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
  const log = { isShared: true, head: () => head() } as unknown as EventLog;
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

describe('a rehearsal', () => {
  const rehearsal = (): Poll => polls.pollDirectory.lastRehearsal()!;

  beforeEach(async () => {
    await polls.open('2', new Date().toISOString(), true);
    await until(() => polls.pollDirectory.lastRehearsal() !== undefined);
  });

  it('is looked at like a real poll', async () => {
    expect(refusal(rehearsal())).toMatch(/has not confirmed/);
    await watch.onApplicationBootstrap();
    await until(() => refusal(rehearsal()) === undefined);
  });

  it('of which the log says nothing takes no votes, and stops no real one', async () => {
    polls.pollDirectory.confirmRehearsal = () => Promise.reject(new EventLogUnavailableError('deleted'));
    await watch.onApplicationBootstrap();
    expect([refusal(), refusal(rehearsal())]).toEqual([undefined, expect.stringMatching(/has not confirmed/)]);
    expect(await isReady()).toBe(true);
  });

  it('that keeps the log waiting holds up no look at the real poll', async () => {
    polls.pollDirectory.confirmRehearsal = () => new Promise(() => {});
    for (let look = 0; look < 3; look++) await watch.look();
    expect(refusal()).toBeUndefined();
  });
});

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

  describe('while the clock is more than five seconds behind the log', () => {
    const ofRule1 = (): Poll => {
      const { evidenceKeyHash: _, ...poll } = polls.pollDirectory.lastOpened()!;
      return poll;
    };
    beforeEach(async () => {
      head = () => Promise.resolve({ position: 1n, recordedAt: NOW + 5001 });
      await watch.onApplicationBootstrap();
    });

    it('are taken in polls of rule 2, in which no clock decides; who is sent work should know all the same', async () => {
      expect(refusal()).toBeUndefined();
      expect(await isReady()).toBe(false);
      setClocks(1);
      expect(await isReady()).toBe(true);
    });

    it('are refused in polls of rule 1, by the highest time of the log', async () => {
      expect(refusal(ofRule1())).toMatch(/5001 ms behind/);
      // the log's clock was set back; the fold goes on from the highest time that it has seen
      const asked = jest.fn(() => Promise.resolve({ position: 2n, recordedAt: NOW }));
      head = asked;
      await until(() => asked.mock.calls.length > 0);
      await turn();
      expect(refusal(ofRule1())).toMatch(/behind/);
      expect(await isReady()).toBe(true);
      setClocks(1);
      expect(refusal(ofRule1())).toBeUndefined();
    });
  });

  it('make nobody unready by the clock of a log that has none of its own', async () => {
    const alone = new Readiness();
    const log = { isShared: false, head: () => Promise.resolve({ position: 1n, recordedAt: NOW + 3_600_000 }) };
    const watching = new LogWatch(log as unknown as EventLog, polls.pollDirectory, alone, polls.logger);
    await watching.onApplicationBootstrap();
    await Promise.all(alone.checks().map(([, check]) => check()));
    await watching.onModuleDestroy();
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
