import type { VotesByNumber } from '../votes-by-number.ts';

/** @param votes of participant 1, 2, … */
export const votesView = (votes: readonly number[]): VotesByNumber =>
  Object.fromEntries(votes.map((count, index) => [`voto_${String(index + 1)}`, count]));
