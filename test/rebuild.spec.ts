import { expect, it } from '@jest/globals';

import { command } from './support/command.ts';
import { Crowd } from './support/crowd.ts';
import { expectExact } from './support/exactness.ts';
import { Random } from './support/random.ts';
import { Server } from './support/server.ts';
import { TotalWatch } from './support/total-watch.ts';

const VOTERS = 24;
const VOTES_BEFORE = 1000;
const VOTES_BETWEEN = 100;

it('a read model is rebuilt and switched under load, twice, while /total is asked all the time', async () => {
  const server = await Server.start();
  const env = { DATA_DIR: server.dataDir };
  const crowd = new Crowd(server.port, VOTERS, new Random(3));
  const watch = new TotalWatch(server.client());
  try {
    await crowd.voted(VOTES_BEFORE);
    for (const version of ['1-1', '1-2']) {
      const { code, output } = await command('rebuild', [], env);
      // as one value: whoever reads a failure sees all that the command said
      expect({ code, output }).toEqual({ code: 0, output: expect.stringContaining(`Version ${version} is active`) });
      expect(output).toMatch(/compared with version 1-[01]: poll 1 at \d+/);
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
  expect((await command('rebuild', ['--list'], env)).output).toMatch(/\n\* 1-2 {2}position \d+/);
  expect(server.log().filter(({ level }) => level === 'error' || level === 'fatal')).toEqual([]);
});

it('a rebuild without a service leaves the new version to the next start', async () => {
  const server = await Server.start();
  await server.client().cast(1);
  await server.stop();
  const env = { DATA_DIR: server.dataDir };
  // the last heartbeat is young: somebody might be writing still
  await new Promise((resolve) => setTimeout(resolve, 5000));
  expect(await command('rebuild', [], env)).toEqual({
    code: 0,
    output: expect.stringContaining('Version 1-1 is active'),
  });
  const again = await Server.start({ dataDir: server.dataDir });
  expect((await again.client().total()).total).toBe(1);
  expect((await command('rebuild', ['--nonsense'], env)).code).toBe(2);
});
