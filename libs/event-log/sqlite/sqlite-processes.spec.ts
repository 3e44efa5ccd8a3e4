import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { idsOf, newEvent, readAllOf, readStream } from '../testing/fixture.ts';
import { Follower } from '../testing/follower.ts';
import { WriterProcess } from '../testing/sqlite-writer-process.ts';
import { SqliteEventLog } from './sqlite-event-log.ts';

const STREAM = 'votes-bbb';
const locked = { code: 'directory-locked' };
const thrownBy = (call: () => unknown): unknown => {
  try {
    return call();
  } catch (error) {
    return error;
  }
};

describe('the SQLite event log and other processes', () => {
  let directory: string;
  let writer: WriterProcess;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'event-log-'));
    writer = WriterProcess.start(directory, STREAM);
  });
  afterEach(async () => {
    await writer.kill();
    rmSync(directory, { recursive: true });
  });

  it('has every acknowledged event after kill -9, at whatever moment, time after time', async () => {
    const acknowledged: string[] = [];
    for (const atLeast of [5, 100, 333, 50]) {
      await writer.acknowledges(atLeast);
      await writer.kill();
      acknowledged.push(...writer.acknowledged);
      const log = SqliteEventLog.open(directory);
      const stored = await readStream(log, STREAM);
      await log.close();
      expect(new Set(idsOf(stored)).size).toBe(stored.length);
      expect(idsOf(stored)).toEqual(expect.arrayContaining(acknowledged));
      expect(stored.map(({ revision }) => Number(revision))).toEqual([...stored.keys()]);
      // batches are stored whole or not at all
      expect(stored.length % 5).toBe(0);
      writer = WriterProcess.start(directory, STREAM);
    }
  });

  it('lets another process read while it is written', async () => {
    await writer.acknowledges(5);
    const reader = SqliteEventLog.openReadOnly(directory);
    const follower = new Follower(reader, ['votes-']);
    await follower.has(500);
    await writer.kill();
    const all = await readAllOf(reader, 'votes-');
    await follower.catchesUp(all.length);
    await follower.stop();
    await reader.close();
    expect(idsOf(follower.events)).toEqual(idsOf(all));
    expect(idsOf(all).slice(0, writer.acknowledged.length)).toEqual(writer.acknowledged);
  });

  it('refuses a second writer at once, and takes it when the first was killed', async () => {
    await writer.acknowledges(5);
    const before = performance.now();
    expect(thrownBy(() => SqliteEventLog.open(directory))).toMatchObject(locked);
    expect(performance.now() - before).toBeLessThan(1000);
    await writer.kill();
    const log = SqliteEventLog.open(directory);
    await expect(log.append(STREAM, [newEvent()], 'any')).resolves.toBeDefined();
    await log.close();
  });
});

describe('two SQLite event logs in one process', () => {
  it('cannot both write, and the refused one does no harm', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'event-log-'));
    const log = SqliteEventLog.open(directory);
    for (let attempt = 0; attempt < 3; attempt++) {
      expect(thrownBy(() => SqliteEventLog.open(directory))).toMatchObject(locked);
    }
    await expect(log.append(STREAM, [newEvent()], 'any')).resolves.toMatchObject({ revision: 0n });
    await log.close();
    await SqliteEventLog.open(directory).close();
    rmSync(directory, { recursive: true });
  });
});
