import { ApiProperty } from '@nestjs/swagger';

import { MAX_PARTICIPANTS, MIN_PARTICIPANTS } from '#domain';

/** Counted votes by the participant's number, `voto_1` to `voto_10`: as many as take part in the poll. */
export class VotesView {
  readonly [votes: `voto_${number}`]: number;
}

for (let number = 1; number <= MAX_PARTICIPANTS; number++) {
  const required = number <= MIN_PARTICIPANTS;
  const description = `Votes of participant ${String(number)}${required ? '' : ', in polls that have so many'}`;
  ApiProperty({ type: Number, required, description })(VotesView.prototype, `voto_${String(number)}`);
}

/** @param votes of participant 1, 2, … */
export const votesView = (votes: readonly number[]): VotesView =>
  Object.fromEntries(votes.map((count, index) => [`voto_${String(index + 1)}`, count]));
