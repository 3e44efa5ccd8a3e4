import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';

import { Tally } from '#domain';

import { Projection } from './projection.ts';
import { ProjectionWorld } from './testing/projection-world.ts';

const START = Date.parse('2026-11-23T22:00:00.000Z');

let world: ProjectionWorld;

beforeEach(() => {
  jest.useFakeTimers({ now: START, doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask', 'setTimeout'] });
  world = new ProjectionWorld();
});
afterEach(async () => {
  jest.restoreAllMocks();
  await world.dispose();
  jest.useRealTimers();
});

describe('a poll that is over', () => {
  it('is told to free its ids an hour after the last that may come again, by the clock of the log', async () => {
    await world.openPoll('1');
    await world.cast('1', 3);
    const projection = await Projection.restore(world.tallies, world.log);
    const freed = jest.spyOn(Tally.prototype, 'forgetIdsBefore');
    jest.setSystemTime(START + 7_200_000);
    await world.openPoll('2');
    await projection.fold(await world.events(), true);
    await projection.save();

    expect(freed).toHaveBeenCalledWith(START + 7_200_000 - 3_600_000);
  });
});

describe('an open poll', () => {
  it('keeps its ids when the clock of the log was ahead for a moment: no vote has the box read again', async () => {
    await world.openRehearsal('1');
    await world.cast('1', 3, 2);
    jest.setSystemTime(START + 3 * 3_600_000);
    await world.openPoll('2');
    jest.setSystemTime(START);
    const projection = await Projection.restore(world.tallies, world.log);
    await projection.fold(await world.events(), true);
    const read = jest.spyOn(world.log, 'read');
    for (let save = 0; save < 3; save++) {
      await projection.save();
      await world.cast('1', 1, 2);
      await projection.fold(
        (await world.events()).filter(({ position }) => position > projection.position),
        true,
      );
    }

    expect(read).not.toHaveBeenCalled();
  });
});
