import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';

import { type EventContent, type RecordedEvent, Tally, ballotBoxStream, totalOf } from '#domain';
import type { ReadModel } from '#read-model';

import { seeded } from '../../libs/platform/testing/seeded.ts';
import { Projection } from './projection.ts';
import { FlakyReadModel } from './testing/flaky-read-model.ts';
import { ProjectionWorld } from './testing/projection-world.ts';

const START = Date.parse('2026-11-23T22:00:00.000Z');
const encoder = new TextEncoder();

let world: ProjectionWorld;

beforeEach(() => {
  // only the clocks: an hour of votes passes in no time
  jest.useFakeTimers({ now: START, doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask', 'setTimeout'] });
  world = new ProjectionWorld();
});
afterEach(async () => {
  await world.dispose();
  jest.useRealTimers();
});

/** Votes of two polls over an hour: first ones, again ones, too late ones, for nobody, and some that cannot be read. */
async function eventfulHour(random: () => number): Promise<void> {
  const cast: EventContent[] = [];
  await world.openPoll('1');
  for (let event = 0; event < 250; event++) {
    jest.setSystemTime(Date.now() + Math.floor(random() * 30_000));
    const pollId = random() < 0.7 ? '1' : '2';
    const kind = random();
    const again = cast[Math.floor(random() * cast.length)];
    let content = world.vote(kind < 0.03 ? 9 : random() < 0.6 ? 1 : 2);
    if (kind > 0.97) content = { type: 'VoteCast', version: 7, data: encoder.encode('?') };
    else if (kind > 0.7 && again !== undefined) content = again;
    cast.push(content);
    await world.append(ballotBoxStream(pollId), content);
    if (event === 40) await world.openPoll('2');
    if (event === 200) await world.cut('1');
  }
}

const foldAll = async (readModel: ReadModel): Promise<Projection> => {
  const projection = await Projection.restore(readModel.tallies('6-0'), world.log);
  const events = (await world.events()).filter(({ position }) => position > projection.resumeFrom);
  await projection.fold(events, true);
  await projection.save();
  return projection;
};

const pageAfter = (events: readonly RecordedEvent[], position: bigint, size: number): RecordedEvent[] => {
  const from = events.findIndex((event) => event.position > position);
  return from < 0 ? [] : events.slice(from, from + size);
};

/** @returns how often the fold was interrupted and taken up from what was stored */
async function foldWithCrashes(events: readonly RecordedEvent[], random: () => number): Promise<number> {
  const readModel = new FlakyReadModel(world.readModel);
  // a crash may come before each of the writes of a save: between two tallies, or before the checkpoint
  readModel.isDown = (call) => (call === 'save' || call === 'saveCheckpoint') && random() < 0.25;
  let crashes = 0;
  let projection = await Projection.restore(readModel.tallies('6-0'), world.log);
  let read = projection.resumeFrom;
  while (read < (events.at(-1)?.position ?? 0n)) {
    const page = pageAfter(events, read, 1 + Math.floor(random() * 30));
    await projection.fold(page, false);
    read = page.at(-1)?.position ?? read;
    try {
      if (random() < 0.6) await projection.save();
      if (random() < 0.2) throw new Error('a crash between two saves');
    } catch {
      crashes++;
      projection = await Projection.restore(readModel.tallies('6-0'), world.log);
      read = projection.resumeFrom;
    }
  }
  readModel.isDown = () => false;
  await projection.save();
  return crashes;
}

describe('a projection', () => {
  it('stores every poll as one fold of the log gives it', async () => {
    await eventfulHour(seeded(1));
    const projection = await foldAll(world.readModel);

    for (const pollId of ['1', '2']) {
      const expected = await world.expected(pollId);
      expect(await world.tallies.load(pollId)).toMatchObject({ ...expected, position: projection.position });
    }
    const { snapshot } = await world.expected('1');
    for (const count of [
      totalOf(snapshot),
      snapshot.duplicates,
      snapshot.late,
      snapshot.expired,
      snapshot.quarantined,
    ]) {
      expect(count).toBeGreaterThan(0);
    }
  });

  it.each([11, 12, 13, 14, 15, 16])('gives the same however often it is interrupted (%i)', async (seed) => {
    const random = seeded(seed);
    await eventfulHour(random);
    const crashes = await foldWithCrashes(await world.events(), random);

    expect(crashes).toBeGreaterThan(3);
    for (const pollId of ['1', '2']) {
      const { digest, snapshot } = await world.expected(pollId);
      const stored = await world.tallies.load(pollId);
      expect(stored?.digest).toBe(digest);
      expect(stored?.snapshot).toMatchObject({ ...snapshot, windowFrom: stored?.snapshot.windowFrom });
    }
  });

  it('of another process, slower or faster, changes nothing', async () => {
    const random = seeded(21);
    await eventfulHour(random);
    const events = await world.events();
    const projections = await Promise.all([
      Projection.restore(world.tallies, world.log),
      Projection.restore(world.tallies, world.log),
    ]);
    const read = projections.map(({ resumeFrom }) => resumeFrom);
    for (let turn = 0; turn < 100; turn++) {
      const which = random() < 0.5 ? 0 : 1;
      const page = pageAfter(events, read[which] ?? 0n, 1 + Math.floor(random() * 20));
      await projections[which].fold(page, false);
      read[which] = page.at(-1)?.position ?? read[which] ?? 0n;
      if (random() < 0.7) await projections[which].save();
    }

    for (const pollId of ['1', '2']) {
      expect((await world.tallies.load(pollId))?.digest).toBe((await world.expected(pollId)).digest);
    }
  });

  it('does not count again what a tally held already when the checkpoint was lost', async () => {
    await world.openPoll('1');
    await world.cast('1', 10);
    const readModel = new FlakyReadModel(world.readModel);
    readModel.isDown = (call) => call === 'saveCheckpoint';
    await expect(foldAll(readModel)).rejects.toThrow('saveCheckpoint failed');
    expect((await world.tallies.checkpoint()).position).toBe(0n);

    await world.cast('1', 5);
    await foldAll(world.readModel);
    expect((await world.tallies.load('1'))?.snapshot.votes).toEqual([8, 7]);
    expect((await world.tallies.checkpoint()).position).toBe(16n);
  });

  it('recognises a vote again that was counted before the restart', async () => {
    const vote = world.vote(1);
    await world.openPoll('1');
    await world.append(ballotBoxStream('1'), vote);
    await foldAll(world.readModel);
    await world.append(ballotBoxStream('1'), vote);
    await foldAll(world.readModel);

    expect((await world.tallies.load('1'))?.snapshot).toMatchObject({ votes: [1, 0], duplicates: 1 });
  });

  it('does not read further back than the ids that may come again', async () => {
    await world.openPoll('1');
    await world.cast('1', 100);
    await foldAll(world.readModel);
    jest.setSystemTime(START + 3_600_000);
    await world.cast('1', 1);
    await foldAll(world.readModel);

    expect((await Projection.restore(world.tallies, world.log)).resumeFrom).toBeGreaterThanOrEqual(101n);
  });
});

describe('a checkpoint', () => {
  it('comes after the tallies of its position, and never while one is not stored', async () => {
    await world.openPoll('1');
    await world.cast('1', 3);
    await world.openPoll('2');
    await world.cast('2', 3);
    const readModel = new FlakyReadModel(world.readModel);
    const projection = await Projection.restore(readModel.tallies('6-0'), world.log);
    await projection.fold(await world.events(), true);
    await projection.saveCheckpoint();
    expect(readModel.written).toEqual([]);

    await projection.save();
    await projection.saveCheckpoint();
    expect(readModel.written).toEqual(['tally 1 at 8', 'tally 2 at 8', 'checkpoint 8', 'checkpoint 8']);
  });

  it('stays where it was when a tally cannot be stored', async () => {
    await world.openPoll('1');
    const readModel = new FlakyReadModel(world.readModel);
    readModel.isDown = (call) => call === 'save';
    const projection = await Projection.restore(readModel.tallies('6-0'), world.log);
    await projection.fold(await world.events(), true);
    await expect(projection.save()).rejects.toMatchObject({ code: 'read-model-unavailable' });
    await projection.saveCheckpoint();

    expect(readModel.written).toEqual([]);
  });
});

describe('the lag', () => {
  it('is 0 when the end of the log is reached, and the age of what was folded last before that', async () => {
    await world.openPoll('1');
    const projection = await Projection.restore(world.tallies, world.log);
    await projection.fold(await world.events(), false);
    jest.advanceTimersByTime(7000);
    expect(projection.lagSeconds()).toBe(7);
    await projection.fold([], true);
    expect(projection.lagSeconds()).toBe(0);
  });

  it('grows from when the end of the log was known last, where a broken subscription hides whether there is more', async () => {
    await world.openPoll('1');
    const projection = await Projection.restore(world.tallies, world.log);
    await projection.fold(await world.events(), true);
    jest.advanceTimersByTime(3_600_000);
    await projection.fold([], true);
    await projection.fold([], false);

    jest.advanceTimersByTime(7000);
    expect(projection.lagSeconds()).toBe(7);
    await projection.save();
    const restored = await Projection.restore(world.tallies, world.log);
    jest.advanceTimersByTime(2000);
    expect(restored.lagSeconds()).toBe(9);
  });

  it.each([-3_600_000, 3_600_000])('does not jump when the clock is set by %i ms', async (step) => {
    await world.openPoll('1');
    const projection = await Projection.restore(world.tallies, world.log);
    await projection.fold(await world.events(), true);
    await projection.fold([], false);
    jest.advanceTimersByTime(7000);
    jest.setSystemTime(Date.now() + step);

    expect(projection.lagSeconds()).toBe(7);
  });
});

describe('what cannot be read', () => {
  it('is told once; beyond the first hundred of a poll, by its number', async () => {
    await world.openPoll('1');
    const junk = { type: 'VoteCast', version: 9, data: new Uint8Array() };
    await world.append(ballotBoxStream('1'), ...Array<typeof junk>(99).fill(junk));
    const projection = await Projection.restore(world.tallies, world.log);
    const foldNew = async (): Promise<[number, number, number][]> => {
      await projection.fold(
        (await world.events()).filter(({ position }) => position > projection.position),
        true,
      );
      return (await projection.save()).map(({ events, total, unlisted }) => [events.length, total, unlisted]);
    };
    expect(await foldNew()).toEqual([[99, 99, 0]]);
    await world.append(ballotBoxStream('1'), junk, junk, junk);
    expect(await foldNew()).toEqual([[1, 102, 2]]);
    await world.append(ballotBoxStream('1'), junk);
    expect(await foldNew()).toEqual([[0, 103, 3]]);
    await world.cast('1', 1);
    expect(await foldNew()).toEqual([]);
  });

  it('is told later when the first try to store it failed half-way', async () => {
    await world.openPoll('1');
    await world.append(ballotBoxStream('1'), { type: 'VoteCast', version: 9, data: new Uint8Array() });
    const readModel = new FlakyReadModel(world.readModel);
    const projection = await Projection.restore(readModel.tallies('6-0'), world.log);
    await projection.fold(await world.events(), true);
    readModel.isDown = (call) => call === 'saveCheckpoint';
    await expect(projection.save()).rejects.toThrow('saveCheckpoint failed');
    readModel.isDown = () => false;

    expect(await projection.save()).toMatchObject([{ pollId: '1', total: 1 }]);
  });
});

describe('a read model that is ahead of its log', () => {
  it.each([
    [
      'a tally',
      (): Promise<unknown> => world.tallies.save({ position: 9n, digest: 'x', snapshot: new Tally('1').snapshot() }),
    ],
    ['the checkpoint', () => world.tallies.saveCheckpoint({ position: 9n, clock: 0, at: 1, lagSeconds: 0 })],
  ])('is refused: %s', async (_what, write) => {
    await world.openPoll('1');
    await write();
    await expect(Projection.restore(world.tallies, world.log)).rejects.toMatchObject({
      code: 'foreign-read-model',
      message: expect.stringMatching(/up to position 9, but the log ends at 1/),
    });
  });
});

describe('a rehearsal', () => {
  it('is neither the latest poll nor in the sums, but for what cannot be read', async () => {
    await world.openPoll('1');
    await world.cast('1', 3);
    await world.openRehearsal('2');
    await world.cast('2', 5, 2);
    await world.cast('2', 1);
    const projection = await Projection.restore(world.tallies, world.log);
    await projection.fold(await world.events(), true);
    await projection.save();

    expect(projection.latest()?.pollId).toBe('1');
    expect(projection.totals()).toMatchObject({ counted: 3, quarantined: 1 });
    expect(projection.snapshotOf('2')?.votes).toEqual([3, 2]);
  });
});
