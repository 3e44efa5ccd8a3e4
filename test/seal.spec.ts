import { describe, expect, it } from '@jest/globals';
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { wholeStream } from '#event-log';

import { withEventLog } from '../bench/lib/stores.ts';
import { command } from './support/command.ts';
import { Crowd } from './support/crowd.ts';
import { eventually } from './support/eventually.ts';
import { Random } from './support/random.ts';
import { isOneLineage, sealedOf, whollySealed, wrongReceipts } from './support/sealed.ts';
import { Server, temporaryDirectory } from './support/server.ts';

const KILLS = Number(process.env['SEAL_KILLS'] ?? 5);
const VOTERS = 16;
const TEST_LIMIT_MS = 300_000;
const WAIT_MS = 60_000;

async function metric(server: Server, name: string): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${server.metricsPort}/metrics`)).text();
  return Number(
    text
      .split('\n')
      .find((line) => line.startsWith(`${name}{poll="1",log="1"}`))
      ?.split(' ')
      .at(-1),
  );
}

describe('the sealer', () => {
  it(
    `signs one history and keeps what receipts promise, whatever moment it is killed at, ${String(KILLS)} times under load`,
    async () => {
      const random = new Random(11);
      let server = await Server.start();
      const { dataDir, port } = server;
      const crowd = new Crowd(port, VOTERS, random);
      for (let kill = 0; kill < KILLS; kill++) {
        await crowd.voted(1);
        await delay(random.below(2500));
        await server.kill();
        server = await Server.start({ dataDir, port });
      }
      await crowd.voted(VOTERS);
      await crowd.end();
      const [box, acts] = await whollySealed(dataDir);

      expect(isOneLineage(box.sizes)).toBe(true);
      expect(box.sizes.length).toBeGreaterThan(KILLS / 2);
      expect([box.wrong, box.sameTiles, acts.wrong, acts.sizes, acts.sameTiles]).toEqual([[], true, [], [1], true]);
      expect(box.leaves).toBeGreaterThan(crowd.acknowledged.size);
      expect(await wrongReceipts(dataDir, crowd.receipts)).toEqual([]);
      // who was answered before a kill, and did not hear it, has none
      expect(crowd.receipts.length).toBeGreaterThan(crowd.acknowledged.size / 2);
      expect(await metric(server, 'seal_size')).toBe(box.leaves);
      expect(await metric(server, 'seal_refused')).toBe(0);
    },
    TEST_LIMIT_MS,
  );

  it(
    'signs no second history when the log is restored, until an operator decides',
    async () => {
      let server = await Server.start();
      const { dataDir, port } = server;
      const env = { DATA_DIR: dataDir };
      for (let vote = 0; vote < 3; vote++) await server.client().cast(1);
      await whollySealed(dataDir);
      const backup = join(temporaryDirectory(), 'backup');
      expect(await command('backup', [backup], env)).toMatchObject({ code: 0 });
      for (let vote = 0; vote < 3; vote++) await server.client().cast(1);
      await whollySealed(dataDir);
      await server.stop();

      for (const file of ['events.db', 'events.db-wal', 'events.db-shm', 'read-model.db'])
        rmSync(join(dataDir, file), { force: true });
      cpSync(join(backup, 'events.db'), join(dataDir, 'events.db'));
      server = await Server.start({ dataDir, port });
      for (let vote = 0; vote < 5; vote++) await server.client().cast(2);
      await eventually(
        () => metric(server, 'seal_refused'),
        (refused) => refused === 1,
        WAIT_MS,
      );
      expect(server.log()).toEqual(
        expect.arrayContaining([expect.objectContaining({ level: 'error', log: '1/1', note: expect.any(String) })]),
      );
      expect((await sealedOf(dataDir, 'box')).sizes.at(-1)).toBe(4);
      await server.stop();

      const decided = await command('seal', ['overrule', '--poll', '1', '--reason', 'Disco perdido'], env);
      expect(decided).toMatchObject({ code: 0, output: expect.stringContaining('1/1: a checkpoint of 7 leaves') });
      server = await Server.start({ dataDir, port });
      await eventually(
        async () => {
          const all = await withEventLog(dataDir, (log) => wholeStream(log, 'checkpoints-1-1'));
          return all.map(({ type }) => type);
        },
        (types) => types.at(-1) === 'CheckpointSigned' && types.includes('SealOverruled'),
        WAIT_MS,
      );
      expect(await metric(server, 'seal_refused')).toBe(0);
      expect(await command('seal', ['overrule', '--poll', '1', '--reason', 'x'], env)).toMatchObject({ code: 2 });
    },
    TEST_LIMIT_MS,
  );
});
