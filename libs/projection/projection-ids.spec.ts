import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';

import { Tally, ballotBoxStream } from '#domain';

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

describe('ids that are refilled after a restart', () => {
  it.each([
    [1, 'in between', 2],
    [1, 'at the end', 5],
    [2, 'in between', 2],
    [2, 'at the end', 5],
  ] as const)(
    'are all of them, in a poll of rule %i, also where the log leaves one out %s',
    async (rule, _where, left) => {
      if (rule === 1) await world.openPoll('1');
      else await world.openRehearsal('1');
      const votes = Array.from({ length: 6 }, () => (rule === 1 ? world.vote() : world.voteOfRule2()));
      for (const vote of votes) await world.append(ballotBoxStream('1'), vote);
      const before = await Projection.restore(world.tallies, world.log);
      await before.fold(await world.events(), true);
      await before.save();
      await world.append(ballotBoxStream('1'), votes[left]!);
      const after = await Projection.restore(world.tallies, world.log);
      const skipped: unknown[] = [];
      after.onSkipped = (events) => skipped.push(events);
      const delivered = (await world.events()).filter(({ position }) => position > after.resumeFrom);
      const missing = delivered.findIndex(({ revision, stream }) => stream === 'votes-1' && revision === BigInt(left));
      await after.fold(delivered.toSpliced(missing, 1), true);

      expect(delivered.length).toBeGreaterThanOrEqual(7);
      expect(after.snapshotOf('1')).toMatchObject({ votes: [6, 0], duplicates: 1 });
      expect(skipped).toEqual([{ stream: 'votes-1', from: BigInt(left), to: BigInt(left), found: 1 }]);
    },
  );
});
