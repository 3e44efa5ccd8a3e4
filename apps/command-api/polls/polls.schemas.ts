import { MAX_NAME_LENGTH, MAX_TITLE_LENGTH, PARTICIPANTS_PER_POLL } from '#domain';

const nome = { type: 'string', minLength: 1, maxLength: MAX_NAME_LENGTH };

export const NAME_SCHEMA = { type: 'object', required: ['nome'], additionalProperties: false, properties: { nome } };

export const OPEN_SCHEMA = {
  type: 'object',
  required: ['titulo', 'participantes'],
  additionalProperties: false,
  properties: {
    titulo: { type: 'string', minLength: 1, maxLength: MAX_TITLE_LENGTH },
    participantes: {
      type: 'array',
      minItems: PARTICIPANTS_PER_POLL,
      maxItems: PARTICIPANTS_PER_POLL,
      items: NAME_SCHEMA,
    },
  },
};

/** Parameters of the paths, as they are described; any other value names nothing. */
export const POLL_PARAM = { name: 'id', schema: { type: 'string', pattern: '^[1-9][0-9]{0,8}$' } };
export const PARTICIPANT_PARAM = { name: 'numero', schema: { type: 'string', enum: ['1', '2'] } };

export interface NameBody {
  readonly nome: string;
}

export interface OpenBody {
  readonly titulo: string;
  readonly participantes: readonly NameBody[];
}

/** What the API page offers to try. */
export const NAME_EXAMPLES = { rename: { value: { nome: 'Ana Aurora' } } };
export const OPEN_EXAMPLES = {
  open: { value: { titulo: 'Quem fica na casa?', participantes: [{ nome: 'Ana Aurora' }, { nome: 'Bento Brisa' }] } },
};
