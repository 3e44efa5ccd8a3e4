import { DomainError } from '../errors.ts';
import type { PollEvent } from '../events.ts';
import type { Command } from './decide.ts';
import { MAX_REASON_LENGTH, type Poll } from './poll.ts';
import type { FailedCheck, ResultCheck } from './result.ts';
import { isProclaimed } from './proclaimed.ts';
import { checkedText } from './text.ts';

/** Counted votes, and the digest of the tally. */
export interface Count {
  readonly votes: number;
  readonly digest: string;
}

/** An audit of a poll. */
interface Audited {
  /** When it was done. */
  readonly auditedAt: string;
  /** How many events of the poll's own stream it had read; absent in what an earlier version made. */
  readonly acts?: number | undefined;
}

/** What may be asked of a poll once it is closed; and to annul it, also before. */
export type ResultCommand =
  /** An audit of the whole closed box agreed: what it commits to, and what both ways of counting came to. */
  | (Audited & {
      readonly type: 'SignCheck';
      readonly commitment: string;
      readonly fold: Count;
      readonly sql: Count;
    })
  | (Audited & { readonly type: 'NoteFailedCheck'; readonly findings: number })
  /** `reason`: needed where no check agreed. */
  | { readonly type: 'ProclaimResult'; readonly reason?: string | undefined }
  | { readonly type: 'AnnulPoll'; readonly reason: string };

/**
 * Nothing happens if the same was signed already: two auditors may check at once. Of one closed box there is one truth: who signs another one has
 * found that the first signature, or this one, is of something else, and that is a check that failed.
 */
function signCheck(command: Command<'SignCheck'>, poll: Poll): PollEvent[] {
  const { commitment, fold, sql, auditedAt, acts, at, by } = command;
  assertCounted(poll);
  const { checkFailed } = poll;
  if (checkFailed !== undefined && !isLater(command, auditOf(checkFailed))) {
    throw new DomainError('check-outdated', `a later check of poll ${poll.id} failed`);
  }
  if (poll.checked !== undefined && isSameForm(poll.checked.commitment, commitment)) {
    const isSame = poll.checked.commitment === commitment && poll.checked.votes === fold.votes;
    // whoever signs after that has to have read of it, also if the first signature was of a later audit
    const read = acts === undefined ? undefined : Math.max(acts, (poll.checked.acts ?? 0) + 1);
    return isSame ? [] : [{ type: 'ResultCheckFailed', pollId: poll.id, findings: 1, checkedAt: at, by, ...of(read) }];
  }
  return [{ type: 'ResultChecked', pollId: poll.id, commitment, fold, sql, checkedAt: at, by, auditedAt, ...of(acts) }];
}

const auditOf = ({ at: auditedAt, acts }: FailedCheck): Audited => ({ auditedAt, acts });

const of = (acts: number | undefined): { acts?: number } => (acts === undefined ? {} : { acts });

/**
 * Which of two audits was the later one: what they had read of the poll says it, since whatever was decided in between is an event. Wall clocks
 * of two hosts say it only of what earlier versions wrote.
 */
function isLater(one: Audited, other: Audited): boolean {
  if (one.acts !== undefined && other.acts !== undefined) return one.acts > other.acts;
  return one.auditedAt > other.auditedAt;
}

/** A later release may commit in another form, `v3-…`: then only the votes can be compared, and the audit does that. */
const isSameForm = (one: string, other: string): boolean => one.split('-')[0] === other.split('-')[0];

/** Nothing happens if that was noted, or a later audit agreed: not one that was only signed later, or had read no more. */
function noteFailedCheck(command: Command<'NoteFailedCheck'>, poll: Poll): PollEvent[] {
  const { findings, acts, at, by } = command;
  const { checked, checkFailed } = poll;
  assertCounted(poll);
  if (checked !== undefined && isOverruled(command, checked)) return [];
  if (checkFailed !== undefined && !isLater(command, auditOf(checkFailed))) return [];
  return [{ type: 'ResultCheckFailed', pollId: poll.id, findings, checkedAt: at, by, ...of(acts) }];
}

/** Of two audits that had read the same, nobody can say which was later: then the one that failed is believed. */
function isOverruled(failed: Audited, { at, auditedAt = at, acts }: ResultCheck): boolean {
  if (failed.acts !== undefined && acts !== undefined) return acts > failed.acts;
  return failed.auditedAt <= auditedAt;
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
