import Type, { type Static } from 'typebox';

import {
  MAX_NAME_LENGTH,
  MAX_PARTICIPANTS,
  MAX_REASON_LENGTH,
  MAX_RULES_LENGTH,
  MAX_TITLE_LENGTH,
  MIN_PARTICIPANTS,
} from '#domain';

import { PollId, finalidade } from './polls.ts';
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

/** What the vote is for, and its rules. */
const meaning = {
  finalidade: Type.Optional(finalidade),
  regulamento: Type.Optional(
    Type.String({
      maxLength: MAX_RULES_LENGTH * UNITS_PER_CHARACTER,
      description: `The rules, up to ${String(MAX_RULES_LENGTH)} characters in lines; empty: none`,
    }),
  ),
};

/** What is left out stays as it is. */
export const DescriptionBody = {
  ...bodyOf('DescriptionBody', { titulo: Type.Optional(titulo), ...meaning }),
  minProperties: 1,
};
export type DescriptionBody = Static<typeof DescriptionBody>;

export const NameBody = bodyOf('NameBody', { nome });
export type NameBody = Static<typeof NameBody>;

export const RenameBody = bodyOf('RenameBody', {
  nome,
  motivo: Type.Optional(
    Type.String({
      maxLength: MAX_REASON_LENGTH,
      description: 'The reason, which the public reads; required once the poll is open',
    }),
  ),
});
export type RenameBody = Static<typeof RenameBody>;

export const OpenBody = bodyOf('OpenBody', {
  titulo,
  participantes: Type.Array(NameBody, {
    minItems: MIN_PARTICIPANTS,
    maxItems: MAX_PARTICIPANTS,
    description: 'In the order of their numbers',
  }),
  ...meaning,
  rascunho: Type.Optional(flag('Only prepare it: it is opened, or scheduled, later')),
  ensaio: Type.Optional(
    flag('A rehearsal: it may be open beside a real poll, has a link of its own, and counts for nothing'),
  ),
});
export type OpenBody = Static<typeof OpenBody>;

export const ScheduleBody = bodyOf('ScheduleBody', {
  abre_em: orNull(moment('When it opens by itself; null: when an administrator opens it')),
  encerra_em: orNull(moment('When it closes by itself; null: when an administrator closes it')),
});
export type ScheduleBody = Static<typeof ScheduleBody>;

/** What the document offers to try, by request. */
export const POLL_EXAMPLES = {
  description: {
    retitle: { titulo: 'Quem sai da casa?' },
    all: { titulo: 'Quem sai da casa?', finalidade: 'eliminar', regulamento: 'Quem tiver mais votos sai.' },
  },
  name: { add: { nome: 'Caio Cometa' } },
  rename: {
    rename: { nome: 'Ana Aurora' },
    correct: { nome: 'Ana Aurora', motivo: 'O nome estava escrito errado.' },
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
  rename: Record<string, RenameBody>;
  open: Record<string, OpenBody>;
  schedule: Record<string, ScheduleBody>;
  cue: Record<string, CueBody>;
};
