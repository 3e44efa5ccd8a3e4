import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';

import { ballotBoxStream } from '#domain';
import { type ReadModel, SqliteReadModel, digestOf } from '#read-model';

import { follow } from './follow.ts';
import { Projection } from './projection.ts';
import { type RebuildOptions, type RebuildProgress, type RebuildResult, rebuild } from './rebuild.ts';
import { FlakyReadModel } from './testing/flaky-read-model.ts';
import { ProjectionWorld } from './testing/projection-world.ts';

const HOUR = 3_600_000;

let world: ProjectionWorld;
let ended: AbortController;
let projecting: Promise<void>;

beforeEach(() => {
  world = new ProjectionWorld();
  ended = new AbortController();
  projecting = Promise.resolve();
});
afterEach(async () => {
  ended.abort();
  await projecting;
  await world.dispose();
});

/** A projector, which goes where the pointer shows. */
async function keepProjecting(readModel: ReadModel = world.readModel): Promise<void> {
  while (!ended.signal.aborted) {
    const store = await readModel.current();
    const moved = new AbortController();
    await follow(world.log, await Projection.restore(store, world.log), AbortSignal.any([ended.signal, moved.signal]), {
      onBeat: async () => {
        if ((await readModel.active()) !== store.version) moved.abort();
      },
    });
  }
}

const run = (options: Partial<RebuildOptions> = {}, readModel: ReadModel = world.readModel): Promise<RebuildResult> =>
  rebuild(world.log, readModel, { signal: ended.signal, handoverLimitMs: 100, watchMs: 1500, ...options });

const projectOnce = async (): Promise<void> => {
  const projection = await Projection.restore(world.tallies, world.log);
  await projection.fold(await world.events(), true);
  await projection.save();
};

const versions = async (): Promise<string[]> => (await world.readModel.versions()).map(({ version }) => version);

/** What a bug or a hand did to the stored tally of poll 1. */
async function tamper(): Promise<void> {
  const stored = await world.tallies.load('1');
  const [first = 0, second = 0] = stored!.snapshot.votes;
  const snapshot = { ...stored!.snapshot, votes: [first + 1, second] };
  await world.append(ballotBoxStream('1'), world.vote());
  const position = (await world.log.head()).position;
  await world.tallies.save({ position, digest: digestOf(snapshot), snapshot });
  await world.tallies.saveCheckpoint({ position, clock: Date.now(), at: 0, lagSeconds: 0 });
}

describe('a rebuild', () => {
  it('makes the first version of an empty log', async () => {
    expect(await run()).toMatchObject({
      version: '6-1',
      previousVersion: '6-0',
      events: 0,
      switched: true,
      handedOver: true,
    });
    expect(await world.readModel.active()).toBe('6-1');
  });

  it('folds everything anew, agrees with the active version at its position, and switches', async () => {
    await world.openPoll('1');
    await world.cast('1', 1500);
    await world.openPoll('2');
    await world.cast('2', 5);
    await projectOnce();
    await world.cast('2', 7);
    const seen: RebuildProgress[] = [];
    const result = await run({ onProgress: (progress) => seen.push(progress) });
    // nobody wrote the active version meanwhile: both of its tallies were compared on the way
    expect(result).toMatchObject({ events: 1514, differences: [], switched: true });
    expect(result.compared).toEqual(
      new Map([
        ['1', 1507n],
        ['2', 1507n],
      ]),
    );
    expect(seen.at(-1)).toMatchObject({ version: '6-1', events: 1514, position: 1514n, head: 1514n });
    for (const pollId of ['1', '2']) {
      const { digest, snapshot } = await world.expected(pollId);
      expect(await (await world.readModel.current()).load(pollId)).toMatchObject({ digest, snapshot });
    }
    expect(await versions()).toEqual(['6-0', '6-1']);
    expect((await world.tallies.load('2'))?.snapshot.votes).toEqual([3, 2]);
  });

  it('ends where the two versions differ, names the poll and both counts, and leaves everything as it was', async () => {
    await world.openPoll('1');
    await world.cast('1', 10);
    await projectOnce();
    await tamper();
    const { differences, switched } = await run();
    expect(switched).toBe(false);
    expect(differences.map(({ active, rebuilt }) => [active.snapshot.votes, rebuilt.snapshot.votes])).toEqual([
      [
        [6, 5],
        [6, 5],
      ],
    ]);
    expect(await world.readModel.active()).toBe('6-0');
    expect(await versions()).toEqual(['6-0']);
  });

  it('switches in spite of differences when it is told that they are meant', async () => {
    await world.openPoll('1');
    await world.cast('1', 10);
    await projectOnce();
    await tamper();
    const { differences, switched } = await run({ acceptDifferences: true });
    expect([differences.length, switched]).toEqual([1, true]);
    const { digest } = await world.expected('1');
    expect((await (await world.readModel.current()).load('1'))?.digest).toBe(digest);
  });

  it('goes on until a projector has taken the new version over, so that it never stands still', async () => {
    await world.openPoll('1');
    projecting = keepProjecting();
    const polls = new AbortController();
    const voters = (async () => {
      while (!polls.signal.aborted && !ended.signal.aborted) {
        await world.cast('1', 3);
        await delay(2);
      }
    })();
    await delay(200);
    const result = await run({ handoverLimitMs: 30_000 });
    expect(result).toMatchObject({ version: '6-1', differences: [], switched: true, handedOver: true });
    expect([...result.compared.keys()]).toEqual(['1']);
    await world.cast('1', 50);
    polls.abort();
    await voters;
    const { digest } = await world.expected('1');
    const current = await world.readModel.current();
    while ((await current.load('1'))?.digest !== digest && !ended.signal.aborted) await delay(20);
    expect(current.version).toBe('6-1');
    expect((await world.tallies.load('1'))?.digest).not.toBe(digest);
  });

  it('hands over while nobody votes, too', async () => {
    await world.openPoll('1');
    projecting = keepProjecting();
    while ((await versions()).length === 0) await delay(20);
    expect(await run({ handoverLimitMs: 30_000 })).toMatchObject({ switched: true, handedOver: true });
  });

  it('leaves the active version as it was when it is broken off, and nothing of its own', async () => {
    await world.openPoll('1');
    await world.cast('1', 2000);
    await projectOnce();
    const before = await world.tallies.load('1');
    const interrupt = new AbortController();
    const onProgress = (): void => interrupt.abort(new Error('broken off'));
    await expect(run({ signal: interrupt.signal, onProgress })).rejects.toThrow('broken off');
    expect(await world.tallies.load('1')).toEqual(before);
    expect([await world.readModel.active(), await versions()]).toEqual(['6-0', ['6-0']]);
  });

  it('leaves the active version as it was when the store goes away half-way', async () => {
    await world.openPoll('1');
    await world.cast('1', 100);
    await projectOnce();
    const flaky = new FlakyReadModel(world.readModel);
    flaky.isDown = (call) => call === 'activate';
    await expect(run({}, flaky)).rejects.toThrow('activate failed');
    expect([await world.readModel.active(), await versions()]).toEqual(['6-0', ['6-0']]);
  });

  it('does no harm beside another one: the faster one wins, the other one ends', async () => {
    await world.openPoll('1');
    await world.cast('1', 2000);
    await projectOnce();
    const outcomes = await Promise.allSettled([run(), run()]);
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    const lost = outcomes.find(({ status }) => status === 'rejected');
    expect(lost).toMatchObject({
      reason: { code: 'rebuild-overtaken', message: expect.stringMatching(/another rebuild was faster/) },
    });
    const { digest } = await world.expected('1');
    expect((await (await world.readModel.current()).load('1'))?.digest).toBe(digest);
  });

  it.each([
    ['a projector runs whose host has a clock an hour behind', -HOUR, false],
    ['one has ended whose host had a clock an hour ahead', HOUR, true],
  ])(
    'waits for whoever writes while it looks, and says so when nobody takes over in time: %s',
    async (_what, apart, handedOver) => {
      await world.openPoll('1');
      await projectOnce();
      let at = Date.now() + apart;
      const { position } = await world.log.head();
      const beat = (): Promise<void> => world.tallies.saveCheckpoint({ position, clock: 0, at: ++at, lagSeconds: 0 });
      await beat();
      const beating = apart < 0 ? setInterval(() => void beat(), 100) : undefined;

      expect(await run()).toMatchObject({ switched: true, handedOver });
      clearInterval(beating);
    },
  );

  it('builds for a release of another format beside the programs of this one', async () => {
    await world.openPoll('1');
    await world.cast('1', 10);
    await projectOnce();
    const release = SqliteReadModel.open(world.directory, 7);
    expect(await run({}, release)).toMatchObject({ version: '7-1', compared: new Map(), switched: true });
    expect([await release.active(), await world.readModel.active()]).toEqual(['7-1', '6-0']);
    expect((await (await release.current()).load('1'))?.snapshot.votes).toEqual([5, 5]);
    await release.close();
  });

  it('survives a heartbeat that fails, and leaves none behind', async () => {
    await world.openPoll('1');
    projecting = keepProjecting();
    while ((await versions()).length === 0) await delay(20);
    const flaky = new FlakyReadModel(world.readModel);
    let missed = 0;
    let switched = false;
    // after the switch only heartbeats ask for a checkpoint
    flaky.isDown = (call) => {
      if (call === 'activate') switched = true;
      return call === 'checkpoint' && switched && ++missed === 1;
    };

    expect(await run({ handoverLimitMs: 30_000 }, flaky)).toMatchObject({ switched: true, handedOver: true });
    expect(missed).toBeGreaterThan(0);
    const { length } = flaky.written;
    await delay(1200);
    expect(flaky.written).toHaveLength(length);
  });

  it('refuses a read model of another log', async () => {
    await world.openPoll('1');
    const { digest, snapshot } = await world.expected('1');
    await world.tallies.save({ position: 99n, digest, snapshot });
    await expect(run()).rejects.toThrow('the read model is of another log');
    expect(await versions()).toEqual([]);
  });
});
