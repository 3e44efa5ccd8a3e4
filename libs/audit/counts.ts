/** What a recount of one poll says. Whoever counts, in whatever way, arrives at these numbers. */
export interface Counts {
  /** Events in the ballot box. */
  readonly events: number;
  /** Revision of the last of them, -1 when it is empty. */
  readonly revision: string;
  /** Counted votes of participant 1, 2, … */
  readonly votes: readonly number[];
  /** UTC hour (`2026-11-23T22`) → counted votes of participant 1, 2, … */
  readonly hours: Readonly<Record<string, readonly number[]>>;
  readonly duplicates: number;
  readonly late: number;
  readonly expired: number;
  /** Events of the ballot box that nobody can read, and votes for nobody. */
  readonly quarantined: number;
  /** Closing events in the box; the first one is the cut. */
  readonly cuts: number;
  /** Revision of the cut. */
  readonly cut: string | null;
}
