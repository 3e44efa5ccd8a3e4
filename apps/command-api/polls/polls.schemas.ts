import { ApiProperty } from '@nestjs/swagger';

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

export class NameBody {
  @ApiProperty({ minLength: 1, maxLength: MAX_NAME_LENGTH, example: 'Ana Aurora' }) nome!: string;
}

export class OpenBody {
  @ApiProperty({ minLength: 1, maxLength: MAX_TITLE_LENGTH, example: 'Quem fica na casa?' }) titulo!: string;

  @ApiProperty({ type: [NameBody], minItems: PARTICIPANTS_PER_POLL, maxItems: PARTICIPANTS_PER_POLL })
  participantes!: NameBody[];
}
