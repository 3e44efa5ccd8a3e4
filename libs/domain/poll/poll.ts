import { DomainError } from '../errors.ts';
import type { PollEvent, PollEventOf } from '../events.ts';
import { MIN_PARTICIPANTS, type Participant } from '../wire/participants.ts';
import type { Policy } from './disclosure.ts';
import { type ParticipantEvent, evolveParticipants } from './evolve-participants.ts';
import type { Purpose } from './purpose.ts';
import { type ResultEvent, type ResultStanding, evolveResult } from './result.ts';
import type { Schedule } from './schedule.ts';
import type { StageCue } from './stage.ts';

/** Length limits of what the public reads, in characters. */
export const MAX_TITLE_LENGTH = 120;
export const MAX_NAME_LENGTH = 60;
export const MAX_REASON_LENGTH = 200;

export type PollStatus = 'draft' | 'open' | 'closed' | 'sealed' | 'discarded';

/**
 * `draft` is being prepared; `open` takes votes; `closed` refuses them while those in flight settle; `sealed` has the cut
 * in its ballot box; `discarded` is a draft that was given up. Times are UTC ISO-8601 with milliseconds.
 */
export interface Poll extends ResultStanding {
  readonly id: string;
  readonly title: string;
  readonly status: PollStatus;
  readonly participants: readonly Participant[];
  /** Polls of earlier versions have none: it is not guessed. */
  readonly purpose?: Purpose;
  /** For the public to read; lines end in a line feed. */
  readonly rules?: string;
  /** Id of the annulled poll in whose place it is held. */
  readonly replaces?: string;
  /** Its votes never count for anything: a poll to try things with, beside a real one. */
  readonly rehearsal?: true;
  /** Who sees the shares, and when. Polls of earlier versions have none: see `policyOf`. */
  readonly policy?: Policy;
  /** Whether production shows the shares of a poll that is open, where that is on cue; absent: it does not. */
  readonly shown?: boolean;
  readonly openedAt: string | null;
  readonly closedAt: string | null;
  /** Since when no votes are taken, of an open poll that is paused; absent while they are. */
  readonly pausedAt?: string;
  /** Names that were corrected while it was open, and why, the first one first. */
  readonly corrections?: readonly Correction[];
  /** SHA-256 of the key that marks its votes, hexadecimal. Polls that earlier versions opened have none. */
  readonly evidenceKeyHash?: string;
  /** How many ballot boxes it has, each of which says of itself that it was opened; absent: one that does not. */
  readonly ballotBoxes?: number;
  /** What it shall do by itself, and who said so. */
  readonly schedule?: Schedule;
  /** What is on the wall in the studio; absent before anybody said so. */
  readonly stage?: StageCue;
}

/** What each state is called where people read it: in answers, on pages, in reports. */
export const POLL_STATE_NAMES = {
  draft: 'rascunho',
  open: 'aberto',
  closed: 'encerrado',
  sealed: 'encerrado',
  checked: 'conferido',
  proclaimed: 'proclamado',
  annulled: 'anulado',
  discarded: 'descartado',
} as const satisfies Record<PollStatus | 'checked' | 'proclaimed' | 'annulled', string>;

/** A name that was corrected after the opening. */
export interface Correction {
  readonly number: number;
  readonly from: string;
  readonly to: string;
  /** UTC ISO-8601 with milliseconds. */
  readonly at: string;
  readonly reason: string;
}

/** How many take part. If no stream says so, a ballot box is counted as one of two, as all early polls were. */
export const participantCountOf = (poll: Poll | null | undefined): number =>
  poll?.participants.length ?? MIN_PARTICIPANTS;

/** A poll that was opened once, whatever became of it. */
export type OpenedPoll = Poll & { readonly openedAt: string };

export const wasOpened = (poll: Poll | null | undefined): poll is OpenedPoll => typeof poll?.openedAt === 'string';

/**
 * By which rule the votes of a poll are counted, which is also the version of its votes: that of its `PollOpened`.
 * Undefined before it was opened.
 */
export function ruleOf(poll: Poll | null | undefined): 1 | 2 | undefined {
  if (!wasOpened(poll)) return undefined;
  return poll.evidenceKeyHash === undefined ? 1 : 2;
}

/** Applies an event that was decided. Pure: the poll given is not changed. */
export function evolve(poll: Poll | undefined, event: PollEvent): Poll | undefined {
  if (event.type === 'PollDrafted' || event.type === 'PollOpened') return made(poll, event);
  if (poll === undefined) return undefined;
  if ('number' in event) return evolveParticipants(poll, event);
  if ('changedAt' in event) return evolveDescription(poll, event);
  return evolveCourse(poll, event);
}

type CourseEvent = Exclude<PollEvent, MakingEvent | ParticipantEvent | DescriptionEvent>;

/** What becomes of it in its time. */
function evolveCourse(poll: Poll, event: CourseEvent): Poll {
  switch (event.type) {
    case 'PollScheduled': {
      const { opensAt, closesAt, by } = event;
      return { ...poll, schedule: { opensAt, closesAt, by } };
    }
    case 'PollClosed':
      return { ...running(poll), status: 'closed', closedAt: event.closedAt };
    case 'PollSealed':
      return { ...poll, status: 'sealed' };
    case 'StageCued':
      return { ...poll, stage: { mode: event.mode, at: event.cuedAt } };
    case 'DraftDiscarded':
      return { ...poll, status: 'discarded' };
    default:
      return evolveOpen(poll, event);
  }
}

/** What is changed, and changed back, while people vote. */
function evolveOpen(
  poll: Poll,
  event: PollEventOf<'PollPaused' | 'PollResumed' | 'SharesShown' | 'SharesHidden'> | ResultEvent,
): Poll {
  switch (event.type) {
    case 'PollPaused':
      return { ...poll, pausedAt: event.pausedAt };
    case 'PollResumed':
      return running(poll);
    case 'SharesShown':
    case 'SharesHidden':
      return { ...poll, shown: event.type === 'SharesShown' };
    default:
      return evolveResult(poll, event);
  }
}

/** Without its pause, if there is one. */
function running({ pausedAt: _, ...poll }: Poll): Poll {
  return poll;
}

type DescriptionEvent = PollEventOf<
  'TitleChanged' | 'PurposeChanged' | 'RulesChanged' | 'PolicyChanged' | 'ReplacesChanged'
>;

function evolveDescription(poll: Poll, event: DescriptionEvent): Poll {
  switch (event.type) {
    case 'TitleChanged':
      return { ...poll, title: event.title };
    case 'PurposeChanged':
      return { ...poll, purpose: event.purpose };
    case 'PolicyChanged':
      return { ...poll, policy: event.policy };
    case 'RulesChanged':
      return { ...withoutRules(poll), ...meaningOf(event) };
    case 'ReplacesChanged':
      return { ...withoutReplaced(poll), ...meaningOf(event) };
  }
}

type MakingEvent = PollEventOf<'PollDrafted' | 'PollOpened'>;

function made(poll: Poll | undefined, event: MakingEvent): Poll {
  const { pollId: id, title, participants } = event;
  // an opening is read without its draft: the policy is the one that it says, or none
  const { policy: _, ...draft } = poll ?? {};
  const common = { ...draft, id, title, participants, ...meaningOf(event), closedAt: null };
  if (event.type === 'PollDrafted') return { ...common, status: 'draft', openedAt: null };
  const { openedAt, evidenceKeyHash, ballotBoxes } = event;
  return {
    ...{ ...common, status: 'open', openedAt },
    ...(evidenceKeyHash !== undefined && { evidenceKeyHash }),
    ...(ballotBoxes !== undefined && { ballotBoxes }),
  };
}

/** What a poll or an event may say of what a vote means, of which poll it replaces, and whether it is a rehearsal. */
export interface Meaning {
  readonly purpose?: Purpose | undefined;
  readonly rules?: string | undefined;
  readonly policy?: Policy | undefined;
  /** Id of the annulled poll in whose place it is held. That it is annulled is known to whoever says so. */
  readonly replaces?: string | undefined;
  readonly rehearsal?: boolean | undefined;
}

/** What a poll or an event says a vote means; what it does not say, or says with nothing, is left out. */
export const meaningOf = ({ purpose, rules, policy, replaces, rehearsal }: Meaning): Pick<Poll, keyof Meaning> => ({
  ...(purpose !== undefined && { purpose }),
  ...(rules !== undefined && rules !== '' && { rules }),
  ...(policy !== undefined && { policy }),
  ...(replaces !== undefined && replaces !== '' && { replaces }),
  ...(rehearsal === true && { rehearsal }),
});

const withoutRules = ({ rules: _rules, ...poll }: Poll): Poll => poll;
const withoutReplaced = ({ replaces: _replaces, ...poll }: Poll): Poll => poll;

/**
 * Whether the announced end of a poll has come, even if it is not closed yet.
 * @param now ms since the epoch
 */
export const isPastEnd = ({ schedule }: Poll, now: number): boolean =>
  typeof schedule?.closesAt === 'string' && now >= Date.parse(schedule.closesAt);

/**
 * Whether a vote may be cast now. From the announced end on it may not, even if the poll is not closed yet.
 * @param now ms since the epoch
 * @throws DomainError `poll-not-open`, `poll-paused` or `participant-not-found`
 */
export function assertVotable(poll: Poll | undefined, participantId: number, now: number): asserts poll is Poll {
  if (poll?.status !== 'open' || isPastEnd(poll, now)) {
    throw new DomainError('poll-not-open', 'the poll does not take votes');
  }
  if (poll.pausedAt !== undefined) throw new DomainError('poll-paused', `poll ${poll.id} is paused`);
  assertParticipant(poll, participantId);
}

/** @throws DomainError `participant-not-found` */
export function assertParticipant(poll: Poll, number: number): Participant {
  const participant = poll.participants.find((candidate) => candidate.number === number);
  if (participant === undefined) {
    throw new DomainError('participant-not-found', `poll ${poll.id} has no participant ${String(number)}`);
  }
  return participant;
}
