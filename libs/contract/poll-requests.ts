import Type, { type Static } from 'typebox';

import {
  MAX_NAME_LENGTH,
  MAX_PARTICIPANTS,
  MAX_REASON_LENGTH,
  MAX_RULES_LENGTH,
  MAX_TITLE_LENGTH,
  MIN_PARTICIPANTS,
} from '#domain';

import { Focus, PollId, divulgacao, finalidade } from './polls.ts';
import { bodyOf, flag, moment, orNull } from './schema.ts';
import type { CueBody } from './stage.ts';
import { ParticipantNumber } from './votes.ts';

/** The domain counts the characters of what is stored; as it comes, a text may have so many units for each of them. */
const UNITS_PER_CHARACTER = 8;
const textOf = (what: string, characters: number) =>
  Type.String({
    minLength: 1,
    maxLength: characters * UNITS_PER_CHARACTER,
    description: `${what}, 1 to ${String(characters)} characters as they are stored: composed, without invisible ones`,
  });

const nome = textOf('Name of a participant', MAX_NAME_LENGTH);
const titulo = textOf('Title of the poll', MAX_TITLE_LENGTH);

export const PollPath = Type.Object({ id: PollId });
export const ParticipantPath = Type.Object({ id: PollId, numero: ParticipantNumber });

/** What the vote is for, who sees the shares, and its rules. */
const meaning = {
  finalidade: Type.Optional(finalidade),
  divulgacao: Type.Optional(divulgacao),
  regulamento: Type.Optional(
    Type.String({
      maxLength: MAX_RULES_LENGTH * UNITS_PER_CHARACTER,
      description: `The rules, up to ${String(MAX_RULES_LENGTH)} characters in lines; empty: none`,
    }),
  ),
};

const foto = Type.String({
  pattern: '^/fotos/[0-9a-f]{64}$',
  description: 'Path of a photo, as `POST /fotos` answered',
  examples: [`/fotos/${'9f86d081'.repeat(8)}`],
});

/** A photo that was uploaded, and its focus. */
const portrait = { foto: Type.Optional(foto), foco: Type.Optional(Focus) };

/** The same of somebody who is there already. */
const anotherPortrait = {
  foto: Type.Optional({
    ...orNull(foto),
    description: 'Path of a photo, as `POST /fotos` answered; null: no photo any more',
  }),
  foco: Type.Optional(Focus),
};

/** When a poll opens and closes by itself. */
const times = {
  abre_em: orNull(moment('When it opens by itself; null: when an administrator opens it')),
  encerra_em: orNull(moment('When it closes by itself; null: when an administrator closes it')),
};
const someTimes = { abre_em: Type.Optional(times.abre_em), encerra_em: Type.Optional(times.encerra_em) };

const SUBSTITUTED = 'Id of the annulled poll in whose place it is held';

const versao = Type.String({
  pattern: '^[0-9a-f]{16}$',
  description: '`versao` of the poll as it was shown. If it is another one by now: 409 `poll-changed`',
});

const WantedPersonBody = bodyOf('WantedPersonBody', {
  numero: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: MAX_PARTICIPANTS,
      description: 'Of a participant who stays; without it: a new one',
    }),
  ),
  nome,
  ...anotherPortrait,
});

/** What is left out stays as it is. */
export const DescriptionBody = {
  ...bodyOf('DescriptionBody', {
    titulo: Type.Optional(titulo),
    ...meaning,
    participantes: Type.Optional(
      Type.Array(WantedPersonBody, {
        minItems: MIN_PARTICIPANTS,
        maxItems: MAX_PARTICIPANTS,
        description: 'All of them: who stays in the order of their numbers, then new ones. Who is not here leaves',
      }),
    ),
    ...someTimes,
    substitui: Type.Optional({ ...orNull(PollId), description: `${SUBSTITUTED}; null: none` }),
    versao: Type.Optional(versao),
  }),
  minProperties: 1,
};
export type DescriptionBody = Static<typeof DescriptionBody>;

export const NameBody = bodyOf('NameBody', { nome });
export type NameBody = Static<typeof NameBody>;

/** A draft is opened only as it was shown. */
export const OpeningBody = orNull(bodyOf('OpeningBody', { versao: Type.Optional(versao) }));
export type OpeningBody = Static<typeof OpeningBody>;

/** What is left out stays as it is. */
export const ParticipantBody = {
  ...bodyOf('ParticipantBody', {
    nome: Type.Optional(nome),
    motivo: Type.Optional(
      Type.String({
        maxLength: MAX_REASON_LENGTH,
        description: 'The reason for another name, which the public reads; required once the poll is open',
      }),
    ),
    ...anotherPortrait,
  }),
  minProperties: 1,
};
export type ParticipantBody = Static<typeof ParticipantBody>;

const PersonBody = bodyOf('PersonBody', { nome, ...portrait });

export const OpenBody = bodyOf('OpenBody', {
  titulo,
  participantes: Type.Array(PersonBody, {
    minItems: MIN_PARTICIPANTS,
    maxItems: MAX_PARTICIPANTS,
    description: 'In the order of their numbers',
  }),
  ...meaning,
  ...someTimes,
  substitui: Type.Optional({ ...PollId, description: SUBSTITUTED }),
  rascunho: Type.Optional(flag('Only prepare it: it is opened, or opens by itself, later')),
  ensaio: Type.Optional(
    flag('A rehearsal: it may be open beside a real poll, has a link of its own, and counts for nothing'),
  ),
});
export type OpenBody = Static<typeof OpenBody>;

export const ScheduleBody = bodyOf('ScheduleBody', times);
export type ScheduleBody = Static<typeof ScheduleBody>;

/** What the document offers to try, by request. */
export const POLL_EXAMPLES = {
  description: {
    retitle: { titulo: 'Quem sai da casa?' },
    all: { titulo: 'Quem sai da casa?', finalidade: 'eliminar', regulamento: 'Quem tiver mais votos sai.' },
    people: {
      participantes: [{ numero: 1, nome: 'Ana Aurora' }, { numero: 3, nome: 'Caio Cometa' }, { nome: 'Duda Duna' }],
    },
  },
  name: { add: { nome: 'Caio Cometa' } },
  rename: {
    rename: { nome: 'Ana Aurora' },
    correct: { nome: 'Ana Aurora', motivo: 'O nome estava escrito errado.' },
    withoutPhoto: { foto: null },
  },
  open: {
    open: {
      titulo: 'Quem fica na casa?',
      finalidade: 'ficar',
      participantes: [{ nome: 'Ana Aurora' }, { nome: 'Bento Brisa' }],
    },
    three: {
      titulo: 'Quem sai da casa?',
      finalidade: 'eliminar',
      divulgacao: 'no-fim',
      regulamento: 'Vote quantas vezes quiser.\n\nQuem tiver mais votos sai.',
      participantes: [{ nome: 'Ana Aurora' }, { nome: 'Bento Brisa' }, { nome: 'Caio Cometa' }],
      rascunho: true,
    },
  },
  schedule: {
    schedule: { abre_em: '2030-01-01T01:00:00Z', encerra_em: '2030-01-01T03:30:00Z' },
    never: { abre_em: null, encerra_em: null },
  },
  cue: { suspense: { modo: 'suspense' }, reveal: { modo: 'revelacao' } },
} satisfies {
  description: Record<string, DescriptionBody>;
  name: Record<string, NameBody>;
  rename: Record<string, ParticipantBody>;
  open: Record<string, OpenBody>;
  schedule: Record<string, ScheduleBody>;
  cue: Record<string, CueBody>;
};
