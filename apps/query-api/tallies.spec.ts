import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';
import { Gauge, Registry } from 'prom-client';

import { totalOf } from '#domain';
import { Readiness } from '#platform';

import { type LogLine, recordingLogger } from '../../libs/platform/testing/recording-logger.ts';
import { Projection } from '#projection';
import { FlakyReadModel } from '../../libs/projection/testing/flaky-read-model.ts';
import { ProjectionWorld } from '../../libs/projection/testing/projection-world.ts';
import { Tallies } from './tallies.ts';

let world: ProjectionWorld;
let readModel: FlakyReadModel;
let readiness: Readiness;
let lines: LogLine[];
let tallies: Tallies;

const codeOf = (get: () => unknown): unknown => {
  try {
    get();
    return 'found';
  } catch (error) {
    return (error as { code: string }).code;
  }
};
const project = async (): Promise<void> => {
  const projection = await Projection.restore(world.tallies, world.log);
  await projection.fold(
    (await world.events()).filter(({ position }) => position > projection.resumeFrom),
    true,
  );
  await projection.save();
};
const isReady = async (): Promise<boolean> => {
  const [check] = readiness.checks();
  return (check?.[1]() ?? Promise.reject(new Error('no check'))).then(
    () => true,
    () => false,
  );
};
const refreshed = (): Promise<void> => delay(150);

beforeEach(async () => {
  world = new ProjectionWorld();
  readModel = new FlakyReadModel(world.readModel);
  readiness = new Readiness();
  const recording = recordingLogger();
  lines = recording.lines;
  const waiters = new Gauge({ name: 'waiters', help: '-', registers: [new Registry()] });
  tallies = new Tallies(readModel, readiness, recording.logger, waiters);
  await world.openPoll('1');
  await world.cast('1', 4);
  await project();
});
afterEach(async () => {
  tallies.onModuleDestroy();
  await world.dispose();
});

describe('the tallies', () => {
  it('are there when the start is over', async () => {
    await tallies.onApplicationBootstrap();

    expect(totalOf(tallies.get('1').snapshot)).toBe(4);
    expect(tallies.get()).toBe(tallies.get('1'));
    expect(await isReady()).toBe(true);
  });

  it('follow the read model', async () => {
    await tallies.onApplicationBootstrap();
    await world.cast('1', 3);
    await project();
    await refreshed();

    expect(totalOf(tallies.get('1').snapshot)).toBe(7);
    expect(tallies.ratePerSecond('1')).toBeGreaterThan(0);
    expect(tallies.lagSeconds()).toBe(0);
    expect(tallies.ageSeconds()).toBeLessThan(2);
  });

  it('show the poll that was opened last, however the polls come in and whatever the clocks said', async () => {
    await world.cut('1');
    for (let poll = 2; poll <= 10; poll++) await world.openPoll(String(poll), '2001-01-01T00:00:00.000Z');
    await project();
    await tallies.onApplicationBootstrap();

    expect(tallies.get().snapshot.pollId).toBe('10');
    expect(tallies.get('1').snapshot.cut).not.toBeNull();
  });

  it('put on stage what is voted on, then what comes next, then what was last', async () => {
    const currentOrNext = async (): Promise<unknown> => {
      await project();
      await refreshed();
      return tallies.currentOrNext().snapshot.pollId;
    };
    await tallies.onApplicationBootstrap();
    await world.draftPoll('2');
    await world.draftPoll('3', '2026-11-24T22:05:00.000Z');
    await world.draftPoll('4', '2026-11-23T22:05:00.000Z');
    expect(await currentOrNext()).toBe('1');
    await world.cut('1');
    expect(await currentOrNext()).toBe('4');
    await world.openPoll('3');
    await world.openPoll('2');
    expect(await currentOrNext()).toBe('2');
    await world.openPoll('4');
    await world.cut('4');
    expect(await currentOrNext()).toBe('4');
    expect(tallies.all().map(({ snapshot }) => snapshot.pollId)).toEqual(['4', '3', '2', '1']);
  });

  it('keep a draft to themselves, but for the list', async () => {
    await world.draftPoll('2', '2026-11-23T22:05:00.000Z');
    await project();
    await tallies.onApplicationBootstrap();

    expect(tallies.get().snapshot.pollId).toBe('1');
    expect(codeOf(() => tallies.get('2'))).toBe('poll-not-found');
    expect(tallies.all()).toHaveLength(2);
  });

  it('know nothing of a poll that was never opened, whatever is in its ballot box', async () => {
    await world.cast('7', 2);
    await project();
    await tallies.onApplicationBootstrap();

    expect(codeOf(() => tallies.get('7'))).toBe('poll-not-found');
    expect(codeOf(() => tallies.get('8'))).toBe('poll-not-found');
    expect(tallies.get().snapshot.pollId).toBe('1');
  });

  it('stay as they were while the read model is away, with one line in the log', async () => {
    await tallies.onApplicationBootstrap();
    readModel.isDown = () => true;
    await delay(400);

    expect(totalOf(tallies.get('1').snapshot)).toBe(4);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({ level: 'error' });
    readModel.isDown = () => false;
    await world.cast('1', 1);
    await project();
    await refreshed();
    expect(totalOf(tallies.get('1').snapshot)).toBe(5);
  });

  it('are unavailable, not unknown, while the read model was never read', async () => {
    readModel.isDown = () => true;
    await tallies.onApplicationBootstrap();

    expect(codeOf(() => tallies.get())).toBe('read-model-unavailable');
    expect(await isReady()).toBe(false);
  });

  it('are late by the silence of a projector that died', async () => {
    await tallies.onApplicationBootstrap();

    const clock = jest.spyOn(performance, 'now');
    const now = performance.now();
    clock.mockReturnValue(now + 2000);
    expect(tallies.lagSeconds()).toBe(0);
    clock.mockReturnValue(now + 10_000);
    expect(tallies.lagSeconds()).toBeGreaterThan(9);
    clock.mockRestore();
  });

  it.each([-3_600_000, 3_600_000])('neither age nor grow young when the clock is set by %i ms', async (step) => {
    await tallies.onApplicationBootstrap();
    const [clock, now] = [jest.spyOn(Date, 'now'), Date.now()];
    clock.mockReturnValue(now + step);
    await refreshed();

    expect(tallies.ageSeconds()).toBeLessThan(2);
    expect(tallies.lagSeconds()).toBe(0);
    expect(await isReady()).toBe(true);
    clock.mockRestore();
  });
});

describe('a result that includes a vote', () => {
  it('is promised only when the tally holds the vote', async () => {
    await tallies.onApplicationBootstrap();
    for (let round = 1; round <= 5; round++) {
      await world.cast('1', 1);
      const { position } = await world.log.head();
      const waiting = tallies.includes(position, 2000);
      expect(totalOf(tallies.get('1').snapshot)).toBe(3 + round);
      await delay(round * 17);
      await project();

      expect(await waiting).toBe(true);
      expect(totalOf(tallies.get('1').snapshot)).toBe(4 + round);
    }
  });

  it('is not promised on the word of a checkpoint whose tally could not be read', async () => {
    await tallies.onApplicationBootstrap();
    await world.cast('1', 1);
    const { position } = await world.log.head();
    readModel.isDown = (call) => call === 'load';
    await project();

    expect(await tallies.includes(position, 300)).toBe(false);
    readModel.isDown = () => false;
    expect(await tallies.includes(position, 2000)).toBe(true);
    expect(totalOf(tallies.get('1').snapshot)).toBe(5);
  });

  it('is there at once for a vote that was counted long ago', async () => {
    await tallies.onApplicationBootstrap();

    expect(await tallies.includes(3n, 0)).toBe(true);
  });

  it('is given up after the time, and when the service stops', async () => {
    await tallies.onApplicationBootstrap();
    expect(await tallies.includes(999n, 50)).toBe(false);
    const waiting = tallies.includes(999n, 60_000);
    tallies.onModuleDestroy();
    expect(await waiting).toBe(false);
  });
});
