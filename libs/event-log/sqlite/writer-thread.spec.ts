import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import type { Worker } from 'node:worker_threads';

import { idsOf, newEvents, readStream } from '../testing/fixture.ts';
import { Follower } from '../testing/follower.ts';
import { SqliteEventLog } from './sqlite-event-log.ts';
import { SqliteReader } from './sqlite-reader.ts';

const STREAM = 'votes-bbb';

let directory: string;
let log: SqliteEventLog;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'event-log-'));
  log = SqliteEventLog.open(directory);
});
afterEach(async () => {
  await log.close();
  rmSync(directory, { recursive: true });
});

const thread = (): Worker => (log as unknown as { writer: { worker: Worker } }).writer.worker;

it('a thread that dies leaves outcomes unknown, never wrong: the same batches sent again are stored once and in order', async () => {
  const first = newEvents(3, 'a');
  await log.append(STREAM, first, 'no-stream');
  const batches = Array.from({ length: 20 }, (_, index) => newEvents(10, `b${String(index)}-`));
  let next = 2n;
  for (const [index, batch] of batches.entries()) {
    const append = log.append(STREAM, batch, next);
    const end = index % 3 === 0 ? thread().terminate() : undefined;
    const outcome = await append.catch(() => undefined);
    // it may have answered and not be dead yet: the next batch is for the next thread
    await end;
    const again = await log.append(STREAM, batch, next);
    if (outcome !== undefined) expect(again).toEqual(outcome);
    next = again.revision;
  }
  expect(idsOf(await readStream(log, STREAM))).toEqual(idsOf([...first, ...batches.flat()]));
});

it('what waits for a thread that dies fails as unknown at once, and not at some deadline', async () => {
  const appends = Array.from({ length: 50 }, () => log.append(STREAM, newEvents(1), 'any'));
  const outcomes = Promise.allSettled(appends);
  await thread().terminate();
  const rejected = (await outcomes).filter((outcome) => outcome.status === 'rejected');
  for (const { reason } of rejected) expect(reason).toMatchObject({ code: 'log-unavailable' });
  await log.append(STREAM, newEvents(1), 'any');
});

it('subscribers hear of all that is stored, whichever thread stored it', async () => {
  const follower = new Follower(log, ['votes-']);
  for (let round = 0; round < 5; round++) {
    const append = log.append(STREAM, newEvents(2), 'any').catch(() => undefined);
    void thread().terminate();
    await append;
    await log.append(STREAM, newEvents(1), 'any');
  }
  const stored = await readStream(log, STREAM);
  await follower.has(stored.length);
  await follower.stop();
  expect(idsOf(follower.events)).toEqual(idsOf(stored));
});

it('a log that is closed has stored what it took', async () => {
  const batch = newEvents(100);
  const appends = batch.map((event) => log.append(STREAM, [event], 'any'));
  await log.close();
  await Promise.all(appends);
  log = SqliteEventLog.open(directory);
  expect(idsOf(await readStream(log, STREAM))).toEqual(idsOf(batch));
});

it('the end of the log is that of the file: what others may have read, though this thread was not told of it yet', async () => {
  const other = new SqliteReader(join(directory, 'events.db'));
  const append = log.append(STREAM, newEvents(3), 'any');
  // without a turn in which the thread could answer
  while (other.head().position < 3n);
  expect((await log.head()).position).toBe(3n);
  other.close();
  await append;
});
