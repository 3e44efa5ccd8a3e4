import Type, { type Static } from 'typebox';

import {
  DISCLOSURE_PROPERTIES,
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

/**
 * Says that whoever asks has voted: the `passe` that a vote was answered with. Without it, and with one that was made up or
 * is of another poll, the answer is the one for people who have not voted.
 */
export const PASSE_HEADER = 'passe';
export const PasseHeader = Type.Object({
  [PASSE_HEADER]: Type.Optional(
    Type.String({
      description:
        'The `passe` that a vote was answered with: shows the shares where they are for those who have voted. Anything else is treated as no passe',
    }),
  ),
});

const ParticipantShare = named('ParticipantShare', {
  ...PARTICIPANT_PROPERTIES,
  percentual: orNull(
    Type.Number({
      description:
        'Percent of the counted votes; the shares add up to exactly 100, or all are 0; null while they are not shown',
      examples: [51.23],
    }),
  ),
});

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
    ...DISCLOSURE_PROPERTIES,
    parcial_visivel: flag(
      'Whether this answer shows the shares. If not, every `percentual`, `sem_votos` and `lider` are null',
    ),
    sem_votos: orNull(flag('Nothing was counted yet: every share is 0; null while the shares are not shown')),
    lider: orNull(
      Type.Integer({
        description:
          'Number of the participant with the most votes, also if two decimals show no difference; null in a tie, and while the shares are not shown',
        examples: [1],
      }),
    ),
    participantes: listOf(ParticipantShare, 'In the order of their numbers'),
    inclui_seu_voto: Type.Optional(flag('With `desde`: whether the vote it came from is counted in')),
    boletim: orNull(
      text(
        'Path of the boletim of the ballot box, once it is public; null before, and for polls without one',
        '/urna/1/boletim',
      ),
    ),
    final: flag('The result will not change any more'),
    completo: flag('False while an event could not be read'),
  },
  'Shares, without counts, where they are shown',
);
export type Result = Static<typeof Result>;
