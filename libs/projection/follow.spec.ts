import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';

import { EventLogUnavailableError } from '#event-log';
import { TallyConflictError } from '#read-model';

import { type Followed, follow } from './follow.ts';
import { Projection } from './projection.ts';
import { FlakyReadModel } from './testing/flaky-read-model.ts';
import { ProjectionWorld } from './testing/projection-world.ts';

let world: ProjectionWorld;
let readModel: FlakyReadModel;
let projection: Projection;
let stopped: AbortController;
let following: Promise<void>;

beforeEach(async () => {
  world = new ProjectionWorld();
  readModel = new FlakyReadModel(world.readModel);
  stopped = new AbortController();
  await world.openPoll('1');
  projection = await Projection.restore(readModel.tallies('6-0'), world.log);
});
afterEach(async () => {
  stopped.abort();
  await following.catch(() => undefined);
  await world.dispose();
});

function start(options: Followed = {}): Promise<void> {
  following = follow(world.log, projection, stopped.signal, options);
  following.catch(() => undefined);
  return following;
}

async function until(holds: () => boolean): Promise<void> {
  for (let round = 0; !holds(); round++) {
    if (round > 500) throw new Error('it did not happen');
    await delay(10);
  }
}

describe('following the log', () => {
  it('tries again to store what is folded while the read model is away, and reads nothing anew', async () => {
    let saves = 0;
    let folded = 0;
    const failures: string[] = [];
    readModel.isDown = (call) => call === 'save' && ++saves <= 3;
    void start({
      fold: async ({ events, caughtUp }) => {
        folded += events.length;
        await projection.fold(events, caughtUp);
      },
      onSaveFailed: ({ message }) => failures.push(message),
    });
    await until(() => readModel.written.includes('tally 1 at 1'));

    expect(failures).toEqual(Array(3).fill('save failed'));
    expect(folded).toBe(1);
  });

  it('folds on while the read model is away, so that the first save that succeeds holds everything', async () => {
    const skipped: unknown[] = [];
    projection.onSkipped = (events) => skipped.push(events);
    readModel.isDown = (call) => call === 'save';
    void start();
    for (let round = 1; round <= 12; round++) {
      await world.cast('1', 100);
      await delay(100);
    }
    await until(() => projection.position === 1201n);
    expect(readModel.written.filter((what) => what.startsWith('tally'))).toEqual([]);
    readModel.isDown = () => false;
    await until(() => readModel.written.includes('checkpoint 1201'));

    expect(readModel.written.filter((what) => what.startsWith('tally'))).toEqual(['tally 1 at 1201']);
    expect(skipped).toEqual([]);
  });

  it('ends at once when two folds disagree: that does not heal', async () => {
    const { snapshot } = await world.expected('1');
    await world.tallies.save({ position: 1n, digest: 'another', snapshot });
    readModel.isBlind = true;
    await expect(start()).rejects.toThrow(TallyConflictError);
  });

  it('ends when the log was restored meanwhile, and ends before what was folded of it', async () => {
    await world.cast('1', 5);
    const running = start();
    await until(() => projection.position === 6n && projection.isCaughtUp);
    const head = jest.spyOn(world.log, 'head').mockResolvedValue({ position: 4n, recordedAt: 0 });

    await expect(running).rejects.toMatchObject({
      code: 'foreign-read-model',
      message: expect.stringMatching(/at 4\b/),
    });
    head.mockRestore();
  });

  it('goes on when the log is read from a node that is behind for a moment', async () => {
    await world.cast('1', 5);
    void start();
    await until(() => projection.position === 6n && projection.isCaughtUp);
    const head = jest.spyOn(world.log, 'head').mockResolvedValue({ position: 4n, recordedAt: 0 });
    await delay(1500);
    head.mockRestore();
    await world.cast('1', 5);
    await until(() => projection.position === 11n);
  });

  it('ends when the log has grown again since, with something else in the place of what was folded', async () => {
    await world.cast('1', 5);
    const running = start();
    await until(() => projection.position === 6n && projection.isCaughtUp);
    const another = new ProjectionWorld();
    await another.openPoll('1');
    await another.cast('1', 50);
    const read = jest.spyOn(world.log, 'read').mockImplementation((stream, from) => another.log.read(stream, from));

    await expect(running).rejects.toMatchObject({
      code: 'foreign-read-model',
      message: expect.stringMatching(/^revision 4 of votes-1 is not what was folded/),
    });
    read.mockRestore();
    await another.dispose();
  });

  it('goes on while the log is away, and beats', async () => {
    let beats = 0;
    void start({
      onBeat: () => {
        beats++;
      },
    });
    await until(() => projection.isCaughtUp);
    const head = jest.spyOn(world.log, 'head').mockRejectedValue(new EventLogUnavailableError('away'));
    await until(() => head.mock.calls.length > 1 && beats > 0);
    head.mockRestore();
    await world.cast('1', 5);

    await until(() => projection.position === 6n);
  });

  it('has no heartbeat on its way when it is over', async () => {
    const beat = Promise.withResolvers<void>();
    let beats = 0;
    const running = start({
      onBeat: () => {
        beats++;
        return beat.promise;
      },
    });
    await until(() => beats > 0);
    const { length } = readModel.written;
    let over = false;
    void running.then(() => (over = true));
    stopped.abort();
    await delay(50);
    expect(over).toBe(false);
    beat.resolve();
    await running;
    expect(readModel.written).toHaveLength(length + 1);
    await delay(1100);
    expect([beats, readModel.written.length]).toEqual([1, length + 1]);
  });
});
