import { isRehearsal, lastOpenedIn, pollExists, pollsOf } from '#audit';
import { DomainError } from '#domain';
import type { EventLog } from '#event-log';

/**
 * The poll that was asked for, else the real one that was opened last.
 * @throws DomainError `poll-not-found` when there was never a poll
 */
export async function pollOf(log: EventLog, asked: string | undefined): Promise<string> {
  const pollId = asked ?? lastOpenedIn(await pollsOf(log));
  if (pollId === undefined) throw new DomainError('poll-not-found', 'no poll was ever opened');
  return pollId;
}

/**
 * The same, of which the log has something.
 * @throws DomainError `poll-not-found`
 */
export async function existingPollOf(log: EventLog, asked: string | undefined): Promise<string> {
  const pollId = await pollOf(log, asked);
  if (!(await pollExists(log, pollId))) throw new DomainError('poll-not-found', `the log has no poll "${pollId}"`);
  return pollId;
}

/** How the name of a file about a poll begins: that of a rehearsal says so. */
export const fileNameOf = async (log: EventLog, pollId: string): Promise<string> =>
  `${(await isRehearsal(log, pollId)) ? 'ensaio' : 'paredao'}-${pollId}`;
