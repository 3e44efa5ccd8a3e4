import type { Poll } from '#domain';

import type { Counts } from './counts.ts';

/** The questions that an audit asks, in the order of the report. */
export type CheckId =
  | 'source'
  | 'order'
  | 'ids'
  | 'bytes'
  | 'times'
  | 'closing'
  | 'sums'
  | 'independent'
  | 'read-model'
  | 'published'
  | 'commitment';

/** The answer to one of them. Texts are Brazilian Portuguese: they go on paper that auditors sign. */
export interface Check {
  readonly id: CheckId;
  readonly title: string;
  /** `skipped`: there was nothing to compare with, or nobody asked. */
  readonly outcome: 'ok' | 'failed' | 'skipped';
  /** What was looked at, in one line. */
  readonly detail: string;
  /** The first differences, each naming what and where. */
  readonly differences: readonly string[];
  readonly differenceCount: number;
}

/** What an audit found: plain JSON. Times are UTC ISO-8601. */
export interface AuditReport {
  readonly pollId: string;
  /** As the log says; null when the poll was never opened. */
  readonly poll: Poll | null;
  /** What was read, in words. */
  readonly source: string;
  /** Position of the last event that was counted; "0" when there is none. */
  readonly position: string;
  /** Recorded times of the first and the last event in the ballot box. */
  readonly firstRecordedAt: string | null;
  readonly lastRecordedAt: string | null;
  /** Whether the reading stopped at a point in time before the end of the log. */
  readonly partial: boolean;
  readonly counts: Counts;
  /** Digest of the tally, as `/total` shows it. */
  readonly digest: string;
  /** SHA-256 over the ballot box, and the revision up to which it goes: `<64 digits>@<revision>`. */
  readonly commitment: string;
  readonly checks: readonly Check[];
  /** No check failed. */
  readonly agrees: boolean;
  readonly startedAt: string;
  readonly finishedAt: string;
}
