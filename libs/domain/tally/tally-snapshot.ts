import type { CurveSnapshot } from './curve.ts';
import type { IdRefill } from './ids-by-expiry.ts';
import type { Poll } from '../poll/poll.ts';
import { minuteKey } from '../wire/canonical.ts';

/** Votes by bucket: UTC hour (`2026-11-23T22`) or minute (`2026-11-23T22:41`) → votes of participant 1, 2, … */
export type Buckets = Record<string, number[]>;

/** An event the fold could not count. */
export interface QuarantinedEvent {
  readonly stream: string;
  readonly revision: string;
  readonly position: string;
  /** A {@link QuarantineReason}; what earlier versions stored is a sentence. */
  readonly reason: string;
}

/**
 * Raised by a release whose tallies have another shape, or whose fold makes something else of the same new events. Programs of
 * different formats run beside each other, each on versions of the read model of its own.
 */
export const TALLY_FORMAT = 6;

/** A tally at rest: plain JSON, a function of a prefix of the log. */
export interface TallySnapshot {
  readonly pollId: string;
  readonly poll: Poll | null;
  /** Where in the log the poll was opened: of several polls, that says which came last. Absent before. */
  readonly openedPosition?: string;
  /** Revision of the last event of the ballot box that was folded, -1 before the first. */
  readonly revision: string;
  /** Counted votes of participant 1, 2, … */
  readonly votes: number[];
  readonly hours: Buckets;
  /** The last 62 minutes that had votes, in the order in which the log got to them. */
  readonly minutes: Buckets;
  readonly duplicates: number;
  readonly late: number;
  readonly expired: number;
  readonly quarantined: number;
  /** Events of the ballot box that never came, as the revisions of those that did tell; absent where none is missing. */
  readonly skipped?: number;
  /** The first quarantined events; `quarantined` counts them all. */
  readonly quarantine: QuarantinedEvent[];
  /** Revision of the cut in the ballot box; the tally is final once it has one. */
  readonly cut: string | null;
  /** Counted votes in each minute from that of the opening on, for three days; absent before. */
  readonly pace?: readonly number[];
  /** How the votes of version 2 came, minute by minute; absent before the first. */
  readonly curve?: CurveSnapshot;
  /** Running maximum of the recorded times of the ballot box, ms since the epoch. */
  readonly clock: number;
  /** After a restart, ids that may come again are refilled from the events after this position. */
  readonly windowFrom: string;
  /** Once the log's clock is past this time (ms since the epoch) no id of this box matters any more. */
  readonly windowUntil: number;
  /** Of a box with votes of version 2: what the ids are that are refilled so. */
  readonly ids?: IdRefill;
}

/** Whether every event of the ballot box up to `revision` was read and understood. */
export const isComplete = ({ quarantined, skipped = 0 }: Pick<TallySnapshot, 'quarantined' | 'skipped'>): boolean =>
  quarantined === 0 && skipped === 0;

/** Sum of the counted votes. */
export const totalOf = (snapshot: TallySnapshot): number => snapshot.votes.reduce((sum, votes) => sum + votes, 0);

/** What the digest of a tally is taken over, however it was counted. */
export type CountedTally = Pick<
  TallySnapshot,
  'pollId' | 'revision' | 'duplicates' | 'late' | 'expired' | 'quarantined' | 'cut'
> & {
  readonly votes: readonly number[];
  readonly hours: Readonly<Record<string, readonly number[]>>;
};

/**
 * What the digest of a tally is taken over: everything that was counted in the ballot box, nothing that depends on the
 * time of reading. The sliding minutes, positions and names are left out, so that a replay from an export agrees.
 */
export function canonicalTally(snapshot: CountedTally): string {
  const { pollId, revision, votes, duplicates, late, expired, quarantined, cut } = snapshot;
  const hours = Object.entries(snapshot.hours).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify({ pollId, revision, votes, hours, duplicates, late, expired, quarantined, cut });
}

/** Counted votes whose minute began in the 60 minutes before `now` (ms since the epoch). */
export function votesInLastHour(snapshot: TallySnapshot, now: number): number {
  const from = minuteKey(now - 3_600_000);
  let sum = 0;
  for (const [minute, votes] of Object.entries(snapshot.minutes)) {
    if (minute > from) for (const count of votes) sum += count;
  }
  return sum;
}
