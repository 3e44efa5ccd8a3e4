import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';

import { TestMongo, describeOnMongo } from '../../../test/ferretdb/test-mongo.ts';
import { TallyConflictError, type TallyStore } from '../read-model.ts';
import { MongoReadModel } from './mongo-read-model.ts';
import { shuffledPositions, tallyWith } from './testing/tallies.ts';

const WRITER = require.resolve('./testing/tally-writer.ts');
const POSITIONS = 60;

describeOnMongo('MongoReadModel, several writers', () => {
  let server: TestMongo;
  let database: string;

  beforeAll(async () => {
    server = await TestMongo.start();
  });
  afterAll(() => server.stop());

  beforeEach(() => {
    database = server.newDatabase();
  });

  /** Opens as many connections, and closes them after the action. */
  async function withWriters<T>(count: number, action: (writers: TallyStore[]) => Promise<T>): Promise<T> {
    const models = Array.from({ length: count }, () => MongoReadModel.connect(server.url, { database }));
    try {
      // Every connection is open before the race begins.
      return await action(await Promise.all(models.map((model) => model.current())));
    } finally {
      await Promise.all(models.map((model) => model.close()));
    }
  }

  /** Watches the stored position until `done`, and fails when it goes back. */
  async function watch(reader: TallyStore, done: Promise<unknown>): Promise<bigint[]> {
    const ended = new AbortController();
    const end = done.finally(() => ended.abort());
    const seen: bigint[] = [];
    while (!ended.signal.aborted) {
      const position = (await reader.load('1'))?.position ?? 0n;
      expect(position).toBeGreaterThanOrEqual(seen.at(-1) ?? 0n);
      seen.push(position);
    }
    await end;
    return seen;
  }

  it('ends at the highest position when four connections write in any order, and never goes back', async () => {
    await withWriters(5, async ([reader, ...writers]) => {
      const writing = writers.map(async (writer, seed) => {
        for (const position of shuffledPositions(POSITIONS, seed)) await writer.save(tallyWith(position));
      });
      const seen = await watch(reader!, Promise.all(writing));

      expect(seen.length).toBeGreaterThan(3);
      expect(await reader!.load('1')).toEqual(tallyWith(BigInt(POSITIONS)));
    });
  });

  it('ends at the highest position when processes write in any order, and never goes back', async () => {
    await withWriters(1, async ([reader]) => {
      const writing = [11, 12, 13].map(async (seed) => {
        const node = ['--experimental-transform-types', '--conditions=source', '--disable-warning=ExperimentalWarning'];
        const args = [...node, WRITER, server.url, database, String(POSITIONS), String(seed)];
        const [code] = await once(spawn(process.execPath, args, { stdio: ['ignore', 'inherit', 'inherit'] }), 'exit');
        expect(code).toBe(0);
      });
      await watch(reader!, Promise.all(writing));

      expect(await reader!.load('1')).toEqual(tallyWith(BigInt(POSITIONS)));
    });
  });

  it('says of every write of a race whether it was the one that counted', async () => {
    await withWriters(4, async (writers) => {
      for (let position = 1n; position <= 20n; position++) {
        const answers = await Promise.all(
          writers.map((writer, index) => writer.save(tallyWith(position * 10n + BigInt(index)))),
        );
        // The highest always gets in, whoever came before.
        expect(answers.at(-1)).toBe(true);
        expect((await writers[0]!.load('1'))?.position).toBe(position * 10n + 3n);
      }
    });
  });

  it('lets the highest of the first writes win', async () => {
    await withWriters(4, async (writers) => {
      for (let round = 1; round <= 20; round++) {
        const pollId = String(round);
        const answers = await Promise.all(
          writers.map((writer, index) => writer.save(tallyWith(BigInt(index + 1), { pollId }))),
        );
        expect(answers.at(-1)).toBe(true);
        expect((await writers[0]!.load(pollId))?.position).toBe(4n);
      }
    });
  });

  it('notices under a race that two folds disagree, and keeps the first', async () => {
    await withWriters(4, async (writers) => {
      for (let position = 1n; position <= 20n; position++) {
        const tallies = writers.map((_, index) => tallyWith(position, { duplicates: index % 2 }));
        const answers = await Promise.allSettled(writers.map((writer, index) => writer.save(tallies[index]!)));

        const stored = await writers[0]!.load('1');
        expect(stored?.position).toBe(position);
        for (const [index, answer] of answers.entries()) {
          if (tallies[index]!.digest === stored?.digest) expect(answer).toEqual({ status: 'fulfilled', value: true });
          else expect(answer).toEqual({ status: 'rejected', reason: expect.any(TallyConflictError) });
        }
      }
    });
  });

  it('keeps the highest checkpoint of several projectors', async () => {
    await withWriters(4, async (writers) => {
      await Promise.all(
        writers.map(async (writer, seed) => {
          for (const position of shuffledPositions(POSITIONS / 2, seed)) {
            await writer.saveCheckpoint({ position, clock: Number(position), at: seed, lagSeconds: 0 });
          }
        }),
      );
      expect(await writers[0]!.checkpoint()).toMatchObject({ position: BigInt(POSITIONS / 2), clock: POSITIONS / 2 });
    });
  });
});
