import type { ProblemCode } from '#contract';

/** The bytes are no photo that is taken here; the message says why. */
export class InvalidPhotoError extends Error {
  override readonly name = 'InvalidPhotoError';
  readonly code = 'invalid-photo' satisfies ProblemCode;
}

const PNG_SIGNATURE = '\x89PNG\r\n\x1a\n';

/** The media type of a picture; its first bytes say it. */
export function typeOf(bytes: Buffer): string | undefined {
  const start = bytes.toString('latin1', 0, 12);
  if (start.startsWith(PNG_SIGNATURE)) return 'image/png';
  if (start.startsWith('\xff\xd8\xff')) return 'image/jpeg';
  if (/^RIFF.{4}WEBP$/s.test(start)) return 'image/webp';
  return undefined;
}
