import { setTimeout as delay } from 'node:timers/promises';

import { BackOff } from './back-off.ts';

/** https://sqlite.org/rescode.html: its low byte is the primary code. */
const SQLITE_BUSY = 5;
const PAUSES = { firstPauseMs: 2, longestPauseMs: 50 };

/**
 * Runs a query of SQLite. While another connection holds the lock that it needs, it is run again and again, with pauses in which
 * the thread does other work: SQLite's own waiting would stop it.
 * @param limitMs how long it may be tried; then what SQLite threw is thrown
 */
export async function whileBusy<T>(query: () => T, limitMs: number): Promise<T> {
  const limit = performance.now() + limitMs;
  for (const backOff = new BackOff(PAUSES); ;) {
    try {
      return query();
    } catch (error) {
      if (!isBusy(error) || performance.now() > limit) throw error;
    }
    await delay(backOff.next());
  }
}

const isBusy = (error: unknown): boolean => ((error as { errcode?: number }).errcode ?? 0) % 256 === SQLITE_BUSY;
