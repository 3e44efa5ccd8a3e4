import Type, { type Static } from 'typebox';

import { STAGE_MODES } from '#domain';

import {
  OPENED_STATES,
  Participant,
  PollId,
  type PollState,
  REHEARSAL_PROPERTIES,
  RUNNING_PROPERTIES,
  finalidade,
} from './polls.ts';
import { bodyOf, flag, listOf, moment, named, oneOf, orNull, text } from './schema.ts';

/** Longest name of a screen, characters. */
const MAX_SCREEN_NAME_LENGTH = 40;

const modo = oneOf(STAGE_MODES, 'What the stage shows: countdown, shares so far, nothing that moves, or the result');

/** `POST /paredoes/{id}/palco` */
export const CueBody = bodyOf('CueBody', { modo });
export type CueBody = Static<typeof CueBody>;

const ScreenId = Type.String({
  pattern: '^[0-9a-f]{16}$',
  description: 'Id that a screen gives itself',
  examples: ['0123456789abcdef'],
});
export const ScreenPath = Type.Object({ tela: ScreenId });

const reported = {
  nome: Type.String({
    minLength: 1,
    maxLength: MAX_SCREEN_NAME_LENGTH,
    description: 'What production calls the screen',
    examples: ['Telão'],
  }),
  paredao: PollId,
  modo: oneOf(STAGE_MODES, 'What is on the screen'),
};

/** `PUT /palco/telas/{tela}` */
export const ScreenBody = bodyOf('ScreenBody', {
  ...reported,
  quadro_em: moment('`atualizado_em` of the frame that is on the screen'),
});
export type ScreenBody = Static<typeof ScreenBody>;

export const ScreenAnswer = named('ScreenAnswer', { tela: ScreenId });
export type ScreenAnswer = Static<typeof ScreenAnswer>;

export const Screen = named(
  'Screen',
  {
    tela: ScreenId,
    ...reported,
    conectada: flag('It shows what the service sends it now'),
    silencio_segundos: Type.Number({ description: 'Since when it has shown no new frame, in seconds' }),
  },
  'A screen that shows the stage',
);
export type Screen = Static<typeof Screen>;

export const StageScore = named(
  'StageScore',
  {
    percentuais: listOf(
      Type.Number({ description: 'Percent of the counted votes, two decimals' }),
      'In the order of the numbers; they add up to 100, or all are 0',
    ),
    ordem: listOf(Type.Integer(), 'Numbers of the participants, fewest votes first'),
    primeiros: listOf(
      Type.Integer(),
      'Numbers of those with the most votes: one leads, several are tied; none: nothing was counted',
    ),
  },
  'Shares, for the stage',
);
export type StageScore = Static<typeof StageScore>;

/** The frames of `/palco/aovivo`. */
export const Stage = named(
  'Stage',
  {
    paredao: text('Id of the poll', '1'),
    titulo: text('Title', 'Quem fica na casa?'),
    finalidade: orNull(finalidade),
    estado: oneOf<PollState>(OPENED_STATES, 'State of the poll'),
    ...RUNNING_PROPERTIES,
    modo,
    pedido_em: orNull(moment('When production asked for this mode; null: nobody did yet')),
    participantes: listOf(Participant, 'In the order of their numbers'),
    placar: orNull(StageScore),
    publica: flag('Everybody may see the shares now, without the stage too'),
    revelavel: flag('The result is proclaimed: `revelacao` may be asked for'),
    ...REHEARSAL_PROPERTIES,
    anulado: flag('The poll was annulled: no result is shown'),
    endereco: orNull(
      text('Where people vote, for the QR code; null: where the page came from', 'https://voto.example'),
    ),
    caminho: text('Path of the page to vote on there; of a rehearsal it has the key', '/'),
    telas: listOf(Screen, 'The screens that showed it lately'),
  },
  'What the stage shows of a poll. It has shares only where they are on the wall',
);
export type Stage = Static<typeof Stage>;
