import { InvalidPhotoError, assertSize } from './image.ts';

/** Alpha is the one extension that draws; in the header of RFC 9649, section 2.7. */
const ALPHA_FLAG = 0x10;

interface Chunk {
  readonly type: string;
  readonly data: Buffer;
}

/**
 * The same still picture with only the chunks that draw it (RFC 9649): EXIF, XMP, profiles and unknown chunks are gone. Animations are refused.
 * @throws InvalidPhotoError
 */
export function sanitiseWebp(bytes: Buffer): Buffer {
  const chunks = chunksOf(bytes);
  const [picture, ...others] = chunks.filter(({ type }) => type === 'VP8 ' || type === 'VP8L');
  if (picture === undefined || others.length > 0) throw new InvalidPhotoError('the WebP is not one still picture');
  const [width, height] = picture.type === 'VP8 ' ? lossySize(picture.data) : losslessSize(picture.data);
  assertSize(width, height);
  const alpha = picture.type === 'VP8 ' ? chunks.find(({ type }) => type === 'ALPH') : undefined;
  if (alpha === undefined) return riff([picture]);
  return riff([{ type: 'VP8X', data: extendedHeader(width, height) }, alpha, picture]);
}

function chunksOf(bytes: Buffer): Chunk[] {
  const end = bytes.length >= 12 ? 8 + bytes.readUInt32LE(4) : Infinity;
  if (end > bytes.length) throw new InvalidPhotoError('the WebP has no end');
  const chunks: Chunk[] = [];
  for (let at = 12; at < end;) {
    const size = at + 8 <= end ? bytes.readUInt32LE(at + 4) : Infinity;
    if (at + 8 + size > end) throw new InvalidPhotoError('a chunk of the WebP is damaged');
    chunks.push({ type: bytes.toString('latin1', at, at + 4), data: bytes.subarray(at + 8, at + 8 + size) });
    at += 8 + size + (size % 2);
  }
  return chunks;
}

/** RFC 6386, section 9.1: a key frame with its start code. */
function lossySize(data: Buffer): [number, number] {
  if (data.length < 10 || (data[0]! & 1) !== 0 || data.readUIntBE(3, 3) !== 0x9d012a) {
    throw new InvalidPhotoError('the picture of the WebP is damaged');
  }
  return [data.readUInt16LE(6) & 0x3fff, data.readUInt16LE(8) & 0x3fff];
}

/** RFC 9649, section 3.4: a signature byte, then 14 bits for each side, less one. */
function losslessSize(data: Buffer): [number, number] {
  if (data.length < 5 || data[0] !== 0x2f) throw new InvalidPhotoError('the picture of the WebP is damaged');
  const bits = data.readUInt32LE(1);
  return [(bits & 0x3fff) + 1, ((bits >>> 14) & 0x3fff) + 1];
}

function extendedHeader(width: number, height: number): Buffer {
  const header = Buffer.alloc(10);
  header[0] = ALPHA_FLAG;
  header.writeUIntLE(width - 1, 4, 3);
  header.writeUIntLE(height - 1, 7, 3);
  return header;
}

function riff(chunks: readonly Chunk[]): Buffer {
  const body = Buffer.concat(
    chunks.flatMap(({ type, data }) => [head(type, data.length), data, Buffer.alloc(data.length % 2)]),
  );
  return Buffer.concat([head('RIFF', body.length + 4), Buffer.from('WEBP'), body]);
}

function head(type: string, size: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.write(type, 'latin1');
  bytes.writeUInt32LE(size, 4);
  return bytes;
}
