import type { PollEventOf } from '../events.ts';

/** An audit of the closed box that agreed, and who signed that. Times here are UTC ISO-8601 with milliseconds. */
export interface ResultCheck {
  readonly at: string;
  readonly by: string;
  /** What the audit commits to. */
  readonly commitment: string;
  /** Counted votes. */
  readonly votes: number;
  /** When the audit was done. */
  readonly auditedAt?: string;
  /** How many events of the poll's own stream it had read; absent where an earlier version wrote it. */
  readonly acts?: number;
}

/** An audit that did not agree. */
export interface FailedCheck {
  readonly at: string;
  readonly by: string;
  /** How much it found. */
  readonly findings: number;
  /** As above. */
  readonly acts?: number;
}

export interface Annulment {
  readonly at: string;
  readonly by: string;
  /** For the public to read. */
  readonly reason: string;
}

/** What became of the result of a poll once it was closed. */
export interface ResultStanding {
  /** Absent before, and since a later check did not agree. */
  readonly checked?: ResultCheck;
  /** Of the latest check. */
  readonly checkFailed?: FailedCheck;
  /** From when on the public may know it. */
  readonly proclaimedAt?: string;
  readonly proclaimedBy?: string;
  /** Why it was released without a check that agreed; absent where one had. */
  readonly uncheckedBecause?: string;
  readonly annulled?: Annulment;
}

export type ResultEvent = PollEventOf<'ResultChecked' | 'ResultCheckFailed' | 'ResultProclaimed' | 'PollAnnulled'>;

/** Applies what was decided about a result. Pure: the poll given is not changed. */
export function evolveResult<P extends ResultStanding>(poll: P, event: ResultEvent): P {
  const { by } = event;
  switch (event.type) {
    case 'ResultChecked': {
      const { checkFailed: _, ...others } = poll;
      const { checkedAt: at, commitment, fold, auditedAt } = event;
      const checked = { at, by, commitment, votes: fold.votes, ...(auditedAt !== undefined && { auditedAt }) };
      return { ...(others as P), checked: { ...checked, ...actsOf(event) } };
    }
    case 'ResultCheckFailed': {
      const { checked: _, ...others } = poll;
      const { checkedAt: at, findings } = event;
      return { ...(others as P), checkFailed: { at, by, findings, ...actsOf(event) } };
    }
    case 'ResultProclaimed': {
      const { proclaimedAt, reason } = event;
      return { ...poll, proclaimedAt, proclaimedBy: by, ...(reason !== undefined && { uncheckedBecause: reason }) };
    }
    case 'PollAnnulled':
      return { ...poll, annulled: { at: event.annulledAt, by, reason: event.reason } };
  }
}

const actsOf = ({ acts }: { readonly acts?: number | undefined }): { acts?: number } =>
  acts === undefined ? {} : { acts };
