import { afterEach, describe, expect, it } from '@jest/globals';

import { type RecordedEvent, isBallotBox } from '#domain';

import { POLL_ID, record } from '../../domain/testing/ballot-box.ts';
import { randomBallotBox } from '../../domain/testing/random-ballot-box.ts';
import { recount } from '../recount.ts';
import { SqlRecountThread } from './sql-recount-thread.ts';

let thread: SqlRecountThread;
afterEach(() => thread.close());

/** A history again and again, with its revisions going on: more than fits into what is handed on at a time. */
function longHistory(events: number): RecordedEvent[] {
  const entries = randomBallotBox(3);
  const rounds = Math.ceil(events / entries.length);
  return record(Array.from({ length: rounds }, () => entries).flat()).filter(({ stream }) => isBallotBox(stream));
}

describe('a recount in a thread of its own', () => {
  it('counts what it is given, however much it is', async () => {
    const events = longHistory(30_000);
    thread = new SqlRecountThread('box');
    for (const [index, event] of events.entries()) {
      thread.add(event);
      if (index % 100 === 0) await thread.flush();
    }
    expect((await thread.result()).counts).toEqual(recount(POLL_ID, events));
  });

  it('says of an empty box that it is empty', async () => {
    thread = new SqlRecountThread('box');
    await thread.flush();
    expect((await thread.result()).counts.events).toBe(0);
  });

  it('fails with what the thread failed of', async () => {
    thread = new SqlRecountThread('box', '/nowhere/events.db');
    await expect(thread.result()).rejects.toThrow('unable to open database file');
  });

  it('fails whoever goes on adding as well', async () => {
    thread = new SqlRecountThread('box', '/nowhere/events.db');
    const goOn = async (): Promise<void> => {
      for (const event of longHistory(60_000)) {
        thread.add(event);
        await thread.flush();
      }
    };
    await expect(goOn()).rejects.toThrow('unable to open database file');
  });
});
