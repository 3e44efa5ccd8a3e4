import Type from 'typebox';

import { PHOTO_WIDTHS } from './photo-forms.ts';
import { oneOf, queryOf } from './schema.ts';

export const PhotoPath = Type.Object({
  hash: Type.String({ pattern: '^[0-9a-f]{64}$', description: 'SHA-256 of the photo, as the path of it in `foto`' }),
});

export const PhotoQuery = queryOf({
  w: Type.Optional(oneOf(PHOTO_WIDTHS.map(String), 'Width in pixels; a photo that is narrower comes as it is')),
});
