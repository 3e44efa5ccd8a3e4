import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { type EventLog, EventLogUnavailableError } from '#event-log';
import { ReadModelUnavailableError, type TileStore } from '#read-model';
import { tilesOf } from '#transparency';

import { ForkedLogError, encodeSealOverruled, noteIn } from './index.ts';
import { SEALED, SealWorld } from './testing/seal-world.ts';

let world: SealWorld;
beforeEach(() => {
  world = new SealWorld();
});
afterEach(() => world.dispose());

const notes = async (): Promise<string[]> =>
  (await world.events(SEALED.checkpoints)).map((event) => noteIn(event)!.note);
const tilesIn = (size: number): Promise<readonly Uint8Array[]> =>
  world.readModel.tiles.read(SEALED.name, [...tilesOf(size)]);
const refusalOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    (outcome) => outcome,
    (error: unknown) => (error instanceof ForkedLogError ? 'forked' : error),
  );

/** Tiles or a log that fail once, after they did what they were asked, or before. */
const failing = <T extends object>(inner: T, method: keyof T, error: Error, does: boolean): T => {
  let failed = false;
  return new Proxy(inner, {
    get(target, name) {
      const value = Reflect.get(target, name) as unknown;
      if (typeof value !== 'function') return value;
      if (name !== method || failed) return value.bind(target) as unknown;
      return async (...parameters: unknown[]) => {
        const call = (): unknown => Reflect.apply(value, target, parameters);
        failed = true;
        if (does) await call();
        throw error;
      };
    },
  });
};

describe('a sealer', () => {
  it('signs what the log is, each time that it grew', async () => {
    const sealer = await world.resume();
    const outcomes = [await world.seal(sealer)];
    for (const count of [1, 255, 1, 1000]) {
      await world.cast(count);
      outcomes.push(await world.seal(sealer), await world.seal(sealer));
    }

    expect(outcomes.join()).toBe(`nothing-new${',sealed,nothing-new'.repeat(4)}`);
    expect(await world.sizes()).toEqual([1, 256, 257, 1257]);
    expect(await world.faults()).toEqual([]);
    expect(await world.published()).toBe(1257);
  });

  it('goes on after a restart, and makes the same tiles again when they are lost', async () => {
    await world.cast(70_000);
    await world.seal(await world.resume());
    await world.cast(300);
    const again = await world.resume();
    expect(Number(again.next)).toBe(70_000);
    await world.seal(again);
    const before = await tilesIn(70_300);
    await world.loseTiles();
    const rebuilding = await world.resume();
    expect(Number(rebuilding.next)).toBe(0);
    expect(await world.seal(rebuilding)).toBe('nothing-new');
    expect(await tilesIn(70_300)).toEqual(before);
    expect(await world.published()).toBe(70_300);
    expect(await world.sizes()).toEqual([70_000, 70_300]);
  });

  it('stores the last of lost tiles as well, where nothing is left to be signed', async () => {
    await world.cast(700);
    await world.seal(await world.resume());
    const before = await tilesIn(700);
    await world.loseTiles();
    const again = await world.resume();
    for (const event of await world.events(SEALED.leaves)) again.add(event);

    expect(await again.seal()).toBe('nothing-new');
    expect(await tilesIn(700)).toEqual(before);
    expect(await world.published()).toBe(700);
  });

  it('builds tiles anew that somebody changed', async () => {
    await world.cast(300);
    await world.seal(await world.resume());
    const before = await tilesIn(300);
    const database = new DatabaseSync(join(world.directory, 'tiles.db'));
    database.exec('UPDATE tiles SET hashes = zeroblob(length(hashes)) WHERE level = 1');
    database.close();
    const sealer = await world.resume();
    await world.cast(1);

    expect(await world.seal(sealer)).toBe('sealed');
    expect(await world.faults()).toEqual([]);
    expect((await tilesIn(300)).map((one) => Buffer.from(one).subarray(0, 32))).toEqual(
      before.map((one) => Buffer.from(one).subarray(0, 32)),
    );
  });

  it('makes one lineage with another one at the same time', async () => {
    const [one, other] = [await world.resume(), await world.resume()];
    for (let round = 0; round < 30; round++) {
      await world.cast(1 + (round % 5) * 100);
      await Promise.all([world.seal(one), world.seal(other)]);
    }
    await world.seal(one);

    expect(await world.faults()).toEqual([]);
    expect((await world.sizes()).at(-1)).toBe((await world.events(SEALED.leaves)).length);
    expect((await world.sizes()).length).toBeLessThan(62);
  });

  it.each([true, false])('signs nothing without its tiles: stored all the same, %s', async (does) => {
    const error = new ReadModelUnavailableError('away');
    const tiles: TileStore = failing(world.readModel.tiles, 'save', error, does);
    const sealer = await world.resume({ ...world.stores, tiles });
    await world.cast(300);
    await world.read(sealer);
    await expect(sealer.seal()).rejects.toThrow(error);
    expect(await world.sizes()).toEqual([]);

    expect(await sealer.seal()).toBe('sealed');
    expect(await world.faults()).toEqual([]);
    expect((await tilesIn(300)).map(({ length }) => length)).toEqual([8192, 44 * 32, 32]);
  });

  it.each([true, false])('signs once where the outcome is unknown: stored, %s', async (does) => {
    const log: EventLog = failing(world.log, 'append', new EventLogUnavailableError('no answer'), does);
    const sealer = await world.resume({ ...world.stores, log });
    await world.cast(3);
    await world.read(sealer);

    expect(await sealer.seal()).toBe(does ? 'sealed' : 'nothing-new');
    await sealer.seal();
    expect(await world.sizes()).toEqual([3]);
    expect(await world.published()).toBe(3);
  });

  it('publishes what was signed by one who died before that', async () => {
    const tiles: TileStore = failing(world.readModel.tiles, 'publish', new ReadModelUnavailableError('killed'), false);
    await world.cast(3);
    await expect(world.seal(await world.resume({ ...world.stores, tiles }))).rejects.toThrow('killed');
    expect([await world.sizes(), await world.published()]).toEqual([[3], undefined]);

    await world.seal(await world.resume());
    expect(await world.published()).toBe(3);
  });

  it('takes in no event that is not the next one', async () => {
    await world.cast(3);
    const [first, , third] = await world.events(SEALED.leaves);
    const sealer = await world.resume();
    sealer.add(first!);

    expect(() => sealer.add(third!)).toThrow(RangeError);
    expect(() => sealer.add(first!)).toThrow(RangeError);
  });

  it('passes over what others wrote among the checkpoints', async () => {
    await world.cast(3);
    await world.seal(await world.resume());
    const junk = ['{}', 'x', '{"note":"x"}', '{"note":7}'].map((text) => ({
      ...{ id: randomUUID(), type: 'CheckpointSigned', version: 1, data: Buffer.from(text) },
    }));
    await world.log.append(SEALED.checkpoints, junk, 'any');
    await world.cast(1);

    expect(await world.seal(await world.resume())).toBe('sealed');
  });
});

describe('an event log that was restored', () => {
  /** Sealed up to 300 and backed up, up to 600 and published, and restored. */
  async function restored(): Promise<void> {
    await world.cast(300);
    await world.seal(await world.resume());
    const goBack = await world.backUp();
    await world.cast(300);
    await world.seal(await world.resume());
    await goBack();
    expect(await world.sizes()).toEqual([300]);
  }

  it('is not sealed while it lacks what was published, nor when others are voted in its place', async () => {
    await restored();
    const sealer = await world.resume();
    expect(await world.seal(sealer)).toBe('behind');
    await world.cast(200, 'other');
    expect(await world.seal(sealer)).toBe('behind');
    await world.cast(200, 'other');

    expect(await refusalOf(world.seal(sealer))).toBe('forked');
    expect(await refusalOf(world.resume().then((again) => world.seal(again)))).toBe('forked');
    expect(await world.sizes()).toEqual([300]);
    expect(await world.published()).toBe(600);
  });

  it.each(['drop', 'publish', 'withdraw'] as const)(
    'is not sealed after a start that the store broke off at %s',
    async (call) => {
      await restored();
      await world.cast(400, 'other');
      for (const does of [true, false]) {
        const tiles = failing(world.readModel.tiles, call, new ReadModelUnavailableError('away'), does);
        await refusalOf(world.resume({ ...world.stores, tiles }).then((sealer) => world.seal(sealer)));
      }

      expect(await refusalOf(world.resume().then((sealer) => world.seal(sealer)))).toBe('forked');
      expect([await world.sizes(), await world.published()]).toEqual([[300], 600]);
    },
  );

  it('is sealed on by nobody who was there before', async () => {
    await world.cast(300);
    const sealer = await world.resume();
    await world.seal(sealer);
    const goBack = await world.backUp();
    await world.cast(300);
    const later = await world.resume();
    await world.seal(later);
    await goBack();
    await world.cast(400, 'other');

    // the last leaf that it knows stands elsewhere now, or what comes is refused by the checkpoint that it expects
    await refusalOf(world.seal(await world.resume()));
    expect(await world.sizes()).toEqual([300]);
  });

  it('is sealed again once the votes are there that were published', async () => {
    await world.cast(300);
    await world.seal(await world.resume());
    const goBack = await world.backUp();
    await world.cast(300);
    const lost = (await world.events(SEALED.leaves)).slice(300);
    await world.seal(await world.resume());
    const before = await tilesIn(600);
    await goBack();
    const sealer = await world.resume();
    expect(await world.seal(sealer)).toBe('behind');
    await world.log.append(
      SEALED.leaves,
      lost.map(({ id, type, version, data }) => ({ id, type, version, data })),
      'any',
    );
    await world.cast(1);

    expect(await world.seal(sealer)).toBe('sealed');
    expect(await world.faults()).toEqual([]);
    expect((await tilesIn(600)).slice(0, 2)).toEqual(before.slice(0, 2));
  });

  it('is sealed again when an operator sets aside what was published, which stays on record', async () => {
    await restored();
    await world.cast(400, 'other');
    const note = (await world.readModel.tiles.published(SEALED.name))!;
    const overruling = { by: 'sre', at: '2026-11-23T22:00:00.000Z', reason: 'disco perdido', note };
    const event = { ...encodeSealOverruled(overruling), id: randomUUID() };
    await world.log.append(SEALED.checkpoints, [event], 'any');

    expect(await world.seal(await world.resume())).toBe('sealed');
    expect(await world.sizes()).toEqual([300, 700]);
    expect(await world.faults()).toEqual([]);
    expect(await world.published()).toBe(700);
    expect((await notes())[1]).toBe(note);
    await world.cast(1);
    expect(await world.seal(await world.resume())).toBe('sealed');
  });

  it.each(['drop', 'withdraw'] as const)(
    'keeps no tile of what was set aside, although the start that forgot it broke off at %s',
    async (call) => {
      await restored();
      await world.cast(400, 'other');
      const note = (await world.readModel.tiles.published(SEALED.name))!;
      const overruling = { by: 'sre', at: '2026-11-23T22:00:00.000Z', reason: 'disco perdido', note };
      await world.log.append(SEALED.checkpoints, [{ ...encodeSealOverruled(overruling), id: randomUUID() }], 'any');
      const tiles = failing(world.readModel.tiles, call, new ReadModelUnavailableError('away'), true);
      await expect(world.resume({ ...world.stores, tiles })).rejects.toThrow('away');
      await world.seal(await world.resume());
      const kept = await tilesIn(700);
      await world.loseTiles();
      const rebuilding = await world.resume();
      await world.seal(rebuilding);
      await rebuilding.save();

      expect(kept).toEqual(await tilesIn(700));
    },
  );

  it('still has to agree with what stands before a checkpoint that was set aside', async () => {
    await world.cast(300);
    await world.seal(await world.resume());
    const first = (await notes())[0]!;
    await world.cast(300);
    await world.seal(await world.resume());
    const overruling = {
      by: 'sre',
      at: '2026-11-23T22:00:00.000Z',
      reason: 'disco perdido',
      note: (await notes())[1]!,
    };
    const event = { ...encodeSealOverruled(overruling), id: randomUUID() };
    await world.log.append(SEALED.checkpoints, [event], 'any');
    await world.loseTiles();
    const database = new DatabaseSync(join(world.directory, 'log', 'events.db'));
    database.exec("UPDATE events SET data = CAST('{}' AS BLOB) WHERE revision = 299 AND type = 'VoteCast'");
    database.close();

    const refusal = await world
      .resume()
      .then((sealer) => world.seal(sealer))
      .catch((error: unknown) => error);
    expect(refusal).toMatchObject({ code: 'forked-log', note: first });
  });
});

it('a box whose last votes were removed is not sealed', async () => {
  await world.cast(300);
  await world.seal(await world.resume());
  const database = new DatabaseSync(join(world.directory, 'log', 'events.db'));
  database.exec("UPDATE events SET data = CAST('{}' AS BLOB) WHERE revision = 299 AND type = 'VoteCast'");
  database.close();
  await world.loseTiles();

  expect(await refusalOf(world.resume().then((sealer) => world.seal(sealer)))).toBe('forked');
});
