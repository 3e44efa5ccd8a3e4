import Type from 'typebox';

import { PollQuery } from './polls.ts';
import { oneOf, queryOf } from './schema.ts';

/** `GET /cartao.png` */
export const CardQuery = queryOf({
  ...PollQuery.properties,
  v: Type.Optional(
    Type.String({
      maxLength: 16,
      description: 'Names what the card says, for caches: another one has another address',
    }),
  ),
});

/** `GET /cartao/meta` */
export const ShareHeadQuery = queryOf({
  ...PollQuery.properties,
  pagina: oneOf(['votar', 'resultado'], 'Which page is shared'),
});
