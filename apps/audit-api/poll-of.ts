import { latestPoll } from '#audit';
import { DomainError } from '#domain';
import type { EventLog } from '#event-log';

/** `?paredao=`: an earlier poll; without it, the one that was opened last. */
export const POLL_ID = { type: 'string', pattern: '^[1-9][0-9]{0,8}$' };
export const POLL_QUERY = { type: 'object', properties: { paredao: POLL_ID } };

/** @throws DomainError `poll-not-found` when there was never a poll */
export async function pollOf(log: EventLog, asked: string | undefined): Promise<string> {
  const pollId = asked ?? (await latestPoll(log));
  if (pollId === undefined) throw new DomainError('poll-not-found', 'no poll was ever opened');
  return pollId;
}
