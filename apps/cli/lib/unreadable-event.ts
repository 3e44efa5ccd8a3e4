import { randomUUID } from 'node:crypto';

import { ballotBoxStream } from '#domain';
import type { EventLog } from '#event-log';

/** Appends an unreadable vote to the ballot box of a poll, where it stays. */
export async function appendUnreadable(log: EventLog, pollId: string): Promise<void> {
  const data = new TextEncoder().encode('{"estragado":"de propósito"}');
  await log.append(ballotBoxStream(pollId), [{ id: randomUUID(), type: 'VoteCast', version: 2, data }], 'any');
}
