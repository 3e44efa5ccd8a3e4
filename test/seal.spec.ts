import { describe, expect, it } from '@jest/globals';
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import type { RecordedEvent } from '#domain';
import { type EventLog, SqliteEventLog } from '#event-log';
import { SqliteReadModel } from '#read-model';
import { faultOf, parseReceipt, receiptBytes } from '#receipts';
import { leafOf, noteIn, openedIn, parsePollKeys } from '#seal';
import { TileBuilder, leafHash, openNote, parseCheckpoint, tilesOf, verifierOf } from '#transparency';

import { command } from './support/command.ts';
import { Crowd } from './support/crowd.ts';
import { eventually } from './support/eventually.ts';
import { Random } from './support/random.ts';
import { Server, temporaryDirectory } from './support/server.ts';

const KILLS = Number(process.env['SEAL_KILLS'] ?? 5);
const VOTERS = 16;
const TEST_LIMIT_MS = 300_000;
const WAIT_MS = 60_000;

async function eventsIn(log: EventLog, stream: string): Promise<RecordedEvent[]> {
  const events: RecordedEvent[] = [];
  for await (const page of log.read(stream, 0n)) events.push(...page);
  return events;
}

/** What was sealed of a log, compared with the log by nothing but the public standards. */
async function sealedOf(dataDir: string, which: 'box' | 'acts') {
  const [name, leaves, checkpoints] =
    which === 'box' ? ['1/1', 'votes-1', 'checkpoints-1-1'] : ['1/atos', 'poll-1', 'checkpoints-1-atos'];
  const log = SqliteEventLog.openReadOnly(dataDir);
  const readModel = SqliteReadModel.openReadOnly(dataDir);
  try {
    const [first] = await eventsIn(log, 'votes-1');
    const key = verifierOf(parsePollKeys(openedIn(first!)!.keys)[which]);
    const read = (note: string) => parseCheckpoint(openNote(note, [key]).text);
    const signed = (await eventsIn(log, checkpoints)).map((event) => read(noteIn(event)!.note));
    const builder = new TileBuilder();
    const roots = new Map<number, string>();
    const asked = new Set(signed.map(({ size }) => size));
    for (const event of await eventsIn(log, leaves)) {
      builder.append(leafHash(leafOf(event)));
      if (asked.has(builder.size)) roots.set(builder.size, Buffer.from(builder.root()).toString('hex'));
    }
    const last = signed.at(-1)?.size ?? 0;
    const stored = await readModel.tiles.read(name, [...tilesOf(last)]);
    const wrong = signed.filter(({ size, root }) => roots.get(size) !== Buffer.from(root).toString('hex'));
    const built = builder.take();
    const tiles = [...tilesOf(last)].map(
      ({ level, index }) => built.find(({ tile }) => tile.level === level && tile.index === index)?.hashes,
    );
    const note = await readModel.tiles.published(name);
    return {
      sizes: signed.map(({ size }) => size),
      wrong: wrong.map(({ size }) => size),
      leaves: builder.size,
      published: note === undefined ? undefined : read(note).size,
      sameTiles: stored.every((hashes, at) => Buffer.from(tiles[at]!).subarray(0, hashes.length).equals(hashes)),
    };
  } finally {
    await log.close();
    await readModel.close();
  }
}

const isOneLineage = (sizes: readonly number[]): boolean =>
  sizes.every((size, at) => at === 0 || size > sizes[at - 1]!);

/** What is wrong with receipts, where each must be good and its leaf in the box. */
async function wrongReceipts(dataDir: string, receipts: readonly string[]): Promise<string[]> {
  const log = SqliteEventLog.openReadOnly(dataDir);
  const box = await eventsIn(log, 'votes-1');
  await log.close();
  const key = verifierOf(parsePollKeys(openedIn(box[0]!)!.keys).receipts);
  const leaves = new Set(box.map((event) => leafOf(event).toString()));
  return receipts.flatMap((text) => {
    const receipt = parseReceipt(receiptBytes(text));
    const fault = faultOf(receipt, key);
    return fault ?? (leaves.has(Buffer.from(receipt.leaf).toString()) ? [] : 'not in the box');
  });
}

/** Everything that is in the logs is sealed. Before the first checkpoint there are no tiles to be read. */
async function whole(dataDir: string) {
  const both = () => Promise.all([sealedOf(dataDir, 'box'), sealedOf(dataDir, 'acts')]).catch(() => undefined);
  const logs = await eventually(
    both,
    (found) => found?.every(({ leaves, published }) => published === leaves) === true,
    WAIT_MS,
  );
  return logs!;
}

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
      const [box, acts] = await whole(dataDir);

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
      await whole(dataDir);
      const backup = join(temporaryDirectory(), 'backup');
      expect(await command('backup', [backup], env)).toMatchObject({ code: 0 });
      for (let vote = 0; vote < 3; vote++) await server.client().cast(1);
      await whole(dataDir);
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
          const log = SqliteEventLog.openReadOnly(dataDir);
          const all = await eventsIn(log, 'checkpoints-1-1');
          await log.close();
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
