import type { ProblemCode } from '#platform';

/** Limits of a photo: pixels of a side, and bytes as it is stored. */
const MIN_SIDE = 64;
const MAX_SIDE = 2048;
export const MAX_PHOTO_BYTES = 500_000;

/** A picture with nothing in it but the picture. */
export interface Photo {
  readonly type: 'image/png' | 'image/jpeg' | 'image/webp';
  readonly bytes: Buffer;
}

/** The bytes are no photo that is taken here; the message says why. */
export class InvalidPhotoError extends Error {
  override readonly name = 'InvalidPhotoError';
  readonly code = 'invalid-photo' satisfies ProblemCode;
}

/** @throws InvalidPhotoError */
export function assertSize(width: number, height: number): void {
  if (Math.min(width, height) < MIN_SIDE || Math.max(width, height) > MAX_SIDE) {
    throw new InvalidPhotoError(`${String(width)} × ${String(height)} pixels`);
  }
}
