import {
  DomainError,
  MAX_NAME_LENGTH,
  MAX_PARTICIPANTS,
  MAX_REASON_LENGTH,
  MAX_TITLE_LENGTH,
  MIN_PARTICIPANTS,
} from '#domain';
import { POLL_ID } from '#platform';

/** The domain counts the characters of what is stored; as it comes, a text may have so many units for each of them. */
const UNITS_PER_CHARACTER = 8;
const textOf = (characters: number): object => ({
  type: 'string',
  minLength: 1,
  maxLength: characters * UNITS_PER_CHARACTER,
  description: `1 to ${String(characters)} characters as they are stored: composed, without invisible ones`,
});

const nome = textOf(MAX_NAME_LENGTH);
const titulo = textOf(MAX_TITLE_LENGTH);

export const TITLE_SCHEMA = {
  type: 'object',
  required: ['titulo'],
  additionalProperties: false,
  properties: { titulo },
};
export const NAME_SCHEMA = { type: 'object', required: ['nome'], additionalProperties: false, properties: { nome } };

export const RENAME_SCHEMA = {
  ...NAME_SCHEMA,
  properties: {
    nome,
    motivo: {
      type: 'string',
      maxLength: MAX_REASON_LENGTH,
      description: 'Why, for the public to read: needed once the poll is open',
    },
  },
};

export const OPEN_SCHEMA = {
  type: 'object',
  required: ['titulo', 'participantes'],
  additionalProperties: false,
  properties: {
    titulo,
    participantes: {
      type: 'array',
      minItems: MIN_PARTICIPANTS,
      maxItems: MAX_PARTICIPANTS,
      items: NAME_SCHEMA,
    },
    rascunho: { type: 'boolean', description: 'Only prepare it: it is opened, or scheduled, later' },
  },
};

const moment = { type: 'string', format: 'date-time', nullable: true };

export const SCHEDULE_SCHEMA = {
  type: 'object',
  required: ['abreEm', 'encerraEm'],
  additionalProperties: false,
  properties: { abreEm: moment, encerraEm: moment },
};

/** Parameters of the paths, as they are described; any other value names nothing. */
export const POLL_PARAM = { name: 'id', schema: POLL_ID };
export const PARTICIPANT_NUMBER = {
  type: 'string',
  enum: Array.from({ length: MAX_PARTICIPANTS }, (_, index) => String(index + 1)),
  description: 'The participants of a poll are numbered from 1; a number that it does not have is 404',
};
export const PARTICIPANT_PARAM = { name: 'numero', schema: PARTICIPANT_NUMBER };

/**
 * The number of a participant in a path. Anything but a plain number names nobody.
 * @throws DomainError `participant-not-found`
 */
export function participantNumber(text: string): number {
  if (!/^[1-9]\d{0,2}$/.test(text)) {
    throw new DomainError('participant-not-found', `there is no participant "${text}"`);
  }
  return Number(text);
}

export interface TitleBody {
  readonly titulo: string;
}

export interface NameBody {
  readonly nome: string;
}

export interface RenameBody extends NameBody {
  readonly motivo?: string;
}

export interface OpenBody {
  readonly titulo: string;
  readonly participantes: readonly NameBody[];
  readonly rascunho?: boolean;
}

export interface ScheduleBody {
  readonly abreEm: string | null;
  readonly encerraEm: string | null;
}

/** What the API page offers to try. */
export const TITLE_EXAMPLES = { retitle: { value: { titulo: 'Quem sai da casa?' } } };
export const NAME_EXAMPLES = { add: { value: { nome: 'Caio Cometa' } } };
export const RENAME_EXAMPLES = {
  rename: { value: { nome: 'Ana Aurora' } },
  correct: { value: { nome: 'Ana Aurora', motivo: 'O nome estava escrito errado.' } },
};
export const OPEN_EXAMPLES = {
  open: { value: { titulo: 'Quem fica na casa?', participantes: [{ nome: 'Ana Aurora' }, { nome: 'Bento Brisa' }] } },
  three: {
    value: {
      titulo: 'Quem sai da casa?',
      participantes: [{ nome: 'Ana Aurora' }, { nome: 'Bento Brisa' }, { nome: 'Caio Cometa' }],
      rascunho: true,
    },
  },
};
export const SCHEDULE_EXAMPLES = {
  schedule: { value: { abreEm: '2030-01-01T01:00:00Z', encerraEm: '2030-01-01T03:30:00Z' } },
  never: { value: { abreEm: null, encerraEm: null } },
};
