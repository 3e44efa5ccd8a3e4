import { DomainError } from '../errors.ts';
import type { PollEvent, PollEventOf } from '../events.ts';
import { MIN_PARTICIPANTS } from '../wire/participants.ts';
import { FIRST_BOX } from '../wire/recorded-event.ts';
import {
  addParticipant,
  assertParticipants,
  changeParticipant,
  changePhoto,
  removeParticipant,
} from './decide-participants.ts';
import { describeDraft, discardDraft } from './decide-draft.ts';
import { hideShares, showShares } from './decide-disclosure.ts';
import { RESULT_DECISIONS, type ResultCommand } from './decide-result.ts';
import { type Portrait, type WantedPerson, type WantedPortrait, portraitFields } from './decide-people.ts';
import { cueStage } from './decide-stage.ts';
import { type WantedTimes, assertOpen, moveTimes, pause, resume, schedule } from './decide-times.ts';
import { DEFAULT_POLICY, policyOf } from './disclosure.ts';
import { MAX_NAME_LENGTH, MAX_TITLE_LENGTH, type Meaning, type Poll, evolve, meaningOf } from './poll.ts';
import { MAX_RULES_LENGTH } from './purpose.ts';
import type { StageMode } from './stage.ts';
import { checkedRules, checkedText } from './text.ts';

/** What a poll is made of. */
export interface PollMaking extends Meaning, WantedTimes {
  readonly pollId: string;
  readonly title: string;
  readonly names: readonly string[];
  /** Of the participants, in the order of their names; where there is none, a gap. */
  readonly portraits?: readonly (Portrait | undefined)[] | undefined;
}

/** Who wants it, and when. Times are given by the caller: the domain has no clock. */
export interface Stamp {
  readonly at: string;
  readonly by: string;
}

/** The time has come. Nothing happens if that was done, if the schedule was changed, or if the draft was discarded. */
interface Due {
  readonly at: string;
  readonly scheduledFor: string;
}

/** What may be asked of a poll. `OpenPoll` makes one that takes votes at once, `DraftPoll` one that waits. */
export type PollCommand =
  | ({ readonly type: 'OpenPoll' } & PollMaking & Stamp)
  | ({ readonly type: 'DraftPoll' } & PollMaking & Stamp)
  /** While it is a draft. What is undefined stays as it is; empty rules take them back, as an empty id takes back which poll it replaces. */
  | ({
      readonly type: 'DescribeDraft';
      readonly title?: string | undefined;
      /** All of them. */
      readonly people?: readonly WantedPerson[] | undefined;
    } & Omit<Meaning, 'rehearsal'> &
      WantedTimes &
      Stamp)
  | ({ readonly type: 'DiscardDraft' } & Stamp)
  /** After the opening only as a correction, with a reason that the public reads. */
  | ({
      readonly type: 'ChangeParticipant';
      readonly number: number;
      readonly name?: string | undefined;
      readonly reason?: string | undefined;
    } & WantedPortrait &
      Stamp)
  /** While it is a draft; the last number. */
  | ({ readonly type: 'AddParticipant'; readonly name: string } & Stamp)
  /** While it is a draft; those with higher numbers move up. */
  | ({ readonly type: 'RemoveParticipant'; readonly number: number } & Stamp)
  | ({ readonly type: 'ChangePhoto'; readonly number: number } & Portrait & Stamp)
  /** Times in any form of ISO-8601; null takes one back. The end of an open poll may move until it has come. */
  | ({ readonly type: 'SchedulePoll'; readonly opensAt: string | null; readonly closesAt: string | null } & Stamp)
  | ({ readonly type: 'OpenDraft' } & Stamp)
  | ({ readonly type: 'OpenAsScheduled' } & Due)
  /** Takes no votes until it is resumed; its end stays where it is. Nothing happens if it is so already, as with `ResumePoll`. */
  | ({ readonly type: 'PausePoll' } & Stamp)
  | ({ readonly type: 'ResumePoll' } & Stamp)
  /** Where the public sees the shares on cue. Nothing happens if it is so already, as with `HideShares`. */
  | ({ readonly type: 'ShowShares' } & Stamp)
  | ({ readonly type: 'HideShares' } & Stamp)
  | ({ readonly type: 'ClosePoll' } & Stamp)
  /** What the wall in the studio shows. Nothing happens if it shows that already. */
  | ({ readonly type: 'CueStage'; readonly mode: StageMode } & Stamp)
  | ({ readonly type: 'CloseAsScheduled' } & Due)
  /** `withoutKey`: the key that marked the votes is lost. */
  | { readonly type: 'SealPoll'; readonly cut: bigint; readonly at: string; readonly withoutKey?: boolean }
  | (ResultCommand & Stamp);

/** The key that marks the votes of a poll. */
export interface PollKey {
  /** SHA-256 of it, hexadecimal. */
  readonly hash: string;
  /** The key itself, hexadecimal. */
  readonly hex: string;
}

/**
 * Decides what a command does to a poll. `undefined` is a poll that was never made.
 * @param key of this deployment for this poll; without one it is opened as earlier versions did
 * @throws DomainError when a rule refuses it
 */
export function decide(command: PollCommand, poll: Poll | undefined, key?: PollKey): PollEvent[] {
  if (command.type === 'OpenPoll' || command.type === 'DraftPoll') return create(command, poll, key);
  if (command.type === 'OpenAsScheduled') return openAsScheduled(command, poll, key);
  if (command.type === 'CloseAsScheduled') return closeAsScheduled(command, poll);
  return (CHANGES[command.type] as Decider<Change>)(command, existing(poll), key);
}

type Change = Exclude<PollCommand, PollMaking | Due>;
type Decider<C> = (command: C, poll: Poll, key: PollKey | undefined) => PollEvent[];

/** What each change of an existing poll leads to. */
const CHANGES: { readonly [T in Change['type']]: Decider<Command<T>> } = {
  DescribeDraft: describeDraft,
  DiscardDraft: discardDraft,
  ChangeParticipant: changeParticipant,
  AddParticipant: addParticipant,
  RemoveParticipant: removeParticipant,
  ChangePhoto: changePhoto,
  SchedulePoll: schedule,
  OpenDraft: openDraft,
  PausePoll: pause,
  ResumePoll: resume,
  ShowShares: showShares,
  HideShares: hideShares,
  ClosePoll: close,
  CueStage: cueStage,
  SealPoll: seal,
  ...RESULT_DECISIONS,
};

type OpenedEvent = PollEventOf<'PollOpened'>;
/** What an opening says of a poll. */
type Opening = Pick<Poll, 'id' | 'title' | 'participants' | keyof Meaning>;
/** A command of one kind. */
export type Command<T extends PollCommand['type']> = Extract<PollCommand, { type: T }>;

function create(
  command: Command<'OpenPoll' | 'DraftPoll'>,
  poll: Poll | undefined,
  key: PollKey | undefined,
): PollEvent[] {
  if (poll !== undefined) {
    throw new DomainError(
      poll.status === 'open' ? 'poll-already-open' : 'poll-exists',
      `poll ${poll.id} exists already`,
    );
  }
  const title = checkedText(command.title, MAX_TITLE_LENGTH, 'invalid-title');
  const names = command.names.map((name) => checkedText(name, MAX_NAME_LENGTH, 'invalid-name'));
  const participants = names.map((name, index) => {
    return { number: index + 1, name, ...portraitFields(command.portraits?.[index]) };
  });
  assertParticipants(participants);
  const { pollId, at, by, purpose, policy = DEFAULT_POLICY, replaces, rehearsal } = command;
  const rules = checkedRules(command.rules ?? '', MAX_RULES_LENGTH);
  const meaning = meaningOf({ purpose, rules, policy, replaces, rehearsal });
  const made: PollEvent =
    command.type === 'DraftPoll'
      ? { type: 'PollDrafted', pollId, title, participants, draftedAt: at, by, ...meaning }
      : opened({ id: pollId, title, participants, ...meaning }, at, by, key);
  return [made, ...moveTimes(command, evolve(undefined, made)!)];
}

function openDraft({ at, by }: Command<'OpenDraft'>, poll: Poll, key: PollKey | undefined): PollEvent[] {
  if (poll.status !== 'draft') throw new DomainError('poll-already-open', `poll ${poll.id} was opened already`);
  if (poll.schedule?.closesAt && poll.schedule.closesAt <= at) {
    throw new DomainError('invalid-schedule', `poll ${poll.id} should have closed already`);
  }
  return [opened(poll, at, by, key)];
}

function openAsScheduled(
  { at, scheduledFor }: Command<'OpenAsScheduled'>,
  poll: Poll | undefined,
  key: PollKey | undefined,
): PollEvent[] {
  if (poll?.status !== 'draft' || poll.schedule?.opensAt !== scheduledFor) return [];
  return [{ ...opened(poll, at, poll.schedule.by, key), scheduledFor }];
}

/**
 * Without a key it is a poll of version 1, which says nothing of what a vote means.
 * @throws DomainError `invalid-participants`: it is between two as well; `evidence-key-mismatch`: it is no rehearsal
 */
function opened(
  { id: pollId, title, participants, ...poll }: Opening,
  openedAt: string,
  by: string,
  key: PollKey | undefined,
): OpenedEvent {
  if (key === undefined && participants.length > MIN_PARTICIPANTS) {
    throw new DomainError('invalid-participants', 'a poll without an evidence key is between two');
  }
  if (key === undefined && poll.rehearsal) {
    throw new DomainError('evidence-key-mismatch', 'a poll without an evidence key cannot say that it is a rehearsal');
  }
  return { type: 'PollOpened', pollId, title, participants, openedAt, by, ...marked(poll, key) };
}

/** A draft of an earlier version says nothing of its policy: what that means is written down. */
const marked = (poll: Pick<Poll, keyof Meaning>, key: PollKey | undefined): Partial<OpenedEvent> =>
  key === undefined
    ? {}
    : { evidenceKeyHash: key.hash, ...meaningOf({ ...poll, policy: policyOf(poll) }), ballotBoxes: FIRST_BOX };

function close({ at, by }: Command<'ClosePoll'>, poll: Poll): PollEvent[] {
  assertOpen(poll);
  return [{ type: 'PollClosed', pollId: poll.id, closedAt: at, by }];
}

function closeAsScheduled({ at, scheduledFor }: Command<'CloseAsScheduled'>, poll: Poll | undefined): PollEvent[] {
  if (poll?.status !== 'open' || poll.schedule?.closesAt !== scheduledFor) return [];
  return [{ type: 'PollClosed', pollId: poll.id, closedAt: at, by: poll.schedule.by, scheduledFor }];
}

function seal(command: Command<'SealPoll'>, poll: Poll, key: PollKey | undefined): PollEvent[] {
  if (poll.status === 'sealed') return [];
  if (poll.status !== 'closed') throw new DomainError('poll-not-closed', `poll ${poll.id} is not closed`);
  const sealed = { type: 'PollSealed', pollId: poll.id, cut: String(command.cut), sealedAt: command.at } as const;
  if (poll.evidenceKeyHash === undefined || command.withoutKey === true) return [sealed];
  return [{ ...sealed, evidenceKey: keyOf(poll, key).hex }];
}

/**
 * The key that marks the votes of a poll.
 * @param key that this deployment has for it
 * @throws DomainError `evidence-key-mismatch` when it is another one
 */
export function keyOf<Key extends PollKey>(poll: Poll, key: Key | undefined): Key {
  if (key?.hash === poll.evidenceKeyHash && key !== undefined) return key;
  throw new DomainError('evidence-key-mismatch', `poll ${poll.id} was opened with another evidence key`);
}

/** What was discarded is not there any more for anybody but auditors. */
function existing(poll: Poll | undefined): Poll {
  if (poll === undefined || poll.status === 'discarded')
    throw new DomainError('poll-not-found', 'there is no such poll');
  return poll;
}
