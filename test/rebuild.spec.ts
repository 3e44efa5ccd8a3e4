import { expect, it } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';

import { SqliteReadModel } from '#read-model';

import { makeSqliteHistory } from '../bench/history/make.ts';
import { command, startCommand } from './support/command.ts';
import { Crowd } from './support/crowd.ts';
import { eventually } from './support/eventually.ts';
import { expectExact } from './support/exactness.ts';
import { Random } from './support/random.ts';
import { Server, temporaryDirectory } from './support/server.ts';
import { TotalWatch } from './support/total-watch.ts';

const VOTERS = 24;
const VOTES_BEFORE = 1000;
const VOTES_BETWEEN = 100;
/** Long enough to be caught in the middle. */
const VOTES_TO_FOLD = 100_000;
/** Making and folding them, on a busy machine. */
const LIMIT_MS = 120_000;

it('a read model is rebuilt and switched under load, twice, while /total is asked all the time', async () => {
  const server = await Server.start();
  const env = { DATA_DIR: server.dataDir };
  const crowd = new Crowd(server.port, VOTERS, new Random(3));
  const watch = new TotalWatch(server.client());
  try {
    await crowd.voted(VOTES_BEFORE);
    for (const version of ['6-1', '6-2']) {
      const { code, output } = await command('rebuild', [], env);
      // as one value: whoever reads a failure sees all that the command said
      expect({ code, output }).toEqual({ code: 0, output: expect.stringContaining(`Version ${version} is active`) });
      expect(output).toMatch(/compared with version 6-[01]: poll 1 at \d+/);
      await crowd.voted(VOTES_BETWEEN);
    }
    await crowd.end();
  } finally {
    // also after a failure, and without hiding it: what goes on asking would fail the next suite
    await Promise.allSettled([crowd.end(), watch.end()]);
  }
  expect(watch.faults).toEqual([]);
  expect(watch.answers).toBeGreaterThan(10);
  const { acknowledged } = await expectExact(server.dataDir, server.client(), crowd.acknowledged);
  expect(acknowledged).toBeGreaterThan(VOTES_BEFORE + VOTES_BETWEEN);
  expect((await command('rebuild', ['--list'], env)).output).toMatch(/\n\* 6-2 {2}position \d+/);
  expect(server.log().filter(({ level }) => level === 'error' || level === 'fatal')).toEqual([]);
});

it(
  'a rebuild that is killed leaves the active version as it was',
  async () => {
    const dataDir = temporaryDirectory();
    const { expected } = await makeSqliteHistory(dataDir, VOTES_TO_FOLD, 5);
    const env = { DATA_DIR: dataDir };
    expect(await command('rebuild', [], env)).toMatchObject({ code: 0 });
    const rebuilding = startCommand('rebuild', [], env);
    const readModel = SqliteReadModel.openReadOnly(dataDir);
    const built = async (): Promise<bigint> => (await readModel.tallies('6-2').checkpoint()).position;
    await eventually(built, (position) => position > 0n, LIMIT_MS);
    rebuilding.child.kill('SIGKILL');
    expect(await rebuilding.ended).toMatchObject({ code: null });
    // killed on its way, not at the end of the log
    expect(await built()).toBeLessThan(BigInt(VOTES_TO_FOLD));
    expect(await readModel.active()).toBe('6-1');
    await readModel.close();
    const server = await Server.start({ dataDir, args: ['--watch-only'] });
    expect(await server.client().total()).toMatchObject({ voto_1: expected.votes[0], voto_2: expected.votes[1] });
    await server.stop();
  },
  LIMIT_MS,
);

it('a rebuild without a service leaves the new version to the next start', async () => {
  const server = await Server.start();
  await server.client().cast(1);
  await server.stop();
  const env = { DATA_DIR: server.dataDir };
  // the last heartbeat is young: somebody might be writing still
  await delay(5000);
  expect(await command('rebuild', [], env)).toEqual({
    code: 0,
    output: expect.stringContaining('Version 6-1 is active'),
  });
  const again = await Server.start({ dataDir: server.dataDir });
  expect((await again.client().total()).total).toBe(1);
  expect((await command('rebuild', ['--nonsense'], env)).code).toBe(2);
});
