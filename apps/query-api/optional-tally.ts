import type { PollTally } from '#read-model';

import type { Tallies } from './tallies.ts';

/** The tally, or undefined where there is none (yet): a live stream then has nothing to show, and goes on. */
export function optionalTally(tallies: Tallies, pollId?: string): PollTally | undefined {
  try {
    return tallies.get(pollId);
  } catch {
    return undefined;
  }
}
