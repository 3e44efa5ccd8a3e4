import Type, { type Static } from 'typebox';

import { PHOTO_WIDTHS } from './photo-forms.ts';
import { named, oneOf, queryOf, text } from './schema.ts';

export const PhotoPath = Type.Object({
  hash: Type.String({ pattern: '^[0-9a-f]{64}$', description: 'SHA-256 of the photo, as the path of it in `foto`' }),
});

export const PhotoQuery = queryOf({
  w: Type.Optional(oneOf(PHOTO_WIDTHS.map(String), 'Width in pixels; a photo that is narrower comes as it is')),
});

/** `POST /fotos` */
export const StoredPhoto = named(
  'StoredPhoto',
  { foto: text('Path of the photo: what a poll is given', `/fotos/${'9f86d081'.repeat(8)}`) },
  'A photo that is stored, and that no poll shows by that alone',
);
export type StoredPhoto = Static<typeof StoredPhoto>;
