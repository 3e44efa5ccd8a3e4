import { latestPoll } from '#audit';
import { DomainError } from '#domain';
import type { EventLog } from '#event-log';

/**
 * The poll that was asked for, else the one that was opened last.
 * @throws DomainError `poll-not-found` when there was never a poll
 */
export async function pollOf(log: EventLog, asked: string | undefined): Promise<string> {
  const pollId = asked ?? (await latestPoll(log));
  if (pollId === undefined) throw new DomainError('poll-not-found', 'no poll was ever opened');
  return pollId;
}
