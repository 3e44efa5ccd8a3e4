import { Injectable } from '@nestjs/common';
import { randomUUID } from 'node:crypto';

import {
  APPEND_DEADLINE_MS,
  type Poll,
  type PollCommand,
  decide,
  decisionIn,
  decodePollEvent,
  encodePollEvent,
  evolve,
  pollStream,
} from '#domain';
import { EventLog, WrongExpectedRevisionError } from '#event-log';

import { appendUntil } from '../append-until.ts';
import { EvidenceKeys } from './evidence-keys.ts';

const ATTEMPTS = 3;
/**
 * What stops something is possible also where an event cannot be read, which decides nothing then, as for everybody who reads: people must be
 * able to stop a vote, and a box that was cut is sealed. For all else one must know what was decided: a later version may have written it.
 */
const STOPS: ReadonlySet<PollCommand['type']> = new Set([
  ...['PausePoll', 'HideShares', 'ClosePoll', 'SealPoll', 'NoteFailedCheck', 'AnnulPoll'],
] as const);

/** Runs commands against poll streams: read, decide, append only if no other append came first, else start again. */
@Injectable()
export class PollRepository {
  constructor(
    private readonly log: EventLog,
    private readonly keys: EvidenceKeys,
  ) {}

  /**
   * @param assertAllowed what other polls have to say: it is asked with the poll as it is, before each attempt
   * @returns the poll after the command
   * @throws DomainError when the poll refuses, WrongExpectedRevisionError when others kept changing it,
   * EventLogUnavailableError when the log cannot be read, or the outcome is still unknown after the append deadline; UnreadableEventError
   */
  async execute(pollId: string, command: PollCommand, assertAllowed?: (poll: Poll | undefined) => void): Promise<Poll> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.attempt(pollId, command, assertAllowed);
      } catch (error) {
        if (!(error instanceof WrongExpectedRevisionError) || attempt === ATTEMPTS) throw error;
      }
    }
  }

  private async attempt(
    pollId: string,
    command: PollCommand,
    assertAllowed?: (poll: Poll | undefined) => void,
  ): Promise<Poll> {
    const { poll, revision } = await this.load(pollId, STOPS.has(command.type) ? decisionIn : decodePollEvent);
    assertAllowed?.(poll);
    const events = decide(command, poll, this.keys.of(pollId));
    if (events.length > 0) {
      const batch = events.map((event) => ({ ...encodePollEvent(event), id: randomUUID() }));
      const append = { stream: pollStream(pollId), events: batch, expected: revision ?? 'no-stream' } as const;
      await appendUntil(performance.now() + APPEND_DEADLINE_MS, this.log, append);
    }
    return events.reduce<Poll | undefined>(evolve, poll)!;
  }

  private async load(
    pollId: string,
    read: typeof decisionIn,
  ): Promise<{ poll: Poll | undefined; revision: bigint | undefined }> {
    let poll: Poll | undefined;
    let revision: bigint | undefined;
    for await (const page of this.log.read(pollStream(pollId), 0n)) {
      for (const event of page) {
        const decision = read(event);
        if (decision !== undefined) poll = evolve(poll, decision);
        revision = event.revision;
      }
    }
    return { poll, revision };
  }
}
