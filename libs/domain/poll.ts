import { DomainError } from './errors.ts';
import type { Participant, PollEvent } from './poll-events.ts';

/** Length limits of what the public reads, in characters. */
export const MAX_TITLE_LENGTH = 120;
export const MAX_NAME_LENGTH = 60;

/** A paredão is between two. */
export const PARTICIPANTS_PER_POLL = 2;

/**
 * `open` takes votes; `closed` refuses them while those in flight settle; `sealed` has the cut in its ballot box.
 * Times are UTC ISO-8601 with milliseconds.
 */
export interface Poll {
  readonly id: string;
  readonly title: string;
  readonly status: 'open' | 'closed' | 'sealed';
  readonly participants: readonly Participant[];
  readonly openedAt: string;
  readonly closedAt: string | null;
}

/** What may be asked of a poll. Times are given by the caller: the domain has no clock. */
export type PollCommand =
  | {
      readonly type: 'OpenPoll';
      readonly pollId: string;
      readonly title: string;
      readonly names: readonly string[];
      readonly at: string;
      readonly by: string;
    }
  | {
      readonly type: 'ChangeParticipant';
      readonly number: number;
      readonly name: string;
      readonly at: string;
      readonly by: string;
    }
  | { readonly type: 'ClosePoll'; readonly at: string; readonly by: string }
  | { readonly type: 'SealPoll'; readonly cut: bigint; readonly at: string };

/**
 * Decides what a command does to a poll. `undefined` is a poll that was never opened.
 * @throws DomainError when a rule refuses it
 */
export function decide(command: PollCommand, poll: Poll | undefined): PollEvent[] {
  switch (command.type) {
    case 'OpenPoll':
      return open(command, poll);
    case 'ChangeParticipant':
      return changeParticipant(command, existing(poll));
    case 'ClosePoll':
      return close(command, existing(poll));
    case 'SealPoll':
      return seal(command, existing(poll));
  }
}

/** Applies an event that was decided. Pure: the poll given is not changed. */
export function evolve(poll: Poll | undefined, event: PollEvent): Poll | undefined {
  if (event.type === 'PollOpened') {
    const { pollId, title, participants, openedAt } = event;
    return { id: pollId, title, participants, openedAt, status: 'open', closedAt: null };
  }
  if (poll === undefined) return undefined;
  switch (event.type) {
    case 'ParticipantChanged':
      return { ...poll, participants: rename(poll.participants, event.number, event.name) };
    case 'PollClosed':
      return { ...poll, status: 'closed', closedAt: event.closedAt };
    case 'PollSealed':
      return { ...poll, status: 'sealed' };
  }
}

/**
 * Whether a vote may be cast now.
 * @throws DomainError `poll-not-open` or `participant-not-found`
 */
export function assertVotable(poll: Poll | undefined, participantId: number): asserts poll is Poll {
  if (poll?.status !== 'open') throw new DomainError('poll-not-open', 'the poll does not take votes');
  assertParticipant(poll, participantId);
}

function open(command: Extract<PollCommand, { type: 'OpenPoll' }>, poll: Poll | undefined): PollEvent[] {
  if (poll !== undefined) throw new DomainError('poll-already-open', `poll ${poll.id} exists already`);
  const title = checkedText(command.title, MAX_TITLE_LENGTH, 'invalid-title');
  const names = command.names.map((name) => checkedText(name, MAX_NAME_LENGTH, 'invalid-name'));
  if (names.length !== PARTICIPANTS_PER_POLL || new Set(names).size !== names.length) {
    throw new DomainError('invalid-participants', 'a poll is between two participants with different names');
  }
  const participants = names.map((name, index) => ({ number: index + 1, name }));
  const { pollId, at, by } = command;
  return [{ type: 'PollOpened', pollId, title, participants, openedAt: at, by }];
}

function changeParticipant(command: Extract<PollCommand, { type: 'ChangeParticipant' }>, poll: Poll): PollEvent[] {
  const { number, at, by } = command;
  assertOpen(poll);
  const participant = assertParticipant(poll, number);
  const name = checkedText(command.name, MAX_NAME_LENGTH, 'invalid-name');
  if (participant.name === name) return [];
  if (poll.participants.some((other) => other.name === name)) {
    throw new DomainError('invalid-participants', 'the other participant has that name');
  }
  return [{ type: 'ParticipantChanged', pollId: poll.id, number, name, changedAt: at, by }];
}

function close(command: Extract<PollCommand, { type: 'ClosePoll' }>, poll: Poll): PollEvent[] {
  assertOpen(poll);
  return [{ type: 'PollClosed', pollId: poll.id, closedAt: command.at, by: command.by }];
}

function seal(command: Extract<PollCommand, { type: 'SealPoll' }>, poll: Poll): PollEvent[] {
  if (poll.status === 'sealed') return [];
  if (poll.status === 'open') throw new DomainError('poll-not-closed', `poll ${poll.id} is still open`);
  return [{ type: 'PollSealed', pollId: poll.id, cut: String(command.cut), sealedAt: command.at }];
}

function existing(poll: Poll | undefined): Poll {
  if (poll === undefined) throw new DomainError('poll-not-found', 'there is no such poll');
  return poll;
}

function assertOpen(poll: Poll): void {
  if (poll.status !== 'open') throw new DomainError('poll-not-open', `poll ${poll.id} is not open`);
}

function assertParticipant(poll: Poll, number: number): Participant {
  const participant = poll.participants.find((candidate) => candidate.number === number);
  if (participant === undefined) {
    throw new DomainError('participant-not-found', `poll ${poll.id} has no participant ${String(number)}`);
  }
  return participant;
}

function rename(participants: readonly Participant[], number: number, name: string): Participant[] {
  return participants.map((participant) => (participant.number === number ? { number, name } : participant));
}

/** A letter, number, sign or symbol: something that can be read. */
const VISIBLE = /[\p{L}\p{N}\p{P}\p{S}]/u;

function checkedText(text: string, maxLength: number, code: 'invalid-title' | 'invalid-name'): string {
  const trimmed = text.trim().normalize('NFC');
  if (!VISIBLE.test(trimmed) || trimmed.length > maxLength || !trimmed.isWellFormed()) {
    throw new DomainError(
      code,
      `must have 1 to ${String(maxLength)} characters, no half of one, and not only invisible ones`,
    );
  }
  return trimmed;
}
