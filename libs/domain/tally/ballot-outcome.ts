import type { Verdict } from './id-window.ts';

/** What becomes of a vote: every one has exactly one outcome. */
export type VoteOutcome = Exclude<Verdict, 'fresh'> | 'counted' | 'late' | 'quarantined';

/** What becomes of an event of the ballot box. */
export type BallotOutcome = VoteOutcome | 'opening' | 'closing';
