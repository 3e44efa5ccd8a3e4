import { DomainError } from '../errors.ts';
import type { PollEvent } from '../events.ts';
import { MAX_PARTICIPANTS, MIN_PARTICIPANTS, type Participant } from '../wire/participants.ts';
import type { Command } from './decide.ts';
import { changePortrait } from './decide-people.ts';
import { MAX_NAME_LENGTH, MAX_REASON_LENGTH, type Poll, assertParticipant } from './poll.ts';
import { checkedText, isAlike } from './text.ts';

/** @throws DomainError `invalid-participants` unless there are two to ten with different names */
export function assertParticipants(participants: readonly Participant[]): void {
  const [names, { length }] = [participants.map(({ name }) => name), participants];
  const isAmbiguous = names.some((name, index) => isTaken(name, names.slice(0, index)));
  if (length < MIN_PARTICIPANTS || length > MAX_PARTICIPANTS || isAmbiguous) {
    throw new DomainError('invalid-participants', 'a poll is between two to ten participants with different names');
  }
}

/** Whether a name could be taken for one of the others. */
const isTaken = (name: string, others: readonly string[]): boolean => others.some((other) => isAlike(name, other));

/** The name, the photo and its focus: all that is given, or nothing. */
export function changeParticipant(command: Command<'ChangeParticipant'>, poll: Poll): PollEvent[] {
  assertChangeable(poll);
  const participant = assertParticipant(poll, command.number);
  return [...rename(command, poll, participant), ...changePortrait(command, poll, participant)];
}

function rename(command: Command<'ChangeParticipant'>, poll: Poll, participant: Participant): PollEvent[] {
  if (command.name === undefined) return [];
  const { number, at, by } = command;
  const name = checkedText(command.name, MAX_NAME_LENGTH, 'invalid-name');
  if (participant.name === name) return [];
  const others = poll.participants.filter((other) => other.number !== number).map((other) => other.name);
  if (isTaken(name, others)) {
    throw new DomainError('invalid-participants', 'another participant has that name');
  }
  const event = { type: 'ParticipantChanged', pollId: poll.id, number, name, changedAt: at, by } as const;
  if (poll.status === 'draft') return [event];
  return [{ ...event, reason: checkedText(command.reason ?? '', MAX_REASON_LENGTH, 'invalid-reason') }];
}

export function addParticipant({ at, by, ...command }: Command<'AddParticipant'>, poll: Poll): PollEvent[] {
  assertDraft(poll);
  const name = checkedText(command.name, MAX_NAME_LENGTH, 'invalid-name');
  const number = poll.participants.length + 1;
  assertParticipants([...poll.participants, { number, name }]);
  return [{ type: 'ParticipantAdded', pollId: poll.id, number, name, addedAt: at, by }];
}

export function removeParticipant({ number, at, by }: Command<'RemoveParticipant'>, poll: Poll): PollEvent[] {
  assertDraft(poll);
  const leaving = assertParticipant(poll, number);
  assertParticipants(poll.participants.filter((one) => one !== leaving));
  return [{ type: 'ParticipantRemoved', pollId: poll.id, number, removedAt: at, by }];
}

export function changePhoto(command: Command<'ChangePhoto'>, poll: Poll): PollEvent[] {
  assertChangeable(poll);
  return changePortrait(command, poll, assertParticipant(poll, command.number));
}

export function assertDraft({ id, status }: Poll): void {
  if (status !== 'draft') throw new DomainError('poll-not-draft', `poll ${id} was opened already`);
}

export function assertChangeable({ id, status }: Poll): void {
  if (status !== 'draft' && status !== 'open') throw new DomainError('poll-not-open', `poll ${id} is over`);
}
