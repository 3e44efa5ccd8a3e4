import Type, { type Static } from 'typebox';

import { type Audience, POLICIES, POLL_STATE_NAMES, PURPOSES } from '#domain';

import { bodyOf, count, flag, listOf, moment, named, oneOf, orNull, queryOf, text } from './schema.ts';

/** Of a poll that was opened once: open; closed; checked, by an audit that agreed; proclaimed, for the public to know; annulled. */
export const OPENED_STATES = [
  POLL_STATE_NAMES.open,
  POLL_STATE_NAMES.closed,
  POLL_STATE_NAMES.checked,
  POLL_STATE_NAMES.proclaimed,
  POLL_STATE_NAMES.annulled,
] as const;

/** Being prepared; opens by itself; given up; or opened once. */
export const POLL_STATES = [POLL_STATE_NAMES.draft, 'agendado', POLL_STATE_NAMES.discarded, ...OPENED_STATES] as const;
export type PollState = (typeof POLL_STATES)[number];

/** Who gets the most votes leaves, stays, or wins. */
export const finalidade = oneOf(PURPOSES, 'What the public votes for: who gets the most votes leaves, stays, or wins');

/** Who sees the shares, and when. */
export const divulgacao = oneOf(
  POLICIES,
  'When the public sees the shares of an open poll: always; after a vote of their own; not before the end; or when production shows them',
);

/** Who of the public sees the shares now, in the words of answers. */
export const AUDIENCE_NAMES = {
  everybody: 'todos',
  voters: 'quem-votou',
  nobody: 'ninguem',
} as const satisfies Record<Audience, string>;

export const DISCLOSURE_PROPERTIES = {
  divulgacao,
  parcial_para: oneOf(
    Object.values(AUDIENCE_NAMES),
    'Who of the public sees the shares now; after the closing nobody does until the result is proclaimed',
  ),
};

/** Polls are numbered. */
export const PollId = Type.String({ pattern: '^[1-9][0-9]{0,8}$', description: 'Id of a poll', examples: ['1'] });

/** Longest key of a rehearsal that is read, characters. */
const MAX_KEY_LENGTH = 64;

/** `?paredao=`: an earlier poll. */
export const PollQuery = queryOf({
  paredao: Type.Optional({ ...PollId, description: 'Id of a poll; without it, the real one that was opened last' }),
});

/** Names a poll to the public. */
export const PublicPollQuery = queryOf({
  ...PollQuery.properties,
  chave: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: MAX_KEY_LENGTH,
      description: 'Of a rehearsal: the key in its link. Without it there is no such poll',
    }),
  ),
});
export type PublicPollQuery = Static<typeof PublicPollQuery>;

/** Only a rehearsal says so. */
export const REHEARSAL_PROPERTIES = {
  ensaio: Type.Optional(
    Type.Unsafe<true>({
      type: 'boolean',
      enum: [true],
      description: 'Only of a rehearsal: these votes count for nothing',
    }),
  ),
};
const percent = (description: string) => Type.Integer({ minimum: 0, maximum: 100, description, examples: [50] });

/** Where the face is in a photo. */
export const Focus = {
  ...bodyOf('Focus', {
    x: percent('Percent of the width, from the left'),
    y: percent('Percent of the height, from the top'),
  }),
  description: 'What of a photo stays in view wherever it is cut',
};
export type Focus = Static<typeof Focus>;

export const PARTICIPANT_PROPERTIES = {
  numero: count('Number of the participant, from 1 on', { examples: [1] }),
  nome: text('Name, as the public reads it', 'Ana Aurora'),
  foto: Type.Optional(text('Path of the photo, if there is one', `/fotos/${'9f86d081'.repeat(8)}`)),
  foco: Type.Optional(Focus),
};

export const Participant = named('Participant', PARTICIPANT_PROPERTIES);
export type Participant = Static<typeof Participant>;

/** Votes and share of a participant. */
export const ParticipantTotal = named('ParticipantTotal', {
  ...PARTICIPANT_PROPERTIES,
  votos: count('Counted votes', { examples: [1200] }),
  percentual: Type.Number({ description: 'Percent of the counted votes, two decimals', examples: [51.23] }),
});
export type ParticipantTotal = Static<typeof ParticipantTotal>;

export const Correction = named(
  'Correction',
  {
    numero: count('Number of the participant', { examples: [1] }),
    de: text('The name before', 'Ana Arora'),
    para: text('The name since then', 'Ana Aurora'),
    motivo: text('Why, for the public', 'O nome estava escrito errado.'),
    corrigido_em: moment('When it was corrected'),
  },
  'A name that was corrected while people voted',
);
export type Correction = Static<typeof Correction>;

/** How an open poll stands: each page counts down to its end, by the clock of `atualizado_em`. */
export const RUNNING_PROPERTIES = {
  encerra_em: orNull(moment('When it closes by itself; null: when an administrator closes it')),
  encerrado_em: orNull(moment('When it was closed; null before')),
  pausado_em: orNull(moment('Since when it takes no votes, being paused; null while it is not')),
  atualizado_em: moment('When this answer was made'),
};

const Annulment = named(
  'Annulment',
  { motivo: text('Why, for the public', 'O nome de um participante estava errado.'), anulado_em: moment('When') },
  'A poll that went wrong and counts for nothing',
);

/** What became of the result of a poll that is closed. */
export const STANDING_PROPERTIES = {
  conferido_em: orNull(moment('When an auditor signed that a whole audit agreed; null: nobody did')),
  proclamado_em: orNull(moment('When production released the result; null before')),
  sem_conferencia: orNull(
    text('Why it was released though nobody had signed an audit', 'A auditora perdeu a conexão.'),
  ),
  anulado: orNull(Annulment),
};

const Substitution = named(
  'Substitution',
  {
    paredao: text('Id of the annulled poll', '3'),
    motivo: orNull(
      text('Why that one was annulled; null in answers to commands', 'O nome de um participante estava errado.'),
    ),
  },
  'In place of which poll this one is held',
);

const POLL_PROPERTIES = {
  id: text('Id of the poll', '1'),
  ...REHEARSAL_PROPERTIES,
  titulo: text('Title', 'Quem fica na casa?'),
  estado: oneOf(POLL_STATES, 'State of the poll'),
  abre_em: orNull(moment('When it opens by itself; null: when an administrator opens it')),
  aberto_em: orNull(moment('When it was opened; null before')),
  ...RUNNING_PROPERTIES,
  ...STANDING_PROPERTIES,
  finalidade: orNull(finalidade),
  substitui: orNull(Substitution),
  ...DISCLOSURE_PROPERTIES,
  tem_regulamento: flag('Whether it has rules: see `/paredao/regulamento`'),
  participantes: listOf(Participant, 'In the order of their numbers'),
  cedula: text('Names this ballot: a vote says which one it was cast on', '1-7f2a91c4'),
  versao: text('Names all that was decided about it so far: a change may say which one it is for', '5b0c2f8e9d1a4c37'),
  correcoes: listOf(Correction, 'Names that were corrected after the opening'),
};

/** `GET /paredao`, and what every change of a poll is answered with. */
export const Poll = named('Poll', POLL_PROPERTIES, 'A poll and its ballot');
export type Poll = Static<typeof Poll>;

/** What staff knows of the result of a closed poll besides what the public knows. */
export const SignOff = named(
  'SignOff',
  {
    conferido_por: orNull(text('Who signed that a whole audit agreed; null: nobody did', 'rui')),
    compromisso: orNull(text('What was signed')),
    nao_confere_em: orNull(moment('When the latest check failed; null: none did, or a later one agreed')),
    nao_confere_por: orNull(text('Whose check that was', 'rui')),
    diferencas: orNull(count('How much that check found')),
    proclamado_por: orNull(text('Who released the result', 'ana')),
    anulado_por: orNull(text('Who annulled the poll', 'ana')),
  },
  'Who decided what about the result',
);
export type SignOff = Static<typeof SignOff>;

export const PollSummary = named(
  'PollSummary',
  {
    ...POLL_PROPERTIES,
    regulamento: orNull(text('Its rules; lines end in a line feed')),
    apuracao: SignOff,
    total: count('Counted votes'),
    por_participante: listOf(ParticipantTotal, 'In the order of their numbers'),
    final: flag('The closing cut is in: nothing changes any more'),
    chave: Type.Optional(text('Only of a rehearsal: the key in its link', 'kq3b0pXvJm2uZt8yWc1dAg')),
  },
  'A poll with what was counted of it',
);
export type PollSummary = Static<typeof PollSummary>;

/** `GET /paredao/regulamento` */
export const Rules = named(
  'Rules',
  {
    paredao: text('Id of the poll', '1'),
    titulo: text('Title', 'Quem fica na casa?'),
    regulamento: text('Lines end in a line feed', 'Vote quantas vezes quiser.\n\nQuem tiver mais votos sai.'),
  },
  'The rules of a poll',
);
export type Rules = Static<typeof Rules>;

/** `GET /paredoes` */
export const PollList = named('PollList', { paredoes: listOf(PollSummary, 'The newest first') });
export type PollList = Static<typeof PollList>;
