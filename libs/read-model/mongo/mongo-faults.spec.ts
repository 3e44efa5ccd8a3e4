import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';

import mongoose from 'mongoose';

import { FerretDbServer } from '../../../test/ferretdb/ferretdb-server.ts';
import { describeOnFerretDb } from '../../../test/ferretdb/test-mongo.ts';
import { type ReadModel, ReadModelUnavailableError } from '../read-model.ts';
import { CALL_LIMIT_MS } from './lazy-connection.ts';
import { MongoReadModel } from './mongo-read-model.ts';
import { tallyWith } from './testing/tallies.ts';

/** A call on two busy cores may end a little after its limit. */
const TOLERANCE_MS = 500;
/** Nobody waits longer for a server that is back. */
const BACK_WITHIN_MS = 5000;

const CHECKPOINT = { position: 1n, clock: 2, at: 3, lagSeconds: 0 };

/** Every call of the port that needs the server. */
const CALLS: Record<string, (readModel: ReadModel) => Promise<unknown>> = {
  active: (readModel) => readModel.active(),
  create: (readModel) => readModel.create(),
  activate: (readModel) => readModel.activate('6-0', '6-0'),
  versions: (readModel) => readModel.versions(),
  drop: (readModel) => readModel.drop('6-9'),
  save: (readModel) => readModel.tallies('6-0').save(tallyWith(100n)),
  load: (readModel) => readModel.tallies('6-0').load('1'),
  positions: (readModel) => readModel.tallies('6-0').positions(),
  saveCheckpoint: (readModel) => readModel.tallies('6-0').saveCheckpoint(CHECKPOINT),
  checkpoint: (readModel) => readModel.tallies('6-0').checkpoint(),
};

describeOnFerretDb('MongoReadModel, faults', () => {
  let server: FerretDbServer;
  let readModel: MongoReadModel;

  beforeEach(async () => {
    server = await FerretDbServer.start();
    readModel = MongoReadModel.connect(server.url);
  });
  afterEach(async () => {
    await readModel.close();
    await server.stop();
  });

  /** All at once: they must not wait for one another either. */
  async function expectUnavailable(): Promise<void> {
    await Promise.all(
      Object.values(CALLS).map(async (call) => {
        const started = performance.now();
        await expect(call(readModel)).rejects.toThrow(ReadModelUnavailableError);
        expect(performance.now() - started).toBeLessThan(CALL_LIMIT_MS + TOLERANCE_MS);
      }),
    );
  }

  /** Calls as the services do, again and again, until one succeeds. */
  async function untilBack(): Promise<void> {
    const deadline = performance.now() + BACK_WITHIN_MS;
    for (;;) {
      try {
        await readModel.tallies('6-0').positions();
        return;
      } catch (error) {
        if (performance.now() > deadline) throw error;
        await delay(100);
      }
    }
  }

  async function expectAtWork(): Promise<void> {
    await untilBack();
    for (const call of Object.values(CALLS)) await call(readModel);
    expect((await readModel.tallies('6-0').load('1'))?.position).toBe(100n);
  }

  it('fails in time while the server is gone, works again when it is back, and has lost nothing', async () => {
    await readModel.tallies('6-0').save(tallyWith(5n));
    await server.kill();
    await expectUnavailable();
    await expectUnavailable();

    await server.restart();
    await untilBack();
    expect(await readModel.tallies('6-0').load('1')).toEqual(tallyWith(5n));
    await expectAtWork();
  });

  it('fails at once while calls are on their way when the server dies', async () => {
    await readModel.tallies('6-0').positions();
    server.freeze();
    const calls = Promise.allSettled(Object.values(CALLS).map((call) => call(readModel)));
    await delay(100);
    const killed = performance.now();
    await server.kill();

    for (const answer of await calls) {
      expect(answer).toMatchObject({ status: 'rejected', reason: expect.any(ReadModelUnavailableError) });
    }
    expect(performance.now() - killed).toBeLessThan(CALL_LIMIT_MS + TOLERANCE_MS);
    await server.restart();
    await expectAtWork();
  });

  it('fails in time while the server hangs, and works again when it goes on', async () => {
    await readModel.tallies('6-0').save(tallyWith(5n));
    server.freeze();
    await expectUnavailable();
    await expectUnavailable();

    server.thaw();
    await expectAtWork();
  });

  it('starts without a server, fails in time, and works when the server comes', async () => {
    await server.kill();
    const early = MongoReadModel.connect(server.url);
    await readModel.close();
    readModel = early;
    await expectUnavailable();
    await expectUnavailable();

    await server.restart();
    await expectAtWork();
  });

  it('does not store a write again that was stored before its answer was lost', async () => {
    await readModel.tallies('6-0').save(tallyWith(5n));
    server.freeze();
    await expect(readModel.tallies('6-0').save(tallyWith(6n))).rejects.toThrow(ReadModelUnavailableError);
    server.thaw();
    await untilBack();

    expect(await readModel.tallies('6-0').save(tallyWith(6n))).toBe(true);
    expect(await readModel.tallies('6-0').save(tallyWith(5n))).toBe(false);
    expect((await readModel.tallies('6-0').load('1'))?.position).toBe(6n);
  });

  it('survives a server that is killed and restarted again and again under writes', async () => {
    let stored = 0n;
    const stopping = new AbortController();
    const writing = (async () => {
      for (let position = 1n; !stopping.signal.aborted; position++) {
        const answer = await readModel
          .tallies('6-0')
          .save(tallyWith(position))
          .catch(() => false);
        if (answer) stored = position;
      }
    })();
    for (let round = 0; round < 3; round++) {
      await delay(300);
      await server.kill();
      await delay(200);
      await server.restart();
    }
    stopping.abort();
    await writing;

    await untilBack();
    expect(stored).toBeGreaterThan(0n);
    expect((await readModel.tallies('6-0').load('1'))!.position).toBeGreaterThanOrEqual(stored);
  });

  it.each(['reached', 'away'])('closes while the server is %s, twice if need be, and then refuses', async (state) => {
    if (state === 'away') await server.kill();
    const open = mongoose.connections.length;
    const other = MongoReadModel.connect(server.url);
    const call = other.active().then(
      () => 'answered',
      () => 'refused',
    );
    const started = performance.now();
    await Promise.all([other.close(), other.close()]);
    await other.close();

    expect(performance.now() - started).toBeLessThan(CALL_LIMIT_MS + TOLERANCE_MS);
    expect(['answered', 'refused']).toContain(await call);
    expect(mongoose.connections).toHaveLength(open);
    for (const refused of Object.values(CALLS)) await expect(refused(other)).rejects.toThrow(ReadModelUnavailableError);
  });

  it('leaves nothing behind by its attempts to connect', async () => {
    await server.kill();
    await readModel.close();
    const resources = () =>
      process.getActiveResourcesInfo().filter((kind) => kind !== 'Timeout' && kind !== 'Immediate');
    const before = resources();
    readModel = MongoReadModel.connect(server.url);
    for (let attempt = 0; attempt < 3; attempt++) {
      await expect(readModel.tallies('6-0').positions()).rejects.toThrow(ReadModelUnavailableError);
    }
    expect(resources()).toEqual(before);
  });

  it('uses the database that the URL names, else paredao', async () => {
    const [base, query] = server.url.split('/?') as [string, string];
    for (const [url, name] of [
      [`${base}/?${query}`, 'paredao'],
      [base, 'paredao'],
      [`${base}/outro?${query}`, 'outro'],
    ] as const) {
      const other = MongoReadModel.connect(url);
      await other.active();
      expect(mongoose.connections.at(-1)?.name).toBe(name);
      await other.close();
    }
  });

  it.each([
    '',
    'localhost:27017',
    'http://127.0.0.1:27017',
    'mongodb://',
    'mongodb://127.0.0.1:27017/?retryWrites=maybe',
  ])('refuses %j, which is no URL of MongoDB, at once', (url) => {
    const open = mongoose.connections.length;
    expect(() => MongoReadModel.connect(url)).toThrow(expect.objectContaining({ name: 'MongoParseError' }));
    expect(mongoose.connections).toHaveLength(open);
  });
});
