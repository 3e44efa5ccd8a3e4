import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import mongoose, { type mongo } from 'mongoose';

import { TestMongo, describeOnMongo } from '../../../test/ferretdb/test-mongo.ts';
import { ReadModelUnavailableError, type TallyStore } from '../read-model.ts';
import { MongoReadModel } from './mongo-read-model.ts';
import { tallyWith } from './testing/tallies.ts';

const LAST_POSITION = 2n ** 63n - 1n;
const HOUR_MS = 3_600_000;

describeOnMongo('MongoReadModel, documents and commands', () => {
  let server: TestMongo;
  let database: string;
  let readModel: MongoReadModel;
  let tallies: TallyStore;

  beforeAll(async () => {
    server = await TestMongo.start();
  });
  afterAll(() => server.stop());

  beforeEach(() => {
    database = server.newDatabase();
    readModel = MongoReadModel.connect(server.url, { database });
    tallies = readModel.tallies('6-0');
  });
  afterEach(() => readModel.close());

  /** The commands that a read model sends, while it does something. */
  async function commandsOf(
    url: string,
    action: (tallies: TallyStore) => Promise<unknown>,
  ): Promise<mongo.CommandStartedEvent[]> {
    const watched = MongoReadModel.connect(url, { database });
    const commands: mongo.CommandStartedEvent[] = [];
    try {
      await watched.active();
      const client = mongoose.connections.at(-1)!.getClient();
      client.on('commandStarted', (command) => commands.push(command));
      await action(watched.tallies('6-0'));
    } finally {
      await watched.close();
    }
    return commands.filter(({ commandName }) => commandName !== 'endSessions');
  }

  const withSetting = (setting: string): string => server.url + (server.url.includes('?') ? '&' : '/?') + setting;

  it.each([2n ** 53n - 1n, 2n ** 53n, 2n ** 53n + 1n, LAST_POSITION - 1n, LAST_POSITION])(
    'keeps position %d exactly, as an Int64',
    async (position) => {
      expect(await tallies.save(tallyWith(position))).toBe(true);
      await tallies.saveCheckpoint({ position, clock: 1, at: 2, lagSeconds: 0.25 });

      expect((await tallies.load('1'))?.position).toBe(position);
      expect(await tallies.positions()).toEqual(new Map([['1', position]]));
      expect(await tallies.checkpoint()).toEqual({ position, clock: 1, at: 2, lagSeconds: 0.25 });
      const stored = await server.use(database, (db) => db.collection('tallies').findOne({}));
      expect(stored?.['position']).toBe(position);
    },
  );

  it('tells neighbours beyond 2^53 apart', async () => {
    expect(await tallies.save(tallyWith(LAST_POSITION - 1n))).toBe(true);
    expect(await tallies.save(tallyWith(LAST_POSITION - 2n))).toBe(false);
    expect(await tallies.save(tallyWith(LAST_POSITION))).toBe(true);
  });

  it('refuses a position that is no Int64, and stores nothing', async () => {
    await expect(tallies.save(tallyWith(LAST_POSITION + 1n))).rejects.toThrow(ReadModelUnavailableError);
    expect(await tallies.load('1')).toBeUndefined();
  });

  it('writes a tally by one command, with a majority and its journal', async () => {
    const commands = await commandsOf(withSetting('monitorCommands=true&w=1&journal=false'), async (watched) => {
      await watched.save(tallyWith(5n));
      await watched.save(tallyWith(6n));
      await watched.saveCheckpoint({ position: 6n, clock: 1, at: 2, lagSeconds: 0 });
    });

    expect(commands.map(({ commandName }) => commandName)).toEqual(['update', 'update', 'update']);
    for (const { command } of commands) {
      expect(command['writeConcern']).toMatchObject({ w: 'majority', j: true, wtimeout: 1000 });
      expect(command['maxTimeMS']).toBe(1000);
      expect(command['updates']).toHaveLength(1);
      expect(command['updates'][0]).toMatchObject({ upsert: true });
    }
  });

  it('reads within a limit', async () => {
    const commands = await commandsOf(withSetting('monitorCommands=true'), async (watched) => {
      await watched.load('1');
      await watched.positions();
      await watched.checkpoint();
    });

    expect(commands.map(({ commandName }) => commandName)).toEqual(['find', 'find', 'find']);
    for (const { command } of commands) {
      expect(command['maxTimeMS']).toBe(1000);
    }
  });

  it('asks for positions without the snapshots, and makes no index', async () => {
    const commands = await commandsOf(withSetting('monitorCommands=true'), (watched) => watched.positions());
    expect(commands[0]?.command).toMatchObject({
      projection: { position: 1 },
      filter: { _id: { $gte: '6-0/', $lt: '6-00' } },
    });

    await tallies.save(tallyWith(1n));
    const indexes = await server.use(database, (db) => db.collection('tallies').indexes());
    expect(indexes.map(({ name }) => name)).toEqual(['_id_']);
  });

  it('keeps keys and texts of every kind as they are', async () => {
    const odd = { 'a.b': [1, 2], $set: [3, 4], 'x\u0000y': [5, 6], '': [7, 8], '2026-11-23T22': [9, 10] };
    const quarantine = [{ stream: '$all', revision: '1', position: '2', reason: '{"$gt":""} 🗳 \u0000' }];
    const tally = tallyWith(1n, { hours: odd, quarantine });
    await tallies.save(tally);

    expect(await tallies.load('1')).toEqual(tally);
  });

  it.each(['$where', 'a.b', '{"$gt":""}', 'constructor', '__proto__', 'paredão 12'])(
    'takes the poll id %j for nothing but an id',
    async (pollId) => {
      await tallies.save(tallyWith(1n, { pollId }));
      await tallies.save(tallyWith(2n));

      expect((await tallies.load(pollId))?.snapshot.pollId).toBe(pollId);
      expect(await tallies.positions()).toEqual(
        new Map([
          ['1', 2n],
          [pollId, 1n],
        ]),
      );
    },
  );

  it('reads documents that an import turned into plain numbers, and those with fields that it does not know', async () => {
    const { digest, snapshot } = tallyWith(5n);
    await server.use(database, async (db) => {
      const text = JSON.stringify(snapshot);
      await db
        .collection<{ _id: string }>('tallies')
        .insertOne({ _id: '6-0/1', version: '6-0', position: 5, digest, snapshot: text, by: 'x' } as never);
      await db
        .collection<{ _id: string }>('checkpoints')
        .insertOne({ _id: '6-0', position: 5, clock: 1n, at: 2n, lagSeconds: 0 } as never);
    });

    expect(await tallies.load('1')).toEqual(tallyWith(5n));
    expect(await tallies.positions()).toEqual(new Map([['1', 5n]]));
    expect(await tallies.checkpoint()).toEqual({ position: 5n, clock: 1, at: 2, lagSeconds: 0 });
    expect(await tallies.save(tallyWith(5n))).toBe(true);
    expect(await tallies.save(tallyWith(4n))).toBe(false);
    expect(await tallies.save(tallyWith(6n))).toBe(true);
  });

  it('stores and loads months of hours whole', async () => {
    const start = Date.UTC(2026, 0, 1);
    const hours = Object.fromEntries(
      Array.from({ length: 24 * 120 }, (_, hour) => [
        new Date(start + hour * HOUR_MS).toISOString().slice(0, 13),
        [1_000_000_000 + hour, 2_000_000_000 - hour],
      ]),
    );
    const tally = tallyWith(1n, { hours });
    await tallies.save(tally);

    expect(await tallies.load('1')).toEqual(tally);
    expect(Object.keys((await tallies.load('1'))!.snapshot.hours)).toEqual(Object.keys(hours));
  });
});
