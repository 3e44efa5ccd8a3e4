import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';

import { type NewEvent, START } from '../event-log.ts';
import { idsOf, newEvent, newEvents, readAllOf, readStream } from '../testing/fixture.ts';
import { Follower } from '../testing/follower.ts';
import { inThisThread } from '../testing/writer-in-this-thread.ts';
import { SqliteEventLog } from './sqlite-event-log.ts';
import { SqliteWriter } from './sqlite-writer.ts';

const STREAM = 'votes-bbb';
const unavailable = { code: 'log-unavailable' };

let directory: string;
let log: SqliteEventLog;
let writer: SqliteWriter;

const open = (): SqliteEventLog =>
  SqliteEventLog.open(directory, (path) => inThisThread((writer = new SqliteWriter(path))));

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'event-log-'));
  log = open();
});
afterEach(async () => {
  jest.restoreAllMocks();
  await log.close();
  rmSync(directory, { recursive: true });
});

async function reopened(): Promise<SqliteEventLog> {
  await log.close();
  return (log = open());
}

describe('a full disk', () => {
  /** The writer's own connection: the limit is none of the file. */
  const limitPages = (pages: number): void => {
    const { database } = writer as unknown as { database: DatabaseSync };
    database.exec(`PRAGMA max_page_count = ${pages}`);
  };
  const big = (): NewEvent[] => Array.from({ length: 20 }, () => newEvent('x'.repeat(2000)));

  /** Appends until the log says that it cannot; gives what it took and what it did not. */
  async function fill(): Promise<{ taken: NewEvent[]; refused: NewEvent[] }> {
    const taken: NewEvent[] = [];
    for (;;) {
      const refused = big();
      const [outcome] = await Promise.allSettled([log.append(STREAM, refused, 'any')]);
      if (outcome.status === 'rejected') {
        expect(outcome.reason).toMatchObject(unavailable);
        return { taken, refused };
      }
      taken.push(...refused);
    }
  }

  it('is told, stores nothing by halves, and loses nothing', async () => {
    limitPages(60);
    const { taken } = await fill();
    expect(taken.length).toBeGreaterThan(0);
    expect(idsOf(await readStream(log, STREAM))).toEqual(idsOf(taken));
    expect(idsOf(await readStream(await reopened(), STREAM))).toEqual(idsOf(taken));
  });

  it('is over when there is room again: the same batch goes in behind the last', async () => {
    limitPages(60);
    const { taken, refused } = await fill();
    await expect(log.append(STREAM, refused, BigInt(taken.length - 1))).rejects.toMatchObject(unavailable);
    limitPages(100_000);
    expect((await log.append(STREAM, refused, BigInt(taken.length - 1))).revision).toBe(BigInt(taken.length + 19));
    expect(idsOf(await readStream(log, STREAM))).toEqual(idsOf([...taken, ...refused]));
  });

  it('leaves no trace of a stream that could not begin', async () => {
    limitPages(60);
    await fill();
    const batch = big();
    await expect(log.append('votes-new', batch, 'no-stream')).rejects.toMatchObject(unavailable);
    limitPages(100_000);
    // another stream takes the row that the failed one had
    await log.append('votes-other', newEvents(1), 'no-stream');
    expect(await readStream(log, 'votes-new')).toEqual([]);
    expect((await log.append('votes-new', batch, 'no-stream')).revision).toBe(19n);
    expect(idsOf(await readStream(log, 'votes-new'))).toEqual(idsOf(batch));
  });

  it('wakes no subscriber for what was not stored', async () => {
    limitPages(60);
    const follower = new Follower(log, ['votes-']);
    const { taken } = await fill();
    await follower.catchesUp(taken.length);
    await follower.stop();
    expect(idsOf(follower.events)).toEqual(idsOf(taken));
  });
});

describe('a lock of another program on the file', () => {
  it('refuses appends at once, until it is gone; reads go on', async () => {
    await log.append(STREAM, newEvents(2), 'any');
    const foreign = new DatabaseSync(join(directory, 'events.db'));
    foreign.exec('BEGIN IMMEDIATE');
    const batch = newEvents(1);
    const started = performance.now();
    await expect(log.append(STREAM, batch, 1n)).rejects.toMatchObject(unavailable);
    expect(performance.now() - started).toBeLessThan(200);
    expect(await readStream(log, STREAM)).toHaveLength(2);
    foreign.close();
    expect((await log.append(STREAM, batch, 1n)).revision).toBe(2n);
  });
});

describe('positions beyond 2^53', () => {
  const FAR = 2n ** 60n + 1n;

  beforeEach(async () => {
    await log.append(STREAM, newEvents(1), 'any');
    await log.close();
    const database = new DatabaseSync(join(directory, 'events.db'));
    database.exec(`INSERT INTO events SELECT ${FAR}, stream, 1, recorded_at, id, type, version, data FROM events`);
    database.close();
    log = SqliteEventLog.open(directory);
  });

  it('are read to the last digit', async () => {
    expect((await log.head()).position).toBe(FAR);
    expect((await readAllOf(log, 'votes-')).map(({ position }) => position)).toEqual([1n, FAR]);
    expect(await readAllOf(log, 'votes-', FAR - 1n)).toHaveLength(1);
    expect(await readAllOf(log, 'votes-', FAR)).toHaveLength(0);
  });

  it('are gone on from', async () => {
    const follower = new Follower(log, ['votes-'], { after: FAR });
    const batch = newEvents(2);
    const result = await log.append(STREAM, batch, 1n);
    expect(result).toEqual({ position: FAR + 2n, revision: 3n });
    expect(await log.append(STREAM, batch, 1n)).toEqual(result);
    expect((await follower.has(2)).map(({ position }) => position)).toEqual([FAR + 1n, FAR + 2n]);
    await follower.stop();
  });
});

describe('a host clock that is set back', () => {
  it('does not set back the clock of the log, not even over a restart', async () => {
    const clock = jest.spyOn(Date, 'now');
    const start = 1_800_000_000_000;
    for (const time of [start, start + 500, start - 3_600_000]) {
      clock.mockReturnValue(time);
      await log.append(STREAM, newEvents(2), 'any');
    }
    await reopened();
    await log.append(STREAM, newEvents(1), 'any');
    clock.mockReturnValue(start + 501);
    await log.append(STREAM, newEvents(1), 'any');
    const times = (await readStream(log, STREAM)).map(({ recordedAt }) => recordedAt - start);
    expect(times).toEqual([0, 0, 500, 500, 500, 500, 500, 501]);
    expect((await log.head()).recordedAt).toBe(start + 501);
  });
});

describe('the write-ahead log', () => {
  it('stays small while slow subscribers read and a fast writer writes', async () => {
    const slow = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 3));
    const reader = SqliteEventLog.openReadOnly(directory);
    const followers = [log, reader].map((client) => new Follower(client, ['votes-'], { handle: slow }));
    // a read that somebody began and left half done
    const pages = log.readAll(START, ['votes-'])[Symbol.asyncIterator]();
    let largest = 0;
    for (let round = 0; round < 300; round++) {
      await log.append(
        STREAM,
        Array.from({ length: 100 }, () => newEvent('x'.repeat(1000))),
        'any',
      );
      if (round % 10 === 0) await new Promise(setImmediate);
      if (round === 20) await pages.next();
      largest = Math.max(largest, statSync(join(directory, 'events.db-wal')).size);
    }
    for (const follower of followers) {
      await follower.catchesUp(30_000);
      await follower.stop();
    }
    await reader.close();
    // 30 MB went through it; SQLite copies it back every 4 MB
    expect(statSync(join(directory, 'events.db')).size).toBeGreaterThan(30_000_000);
    expect(largest).toBeLessThan(8_000_000);
  });
});

describe('files that are no event log', () => {
  it('are refused, and the directory is free again', async () => {
    const elsewhere = join(directory, 'elsewhere');
    await SqliteEventLog.open(elsewhere).close();
    writeFileSync(join(elsewhere, 'events.db'), 'not a database at all'.repeat(100));
    for (let attempt = 0; attempt < 2; attempt++) {
      expect(() => SqliteEventLog.open(elsewhere)).toThrow(expect.objectContaining(unavailable));
    }
    const reader = SqliteEventLog.openReadOnly(elsewhere);
    await expect(reader.head()).rejects.toMatchObject(unavailable);
    await expect(readStream(reader, STREAM)).rejects.toMatchObject(unavailable);
    await reader.close();
    rmSync(join(elsewhere, 'events.db'));
    await SqliteEventLog.open(elsewhere).close();
  });

  it('are not made by a reader', () => {
    const nowhere = join(directory, 'nowhere');
    expect(() => SqliteEventLog.openReadOnly(nowhere)).toThrow(expect.objectContaining(unavailable));
  });
});
