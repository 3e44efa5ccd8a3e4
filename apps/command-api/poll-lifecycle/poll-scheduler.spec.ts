import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';

import { decodePollEvent, pollStream } from '#domain';
import { EventLog, EventLogUnavailableError } from '#event-log';

import { settled } from '../testing/held-log.ts';
import { PollsUnderTest, evidenceKeys } from '../testing/polls.ts';
import { PollRepository } from '../polls/poll.repository.ts';
import { PollScheduler } from './poll-scheduler.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const NOW = Date.parse('2026-11-23T20:00:00.000Z');
const iso = (milliseconds: number): string => new Date(milliseconds).toISOString();
const OPENS = iso(NOW + 2 * HOUR_MS + 300_000);
const CLOSES = iso(NOW + 4 * HOUR_MS);

let polls: PollsUnderTest;
let schedulers: PollScheduler[];

function start(repository = polls.repository): PollScheduler {
  const scheduler = new PollScheduler(polls.pollDirectory, polls.commandsOn(repository), polls.logger);
  schedulers.push(scheduler);
  scheduler.onApplicationBootstrap();
  return scheduler;
}

async function schedule(
  pollId: string,
  opensAt: string | null,
  closesAt: string | null,
  rehearsal = false,
): Promise<void> {
  const names = ['Ana', 'Bento'];
  const making = { pollId, title: 'x', names, rehearsal };
  await polls.repository.execute(pollId, { type: 'DraftPoll', ...making, at: iso(NOW), by: 'ana' });
  await polls.repository.execute(pollId, { type: 'SchedulePoll', opensAt, closesAt, at: iso(NOW), by: 'bia' });
  await settled();
}

async function passTo(time: string, later = 0): Promise<void> {
  const end = Date.parse(time) + later;
  while (Date.now() < end) {
    jest.advanceTimersByTime(Math.min(end - Date.now(), MINUTE_MS));
    await settled();
  }
  await settled();
}

const history = async (pollId = '1') => (await polls.events(pollStream(pollId))).map(decodePollEvent);
const typesOf = async (pollId = '1') => (await history(pollId)).slice(2).map(({ type }) => type);

beforeEach(async () => {
  jest.useFakeTimers({ now: NOW, doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask', 'performance'] });
  schedulers = [];
  polls = new PollsUnderTest();
  await polls.pollDirectory.onApplicationBootstrap();
});
afterEach(async () => {
  for (const scheduler of schedulers) scheduler.onModuleDestroy();
  await polls.dispose();
  jest.useRealTimers();
});

describe('a rehearsal', () => {
  it.each([
    ['a real poll opens on time while a rehearsal is open', false],
    ['a rehearsal opens on time while a real poll is open', true],
  ])('never delays and never waits: %s', async (_which, rehearsal) => {
    start();
    await polls.open('1', iso(NOW), !rehearsal);
    await schedule('2', OPENS, null, rehearsal);
    await passTo(OPENS);
    expect((await history('2')).at(-1)).toMatchObject({ type: 'PollOpened', openedAt: OPENS, scheduledFor: OPENS });
    expect(polls.lines.filter(({ level }) => level !== 'info')).toEqual([]);
  });
});

describe('a scheduled poll', () => {
  it('does not open once its draft is discarded', async () => {
    start();
    await schedule('1', OPENS, null);
    await polls.repository.execute('1', { type: 'DiscardDraft', at: iso(NOW), by: 'ana' });
    await settled();
    await passTo(OPENS, HOUR_MS);
    expect(await typesOf()).toEqual(['DraftDiscarded']);
    expect(polls.lines).toEqual([]);
  });

  it('is opened and closed at its times, not before', async () => {
    start();
    await schedule('1', OPENS, CLOSES);
    await passTo(OPENS, -1);
    expect(await typesOf()).toEqual([]);
    await passTo(OPENS);
    expect((await history()).at(-1)).toMatchObject({ openedAt: OPENS, scheduledFor: OPENS, by: 'bia' });
    await passTo(CLOSES, -1);
    expect(await typesOf()).toEqual(['PollOpened']);
    await passTo(CLOSES);
    expect((await history()).at(-1)).toMatchObject({ closedAt: CLOSES, scheduledFor: CLOSES, by: 'bia' });
  });

  it('is opened and closed once by several processes', async () => {
    for (let instance = 0; instance < 3; instance++) start();
    await schedule('1', OPENS, CLOSES);
    await passTo(CLOSES, HOUR_MS);

    expect(await typesOf()).toEqual(['PollOpened', 'PollClosed']);
  });

  it('is opened by a process that starts after its time, which the event says', async () => {
    await schedule('1', OPENS, null);
    jest.setSystemTime(Date.parse(OPENS) + 90_000);
    start();
    await passTo(OPENS, 90_001);

    expect((await history()).at(-1)).toMatchObject({
      type: 'PollOpened',
      scheduledFor: OPENS,
      openedAt: iso(Date.parse(OPENS) + 90_000),
    });
  });

  it('closes within a second of its time when the clock is set to it, and not before when it is set back', async () => {
    start();
    await polls.open('1');
    await polls.repository.execute('1', {
      type: 'SchedulePoll',
      opensAt: null,
      closesAt: iso(NOW + HOUR_MS),
      at: iso(NOW),
      by: 'ana',
    });
    await settled();
    jest.setSystemTime(NOW - HOUR_MS);
    await passTo(iso(NOW + HOUR_MS), -2000);
    expect(await typesOf()).toEqual([]);
    jest.setSystemTime(NOW + 2 * HOUR_MS);
    await passTo(iso(Date.now() + 1000));

    expect((await history()).at(-1)).toMatchObject({ type: 'PollClosed', closedAt: iso(NOW + 2 * HOUR_MS + 1000) });
  });

  it('follows the last schedule', async () => {
    start();
    await schedule('1', OPENS, null);
    await polls.repository.execute('1', {
      type: 'SchedulePoll',
      opensAt: null,
      closesAt: null,
      at: iso(NOW),
      by: 'ana',
    });
    await passTo(CLOSES);

    expect(await typesOf()).toEqual(['PollScheduled']);
  });

  it('waits until the poll before it is over', async () => {
    start();
    await polls.open('1');
    await schedule('2', OPENS, null);
    await passTo(OPENS, 60_000);
    expect(await typesOf('2')).toEqual([]);
    await polls.close('1', iso(Date.now()));
    await settled();
    await passTo(OPENS, 70_000);

    expect(await typesOf('2')).toEqual(['PollOpened']);
  });

  it('is tried again when the log is away', async () => {
    let down = true;
    const log = {
      read: (...read: Parameters<EventLog['read']>) => {
        if (down) throw new EventLogUnavailableError('gone');
        return polls.log.read(...read);
      },
      append: polls.log.append.bind(polls.log),
    } as unknown as EventLog;
    start(new PollRepository(log, evidenceKeys()));
    await schedule('1', OPENS, null);
    await passTo(OPENS);
    expect(polls.lines).toMatchObject([{ level: 'error' }]);
    down = false;
    await passTo(OPENS, 5010);

    expect(await typesOf()).toEqual(['PollOpened']);
  });

  it('is left alone by a process that has stopped', async () => {
    const scheduler = start();
    await schedule('1', OPENS, null);
    scheduler.onModuleDestroy();
    await passTo(CLOSES);

    expect(await typesOf()).toEqual([]);
    expect(jest.getTimerCount()).toBe(0);
  });
});
