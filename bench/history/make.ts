import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { SqliteEventLog } from '#event-log';

import { type Expected, type HistoryOptions, makeHistory } from './history.ts';

export interface MadeHistory {
  readonly expected: Expected;
  readonly seconds: number;
}

/** Evening of a show: the clock of every log that is made begins here. */
const OPENED_AT = Date.UTC(2026, 10, 23, 22);

/**
 * Makes a SQLite log of a poll, the same one for the same numbers. Its clock is the host's, so this process lives in the
 * evening of the show while it appends.
 * @throws when the directory has a log
 */
export async function makeSqliteHistory(
  directory: string,
  votes: number,
  seed: number,
  {
    rate = 1500,
    unreadable = false,
    sealed = false,
  }: Partial<Pick<HistoryOptions, 'rate' | 'unreadable' | 'sealed'>> = {},
): Promise<MadeHistory> {
  if (existsSync(join(directory, 'events.db'))) throw new Error(`${directory} has an event log already`);
  const log = SqliteEventLog.open(directory);
  const now = Date.now;
  const started = performance.now();
  const setClock = (time: number): void => {
    Date.now = () => time;
  };
  try {
    const options = { votes, pollId: '1', seed, rate, setClock, openedAt: OPENED_AT, unreadable, sealed };
    return { expected: await makeHistory(log, options), seconds: (performance.now() - started) / 1000 };
  } finally {
    Date.now = now;
    await log.close();
  }
}

/** The same on a server, whose clock nobody can set: all of it happens now. Ids come from the seed: each poll needs its own. */
export async function fillEventStore(
  connectionString: string,
  poll: Pick<HistoryOptions, 'votes' | 'pollId' | 'seed'>,
): Promise<Expected> {
  const { EventStoreDbEventLog } = await import('#event-log/eventstoredb');
  const log = EventStoreDbEventLog.connect(connectionString);
  try {
    const options = { ...poll, rate: undefined, openedAt: Date.now(), unreadable: false };
    return await makeHistory(log, { ...options, setClock: () => {} });
  } finally {
    await log.close();
  }
}
