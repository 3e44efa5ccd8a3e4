import Type, { type Static, type TObject, type TProperties, type TSchema } from 'typebox';

import { MAX_PARTICIPANTS, MIN_PARTICIPANTS } from '#domain';

import { count, named } from './schema.ts';

/** Votes by the participant's number: `voto_1`, `voto_2`, … as many as take part. */
export type VotesByNumber = Readonly<Record<`voto_${number}`, number>>;

const VOTES: Record<string, TSchema> = {};
for (let number = 1; number <= MAX_PARTICIPANTS; number++) {
  const votes = count(`Votes of participant ${String(number)}${number > MIN_PARTICIPANTS ? ', if there is one' : ''}`);
  VOTES[`voto_${String(number)}`] = number > MIN_PARTICIPANTS ? Type.Optional(votes) : votes;
}

/** An object that has the votes of each participant, besides other properties. */
export const withVotes = <Properties extends TProperties>(
  title: string,
  properties: Properties,
  description?: string,
) => Type.Unsafe<Static<TObject<Properties>> & VotesByNumber>(named(title, { ...VOTES, ...properties }, description));

export const Votes = withVotes('Votes', {}, 'Counted votes by the number of the participant');
