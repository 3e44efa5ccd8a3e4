import type { PollTally } from '#read-model';

import type { Tallies } from './tallies.ts';

/** `?paredao=`: an earlier poll; without it, the current one. */
export const POLL_QUERY = {
  type: 'object',
  properties: { paredao: { type: 'string', pattern: '^[1-9][0-9]{0,8}$' } },
};

/** The tally, or undefined where there is none (yet): a live stream then has nothing to show, and goes on. */
export function optionalTally(tallies: Tallies, pollId?: string): PollTally | undefined {
  try {
    return tallies.get(pollId);
  } catch {
    return undefined;
  }
}
