import { InvalidPhotoError, MAX_PHOTO_BYTES, type Photo } from './image.ts';
import { sanitiseJpeg } from './jpeg.ts';
import { PNG_SIGNATURE, sanitisePng } from './png.ts';
import { sanitiseWebp } from './webp.ts';

/**
 * What is kept of an upload: the picture, without anything that says where, when or with what it was taken. The bytes say what it is; neither a
 * name nor a declared type is believed.
 * @throws InvalidPhotoError
 */
export async function sanitise(bytes: Buffer): Promise<Photo> {
  const photo = await picture(bytes);
  if (photo.bytes.length > MAX_PHOTO_BYTES) throw new InvalidPhotoError('more than 500 KB');
  return photo;
}

/** The type of a photo that was stored: its first bytes say it. */
export function typeOf(bytes: Buffer): Photo['type'] | undefined {
  if (bytes.subarray(0, PNG_SIGNATURE.length).equals(PNG_SIGNATURE)) return 'image/png';
  if (bytes.length > 3 && bytes.readUIntBE(0, 3) === 0xffd8ff) return 'image/jpeg';
  if (bytes.toString('latin1', 0, 4) === 'RIFF' && bytes.toString('latin1', 8, 12) === 'WEBP') return 'image/webp';
  return undefined;
}

async function picture(bytes: Buffer): Promise<Photo> {
  const type = typeOf(bytes);
  switch (type) {
    case 'image/png':
      return { type, bytes: await sanitisePng(bytes) };
    case 'image/jpeg':
      return { type, bytes: sanitiseJpeg(bytes) };
    case 'image/webp':
      return { type, bytes: sanitiseWebp(bytes) };
    case undefined:
      throw new InvalidPhotoError('neither PNG nor JPEG nor WebP');
  }
}
