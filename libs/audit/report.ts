import type { Count, CurveSnapshot, Poll } from '#domain';

import type { Counts } from './counts.ts';
import type { Finding } from './findings.ts';
import type { Pause } from './pauses.ts';
import type { SourceName } from './source.ts';

/** The questions that an audit asks, in the order of the report. */
export type CheckId =
  | 'source'
  | 'polls'
  | 'order'
  | 'ids'
  | 'bytes'
  | 'times'
  | 'box'
  | 'closing'
  | 'repeats'
  | 'evidence'
  | 'sums'
  | 'independent'
  | 'read-model'
  | 'published'
  | 'announced'
  | 'commitment'
  | 'keys'
  | 'checkpoints'
  | 'anchors'
  | 'papers'
  | 'receipts'
  | 'sign-off';

/** Why a check was not made: `wordCheck` says it, and what would make it. */
export type UnverifiedCode =
  /** Without the second recount. */
  | 'quick'
  /** What it would be compared with goes further than the reading. */
  | 'further'
  /** An export of one poll knows of no other. */
  | 'one-poll'
  | 'no-key'
  | 'no-read-model'
  | 'no-total'
  | 'no-announcement'
  | 'no-commitment'
  | 'no-vkey'
  | 'no-anchor'
  | 'nothing-signed';

/** Why a question does not arise. */
export type InapplicableCode =
  | 'no-manifest'
  | 'older-rule'
  | 'no-opening'
  | 'before-the-end'
  | 'before-release'
  | 'before-signatures'
  | 'annulled'
  | 'rehearsal';

/** What was looked at, or why nothing was: a code with its numbers. */
export interface Detail {
  readonly code:
    | UnverifiedCode
    | InapplicableCode
    | 'file'
    | 'events-in-order'
    | 'event-ids'
    | 'events-read'
    | 'times'
    | 'cut'
    | 'open'
    | 'no-cut'
    | 'opening'
    | 'sum'
    | 'sql'
    | 'nothing-stored'
    | 'at-position'
    | 'at-revision'
    | 'up-to'
    | 'log'
    | 'signed-heads'
    | 'anchors'
    | 'papers'
    | 'receipts'
    | 'polls'
    | 'polls-recounted'
    | 'repeats'
    | 'evidence'
    | 'announced'
    | 'unsigned'
    | 'signed';
  readonly count?: number;
  readonly parts?: readonly number[];
  readonly at?: string;
  readonly name?: string;
  /** Those whose keys were given, and how many leaves of the ballot box each of them signed. */
  readonly witnesses?: readonly { readonly name: string; readonly leaves: number }[];
}

/** The answer to one of them: data. `wordCheck` says it. */
export interface Check {
  readonly id: CheckId;
  /**
   * `skipped`: there was nothing to compare with, or it was not asked for. `inapplicable`: the question does not arise here;
   * such checks are in no report but the JSON.
   */
  readonly outcome: 'ok' | 'failed' | 'skipped' | 'inapplicable';
  readonly detail: Detail;
  /** The first findings, each naming what and where. */
  readonly findings: readonly Finding[];
  readonly findingCount: number;
  /** What is odd and fails nothing: it may be honest, such as clocks that were set. Shown and counted like findings. */
  readonly observations: readonly Finding[];
  readonly observationCount: number;
}

/** What an audit found: plain JSON. Times are UTC ISO-8601. */
export interface AuditReport {
  readonly pollId: string;
  /** As the log says; null when the poll was never opened. */
  readonly poll: Poll | null;
  /** What was read. */
  readonly source: SourceName;
  /** Position of the last event that was counted; "0" when there is none. */
  readonly position: string;
  /** How many events of the poll's own stream were read. */
  readonly acts: number;
  /** Recorded times of the first and the last event in the ballot box. */
  readonly firstRecordedAt: string | null;
  readonly lastRecordedAt: string | null;
  /** Whether the reading stopped at a point in time before the end of the log. */
  readonly partial: boolean;
  /**
   * How many leaves of the ballot box something kept outside of the service anchors, of those up to the cut; where the keys of witnesses were given,
   * something that each of them signed. Null of a poll of an
   * earlier version, whose box is no transparency log.
   */
  readonly anchored: { readonly leaves: number; readonly of: number } | null;
  readonly counts: Counts;
  /** The first one first. */
  readonly pauses: readonly Pause[];
  /** How the votes came: what is odd there is shown, and fails nothing. Null of a poll whose votes do not say their price. */
  readonly curve: Pick<CurveSnapshot, 'observations' | 'more' | 'strays'> | null;
  /** Digest of the tally, as `/total` shows it. */
  readonly digest: string;
  /** What binds the poll: its id, its own stream up to the closing and the box up to the cut, `v2-<64 digits>@<revision>+<revision>`. */
  readonly commitment: string;
  /** Version 1, of the whole ballot box alone: `<64 digits>@<revision>`. */
  readonly boxCommitment: string;
  /** What both ways of counting came to; the second is null where it was not asked for. */
  readonly recounts: { readonly fold: Count; readonly sql: Count | null };
  readonly checks: readonly Check[];
  /** No check failed. */
  readonly agrees: boolean;
  readonly startedAt: string;
  readonly finishedAt: string;
  /** How long it took, s, by no wall clock. */
  readonly seconds: number;
}
