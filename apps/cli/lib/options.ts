import { type Until, latestPoll } from '#audit';
import type { EventLog } from '#event-log';

import { UsageError } from './command.ts';

/**
 * A point in time: a position of the log, or a UTC ISO-8601 time.
 * @throws UsageError
 */
export function pointInTime(text: string | undefined): Until | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,19}$/.test(text)) return { position: BigInt(text) };
  const time = Date.parse(text);
  if (Number.isNaN(time))
    throw new UsageError(`--at takes a position or a time like 2026-11-23T22:41:00Z, not "${text}"`);
  return { time };
}

/**
 * The poll that was asked for, else the latest one of the log.
 * @throws UsageError when there is none
 */
export async function pollOf(log: EventLog, asked: string | undefined): Promise<string> {
  const pollId = asked ?? (await latestPoll(log));
  if (pollId === undefined) throw new UsageError('the log has no poll');
  return pollId;
}
