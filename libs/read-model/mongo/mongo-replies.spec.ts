import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { ReadModelUnavailableError, TallyConflictError, type TallyStore } from '../read-model.ts';
import { CALL_LIMIT_MS } from './lazy-connection.ts';
import { MongoReadModel } from './mongo-read-model.ts';
import { ScriptedServer } from './testing/scripted-server.ts';
import { tallyWith } from './testing/tallies.ts';

const TOLERANCE_MS = 500;

const STORED = { ok: 1, n: 1, nModified: 1 };
const NOT_MATCHED = { ok: 1, n: 0, nModified: 0 };
const DUPLICATE_KEY = { ok: 1, n: 0, writeErrors: [{ index: 0, code: 11_000, errmsg: 'E11000 duplicate key error' }] };
const NO_MAJORITY = {
  ...STORED,
  writeConcernError: { code: 64, codeName: 'WriteConcernTimeout', errmsg: 'timed out' },
};
const TOO_SLOW = { ok: 0, code: 50, codeName: 'MaxTimeMSExpired', errmsg: 'operation exceeded time limit' };
const STEPPED_DOWN = {
  ok: 0,
  code: 10_107,
  codeName: 'NotWritablePrimary',
  errmsg: 'not primary',
  errorLabels: ['RetryableWriteError'],
};

const found = (...documents: object[]) => ({ ok: 1, cursor: { id: 0n, ns: 'paredao.tallies', firstBatch: documents } });

describe('MongoReadModel, replies of a replica set', () => {
  let server: ScriptedServer;
  let readModel: MongoReadModel;
  let tallies: TallyStore;

  beforeEach(async () => {
    server = await ScriptedServer.listen();
    readModel = MongoReadModel.connect(server.url);
    tallies = readModel.tallies('6-0');
  });
  afterEach(async () => {
    await readModel.close();
    await server.close();
  });

  const names = () => server.commands.map((command) => Object.keys(command)[0]);

  it('takes a duplicate key for a stored position that is not lower', async () => {
    server.answer([DUPLICATE_KEY, NOT_MATCHED, found({ _id: '1', position: 6n, digest: 'x' })]);
    expect(await tallies.save(tallyWith(5n))).toBe(false);
    expect(names()).toEqual(['update', 'update', 'find']);
  });

  it('finds the same tally behind a duplicate key, and another one', async () => {
    const { position, digest } = tallyWith(5n);
    server.answer([DUPLICATE_KEY, NOT_MATCHED, found({ _id: '1', position, digest })]);
    expect(await tallies.save(tallyWith(5n))).toBe(true);
    server.answer([DUPLICATE_KEY, NOT_MATCHED, found({ _id: '1', position, digest: 'x' })]);
    await expect(tallies.save(tallyWith(5n))).rejects.toThrow(TallyConflictError);
  });

  it('writes over a lower first tally that another writer inserted in the same moment', async () => {
    server.answer([DUPLICATE_KEY, STORED]);
    expect(await tallies.save(tallyWith(5n))).toBe(true);
    expect(names()).toEqual(['update', 'update']);
  });

  it('does the same for checkpoints', async () => {
    const checkpoint = { position: 5n, clock: 1, at: 2, lagSeconds: 0 };
    server.answer([DUPLICATE_KEY, STORED, DUPLICATE_KEY, NOT_MATCHED]);
    await tallies.saveCheckpoint(checkpoint);
    await tallies.saveCheckpoint(checkpoint);
    expect(names()).toEqual(['update', 'update', 'update', 'update']);
  });

  it('does not answer for a tally that a removal took away meanwhile', async () => {
    server.answer([DUPLICATE_KEY, NOT_MATCHED, found()]);
    expect(await tallies.save(tallyWith(5n))).toBe(false);
  });

  it.each([
    ['no majority has the write in time', NO_MAJORITY],
    ['a duplicate key was not confirmed by a majority', { ...DUPLICATE_KEY, ...NO_MAJORITY, n: 0 }],
    ['the server gives up', TOO_SLOW],
    ['the server refuses', { ok: 0, code: 13, codeName: 'Unauthorized', errmsg: 'not authorized' }],
  ])('is unavailable when %s', async (_case, reply) => {
    server.answer([reply]);
    await expect(tallies.save(tallyWith(5n))).rejects.toThrow(ReadModelUnavailableError);
    server.answer([reply]);
    await expect(tallies.saveCheckpoint({ position: 1n, clock: 1, at: 1, lagSeconds: 0 })).rejects.toThrow(
      ReadModelUnavailableError,
    );
  });

  it('repeats a write under its number after a change of the primary', async () => {
    server.answer([STEPPED_DOWN, STORED]);
    expect(await tallies.save(tallyWith(5n))).toBe(true);

    const [first, second] = server.commands;
    expect(first?.['txnNumber']).toBeDefined();
    expect(second?.['txnNumber']).toEqual(first?.['txnNumber']);
    expect(second?.['lsid']).toEqual(first?.['lsid']);
  });

  it('does not where the URL says so', async () => {
    const once = MongoReadModel.connect(`${server.url}&retryWrites=false`);
    server.answer([STEPPED_DOWN]);
    await expect(once.tallies('6-0').save(tallyWith(5n))).rejects.toThrow(ReadModelUnavailableError);
    await once.close();

    expect(server.commands).toHaveLength(1);
    expect(server.commands[0]).not.toHaveProperty('txnNumber');
  });

  it('ends a call in time although each of its steps is within its own limit', async () => {
    await tallies.positions().catch(() => undefined);
    server.answer([DUPLICATE_KEY, NOT_MATCHED, found({ _id: '1', position: 6n, digest: 'x' })], 900);
    const started = performance.now();
    await expect(tallies.save(tallyWith(5n))).rejects.toThrow('no answer within 2000 ms');
    expect(performance.now() - started).toBeLessThan(CALL_LIMIT_MS + TOLERANCE_MS);
  });

  it('hangs up on a server that does not answer', async () => {
    server.answer([], 10_000);
    await expect(tallies.positions()).rejects.toThrow(ReadModelUnavailableError);
    expect(server.hangUps).toBeGreaterThan(0);
  });

  it('reads from the primary, whatever the URL says', async () => {
    const distant = MongoReadModel.connect(`${server.url}&readPreference=secondary`);
    server.answer([found({ _id: '6-0/1', position: 6n })]);
    expect(await distant.tallies('6-0').positions()).toEqual(new Map([['1', 6n]]));
    await distant.close();
  });

  it('is unavailable when a document holds no snapshot', async () => {
    server.answer([found({ _id: '1', position: 1n, digest: 'x', snapshot: '{' })]);
    await expect(tallies.load('1')).rejects.toThrow(ReadModelUnavailableError);
  });
});
