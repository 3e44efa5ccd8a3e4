import { DomainError } from './errors.ts';
import type { Participant, PollEvent } from './poll-events.ts';
import { type Schedule, checkedSchedule, sameSchedule } from './schedule.ts';

/** Length limits of what the public reads, in characters. */
export const MAX_TITLE_LENGTH = 120;
export const MAX_NAME_LENGTH = 60;

/** A paredão is between two. */
export const PARTICIPANTS_PER_POLL = 2;

/**
 * `draft` is being prepared; `open` takes votes; `closed` refuses them while those in flight settle; `sealed` has the cut
 * in its ballot box. Times are UTC ISO-8601 with milliseconds.
 */
export interface Poll {
  readonly id: string;
  readonly title: string;
  readonly status: 'draft' | 'open' | 'closed' | 'sealed';
  readonly participants: readonly Participant[];
  readonly openedAt: string | null;
  readonly closedAt: string | null;
  /** What it shall do by itself, and who said so. */
  readonly schedule?: Schedule;
}

/** A poll that was opened once, whatever became of it. */
export type OpenedPoll = Poll & { readonly openedAt: string };

export const wasOpened = (poll: Poll | null | undefined): poll is OpenedPoll => typeof poll?.openedAt === 'string';

/** What a poll is made of. */
interface Making {
  readonly pollId: string;
  readonly title: string;
  readonly names: readonly string[];
}

/** Who wants it, and when. Times are given by the caller: the domain has no clock. */
interface Stamp {
  readonly at: string;
  readonly by: string;
}

/** The time has come. Nothing happens if that was done, or if the schedule was changed. */
interface Due {
  readonly at: string;
  readonly scheduledFor: string;
}

/** What may be asked of a poll. `OpenPoll` makes one that takes votes at once, `DraftPoll` one that waits. */
export type PollCommand =
  | ({ readonly type: 'OpenPoll' } & Making & Stamp)
  | ({ readonly type: 'DraftPoll' } & Making & Stamp)
  | ({ readonly type: 'ChangeParticipant'; readonly number: number; readonly name: string } & Stamp)
  | ({ readonly type: 'ChangePhoto'; readonly number: number; readonly photo: string } & Stamp)
  /** Times in any form of ISO-8601; null takes one back. */
  | ({ readonly type: 'SchedulePoll'; readonly opensAt: string | null; readonly closesAt: string | null } & Stamp)
  | ({ readonly type: 'OpenDraft' } & Stamp)
  | ({ readonly type: 'OpenAsScheduled' } & Due)
  | ({ readonly type: 'ClosePoll' } & Stamp)
  | ({ readonly type: 'CloseAsScheduled' } & Due)
  | { readonly type: 'SealPoll'; readonly cut: bigint; readonly at: string };

/**
 * Decides what a command does to a poll. `undefined` is a poll that was never opened.
 * @throws DomainError when a rule refuses it
 */
export function decide(command: PollCommand, poll: Poll | undefined): PollEvent[] {
  switch (command.type) {
    case 'OpenPoll':
    case 'DraftPoll':
      return create(command, poll);
    case 'ChangeParticipant':
      return changeParticipant(command, existing(poll));
    case 'ChangePhoto':
      return changePhoto(command, existing(poll));
    case 'SchedulePoll':
      return schedule(command, existing(poll));
    case 'OpenDraft':
      return openDraft(command, existing(poll));
    case 'OpenAsScheduled':
      return openAsScheduled(command, existing(poll));
    case 'ClosePoll':
      return close(command, existing(poll));
    case 'CloseAsScheduled':
      return closeAsScheduled(command, existing(poll));
    case 'SealPoll':
      return seal(command, existing(poll));
  }
}

/** Applies an event that was decided. Pure: the poll given is not changed. */
export function evolve(poll: Poll | undefined, event: PollEvent): Poll | undefined {
  if (event.type === 'PollDrafted' || event.type === 'PollOpened') {
    const { pollId: id, title, participants } = event;
    const [status, openedAt] =
      event.type === 'PollDrafted' ? (['draft', null] as const) : (['open', event.openedAt] as const);
    return { ...poll, id, title, participants, status, openedAt, closedAt: null };
  }
  if (poll === undefined) return undefined;
  switch (event.type) {
    case 'PollScheduled': {
      const { opensAt, closesAt, by } = event;
      return { ...poll, schedule: { opensAt, closesAt, by } };
    }
    case 'ParticipantChanged':
      return withParticipant(poll, event.number, { name: event.name });
    case 'PhotoChanged':
      return withParticipant(poll, event.number, { photo: event.photo });
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

type OpenedEvent = Extract<PollEvent, { type: 'PollOpened' }>;
type Command<T extends PollCommand['type']> = Extract<PollCommand, { type: T }>;

function create(command: Command<'OpenPoll' | 'DraftPoll'>, poll: Poll | undefined): PollEvent[] {
  if (poll !== undefined) {
    throw new DomainError(
      poll.status === 'open' ? 'poll-already-open' : 'poll-exists',
      `poll ${poll.id} exists already`,
    );
  }
  const title = checkedText(command.title, MAX_TITLE_LENGTH, 'invalid-title');
  const names = command.names.map((name) => checkedText(name, MAX_NAME_LENGTH, 'invalid-name'));
  if (names.length !== PARTICIPANTS_PER_POLL || new Set(names).size !== names.length) {
    throw new DomainError('invalid-participants', 'a poll is between two participants with different names');
  }
  const participants = names.map((name, index) => ({ number: index + 1, name }));
  const { pollId, at, by } = command;
  if (command.type === 'DraftPoll') return [{ type: 'PollDrafted', pollId, title, participants, draftedAt: at, by }];
  return [{ type: 'PollOpened', pollId, title, participants, openedAt: at, by }];
}

function schedule(command: Command<'SchedulePoll'>, poll: Poll): PollEvent[] {
  assertChangeable(poll);
  const { at, by } = command;
  const next = checkedSchedule(command, poll.status === 'draft');
  if (sameSchedule(next, poll.schedule)) return [];
  return [{ type: 'PollScheduled', pollId: poll.id, ...next, scheduledAt: at, by }];
}

function openDraft({ at, by }: Command<'OpenDraft'>, poll: Poll): PollEvent[] {
  if (poll.status !== 'draft') throw new DomainError('poll-already-open', `poll ${poll.id} was opened already`);
  if (poll.schedule?.closesAt && poll.schedule.closesAt <= at) {
    throw new DomainError('invalid-schedule', `poll ${poll.id} should have closed already`);
  }
  return [opened(poll, at, by)];
}

function openAsScheduled({ at, scheduledFor }: Command<'OpenAsScheduled'>, poll: Poll): PollEvent[] {
  if (poll.status !== 'draft' || poll.schedule?.opensAt !== scheduledFor) return [];
  return [{ ...opened(poll, at, poll.schedule.by), scheduledFor }];
}

function opened({ id: pollId, title, participants }: Poll, openedAt: string, by: string): OpenedEvent {
  return { type: 'PollOpened', pollId, title, participants, openedAt, by };
}

function changeParticipant(command: Command<'ChangeParticipant'>, poll: Poll): PollEvent[] {
  const { number, at, by } = command;
  assertChangeable(poll);
  const participant = assertParticipant(poll, number);
  const name = checkedText(command.name, MAX_NAME_LENGTH, 'invalid-name');
  if (participant.name === name) return [];
  if (poll.participants.some((other) => other.name === name)) {
    throw new DomainError('invalid-participants', 'the other participant has that name');
  }
  return [{ type: 'ParticipantChanged', pollId: poll.id, number, name, changedAt: at, by }];
}

function changePhoto({ number, photo, at, by }: Command<'ChangePhoto'>, poll: Poll): PollEvent[] {
  assertChangeable(poll);
  if (assertParticipant(poll, number).photo === photo) return [];
  return [{ type: 'PhotoChanged', pollId: poll.id, number, photo, changedAt: at, by }];
}

function close({ at, by }: Command<'ClosePoll'>, poll: Poll): PollEvent[] {
  if (poll.status !== 'open') throw new DomainError('poll-not-open', `poll ${poll.id} is not open`);
  return [{ type: 'PollClosed', pollId: poll.id, closedAt: at, by }];
}

function closeAsScheduled({ at, scheduledFor }: Command<'CloseAsScheduled'>, poll: Poll): PollEvent[] {
  if (poll.status !== 'open' || poll.schedule?.closesAt !== scheduledFor) return [];
  return [{ type: 'PollClosed', pollId: poll.id, closedAt: at, by: poll.schedule.by, scheduledFor }];
}

function seal(command: Command<'SealPoll'>, poll: Poll): PollEvent[] {
  if (poll.status === 'sealed') return [];
  if (poll.status !== 'closed') throw new DomainError('poll-not-closed', `poll ${poll.id} is not closed`);
  return [{ type: 'PollSealed', pollId: poll.id, cut: String(command.cut), sealedAt: command.at }];
}

function existing(poll: Poll | undefined): Poll {
  if (poll === undefined) throw new DomainError('poll-not-found', 'there is no such poll');
  return poll;
}

function assertChangeable({ id, status }: Poll): void {
  if (status !== 'draft' && status !== 'open') throw new DomainError('poll-not-open', `poll ${id} is over`);
}

function assertParticipant(poll: Poll, number: number): Participant {
  const participant = poll.participants.find((candidate) => candidate.number === number);
  if (participant === undefined) {
    throw new DomainError('participant-not-found', `poll ${poll.id} has no participant ${String(number)}`);
  }
  return participant;
}

function withParticipant(poll: Poll, number: number, change: Partial<Participant>): Poll {
  const changed = (one: Participant): Participant => (one.number === number ? { ...one, ...change } : one);
  return { ...poll, participants: poll.participants.map(changed) };
}

/** A letter, number, sign or symbol: something that can be read. */
const VISIBLE = /[\p{L}\p{N}\p{P}\p{S}]/u;
/** Control characters, ends of lines, and what turns the direction of writing: they make a text look like another one. */
const TREACHEROUS = /[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u;

function checkedText(text: string, maxLength: number, code: 'invalid-title' | 'invalid-name'): string {
  const trimmed = text.trim().normalize('NFC');
  const isReadable = VISIBLE.test(trimmed) && !TREACHEROUS.test(trimmed) && trimmed.isWellFormed();
  if (!isReadable || trimmed.length > maxLength) {
    throw new DomainError(
      code,
      `must have 1 to ${String(maxLength)} characters, no half of one, no control characters, and not only invisible ones`,
    );
  }
  return trimmed;
}
