import Type, { type Static } from 'typebox';

import {
  OPENED_STATES,
  PARTICIPANT_PROPERTIES,
  type PollState,
  PublicPollQuery,
  REHEARSAL_PROPERTIES,
  RUNNING_PROPERTIES,
  STANDING_PROPERTIES,
  finalidade,
} from './polls.ts';
import { flag, listOf, moment, named, oneOf, orNull, queryOf, text } from './schema.ts';

/** Longest cursor that is read, characters. */
const MAX_CURSOR_LENGTH = 64;

export const ResultQuery = queryOf({
  ...PublicPollQuery.properties,
  desde: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: MAX_CURSOR_LENGTH,
      description: 'The `posicao` of a vote: waits up to 2 s for a result that includes it',
    }),
  ),
});

export type ResultQuery = Static<typeof ResultQuery>;

export const ParticipantShare = named('ParticipantShare', {
  ...PARTICIPANT_PROPERTIES,
  percentual: Type.Number({
    description: 'Percent of the counted votes; the shares add up to exactly 100, or all are 0',
    examples: [51.23],
  }),
});
export type ParticipantShare = Static<typeof ParticipantShare>;

/** `GET /resultado` and the frames of `/resultado/aovivo`. */
export const Result = named(
  'Result',
  {
    paredao: text('Id of the poll', '1'),
    ...REHEARSAL_PROPERTIES,
    cedula: text('Names the ballot that this poll shows now', '1-7f2a91c4'),
    titulo: text('Title', 'Quem fica na casa?'),
    finalidade: orNull(finalidade),
    estado: oneOf<PollState>(OPENED_STATES, 'State of the poll'),
    aberto_em: moment('When the poll was opened'),
    ...RUNNING_PROPERTIES,
    ...STANDING_PROPERTIES,
    sem_votos: flag('Nothing was counted yet: every share is 0'),
    lider: orNull(
      Type.Integer({
        description:
          'Number of the participant with the most votes, also if two decimals show no difference; null in a tie',
        examples: [1],
      }),
    ),
    participantes: listOf(ParticipantShare, 'In the order of their numbers'),
    inclui_seu_voto: Type.Optional(flag('With `desde`: whether the vote it came from is counted in')),
    final: flag('The result will not change any more'),
    completo: flag('False while an event could not be read'),
  },
  'Shares, without counts',
);
export type Result = Static<typeof Result>;
