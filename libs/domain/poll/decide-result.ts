import { DomainError } from '../errors.ts';
import type { PollEvent } from '../events.ts';
import type { Command } from './decide.ts';
import { MAX_REASON_LENGTH, type Poll } from './poll.ts';
import { isProclaimed } from './proclaimed.ts';
import { checkedText } from './text.ts';

/** Counted votes, and the digest of the tally. */
export interface Count {
  readonly votes: number;
  readonly digest: string;
}

/** What may be asked of a poll once it is closed; and to annul it, also before. */
export type ResultCommand =
  /** An audit of the whole closed box agreed: what it commits to, and what both ways of counting came to. */
  | {
      readonly type: 'SignCheck';
      readonly commitment: string;
      readonly fold: Count;
      readonly sql: Count;
      /** When the audit was done. */
      readonly auditedAt: string;
    }
  | { readonly type: 'NoteFailedCheck'; readonly findings: number; readonly auditedAt: string }
  /** `reason`: needed where no check agreed. */
  | { readonly type: 'ProclaimResult'; readonly reason?: string | undefined }
  | { readonly type: 'AnnulPoll'; readonly reason: string };

/**
 * Nothing happens if the same was signed already: two auditors may check at once. Of one closed box there is one truth: who signs another one has
 * found that the first signature, or this one, is of something else, and that is a check that failed.
 */
function signCheck(command: Command<'SignCheck'>, poll: Poll): PollEvent[] {
  const { commitment, fold, sql, auditedAt, at, by } = command;
  assertCounted(poll);
  if (poll.checkFailed !== undefined && auditedAt <= poll.checkFailed.at) {
    throw new DomainError('check-outdated', `a later check of poll ${poll.id} failed`);
  }
  if (poll.checked !== undefined && isSameForm(poll.checked.commitment, commitment)) {
    const isSame = poll.checked.commitment === commitment && poll.checked.votes === fold.votes;
    return isSame ? [] : [{ type: 'ResultCheckFailed', pollId: poll.id, findings: 1, checkedAt: at, by }];
  }
  return [{ type: 'ResultChecked', pollId: poll.id, commitment, fold, sql, checkedAt: at, by, auditedAt }];
}

/** A later release may commit in another form, `v3-…`: then only the votes can be compared, and the audit does that. */
const isSameForm = (one: string, other: string): boolean => one.split('-')[0] === other.split('-')[0];

/** Nothing happens if that was noted, or a later audit agreed: not one that was only signed later. */
function noteFailedCheck({ findings, auditedAt, at, by }: Command<'NoteFailedCheck'>, poll: Poll): PollEvent[] {
  assertCounted(poll);
  const latest = poll.checked?.auditedAt ?? poll.checked?.at ?? poll.checkFailed?.at ?? '';
  if (auditedAt <= latest) return [];
  return [{ type: 'ResultCheckFailed', pollId: poll.id, findings, checkedAt: at, by }];
}

/** A reason is needed, and kept, where no check agreed. */
function proclaim({ reason, at, by }: Command<'ProclaimResult'>, poll: Poll): PollEvent[] {
  assertCounted(poll);
  if (isProclaimed(poll)) return [];
  const event = { type: 'ResultProclaimed', pollId: poll.id, proclaimedAt: at, by } as const;
  if (poll.checked !== undefined) return [event];
  return [{ ...event, reason: checkedText(reason ?? '', MAX_REASON_LENGTH, 'invalid-reason') }];
}

/** An open poll is closed with it. */
function annul({ reason: given, at, by }: Command<'AnnulPoll'>, poll: Poll): PollEvent[] {
  if (poll.status === 'draft') throw new DomainError('poll-not-open', `poll ${poll.id} was never open`);
  if (poll.annulled !== undefined) return [];
  const { id: pollId } = poll;
  const reason = checkedText(given, MAX_REASON_LENGTH, 'invalid-reason');
  const annulled: PollEvent = { type: 'PollAnnulled', pollId, reason, annulledAt: at, by };
  return poll.status === 'open' ? [{ type: 'PollClosed', pollId, closedAt: at, by }, annulled] : [annulled];
}

export const RESULT_DECISIONS = {
  SignCheck: signCheck,
  NoteFailedCheck: noteFailedCheck,
  ProclaimResult: proclaim,
  AnnulPoll: annul,
};

/** @throws DomainError `poll-not-closed`, `poll-not-counted` or `poll-annulled` */
function assertCounted({ id, status, annulled }: Poll): void {
  if (annulled !== undefined) throw new DomainError('poll-annulled', `poll ${id} is annulled`);
  if (status === 'closed') throw new DomainError('poll-not-counted', `the last votes of poll ${id} are being counted`);
  if (status !== 'sealed') throw new DomainError('poll-not-closed', `poll ${id} is not closed`);
}
