import { type Until, lastOpenedIn, pollExists, pollsOf } from '#audit';
import type { EventLog } from '#event-log';
import { UsageError } from '#platform/arguments';

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/;

/**
 * A point in time: a position of the log, or an ISO-8601 time with its zone. Without one it would be another time on every
 * machine.
 * @throws UsageError
 */
export function pointInTime(text: string | undefined): Until | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,19}$/.test(text)) return { position: BigInt(text) };
  const time = TIME.test(text) ? Date.parse(text) : NaN;
  if (Number.isNaN(time)) {
    throw new UsageError(
      `--at takes a position or a time with its zone, like 2026-11-23T22:41:00Z or …T19:41:00-03:00, not "${text}"`,
    );
  }
  return { time };
}

/**
 * The poll that was asked for, else the latest real one of the log.
 * @throws UsageError when there is none
 */
export async function pollOf(log: EventLog, asked: string | undefined): Promise<string> {
  const pollId = asked ?? lastOpenedIn(await pollsOf(log));
  if (pollId === undefined) throw new UsageError('no poll was ever opened in this log: a draft is audited with --poll');
  return pollId;
}

/**
 * The same, of which the log has something: a file of nothing would be taken for a poll without votes.
 * @throws UsageError when there is none
 */
export async function existingPollOf(log: EventLog, asked: string | undefined): Promise<string> {
  const pollId = await pollOf(log, asked);
  if (!(await pollExists(log, pollId))) throw new UsageError(`there is no poll ${pollId} in this log`);
  return pollId;
}
