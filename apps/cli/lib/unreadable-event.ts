import { randomUUID } from 'node:crypto';

import { ballotBoxStream } from '#domain';
import type { EventLog } from '#event-log';

/** Appends a vote that is none to the ballot box of a poll, where it stays for ever. */
export async function appendUnreadable(log: EventLog, pollId: string): Promise<void> {
  const data = new TextEncoder().encode('{"estragado":"de propósito"}');
  await log.append(ballotBoxStream(pollId), [{ id: randomUUID(), type: 'VoteCast', version: 2, data }], 'any');
}
