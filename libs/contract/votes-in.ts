import type { VotesByNumber } from './votes-by-number.ts';

/** Votes of participant 1, 2, … up to the first number that is not there. */
export function votesIn(counts: VotesByNumber): number[] {
  const votes: number[] = [];
  for (let next = counts['voto_1']; typeof next === 'number'; next = counts[`voto_${votes.length + 1}`])
    votes.push(next);
  return votes;
}
