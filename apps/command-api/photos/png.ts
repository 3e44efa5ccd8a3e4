import { promisify } from 'node:util';
import { crc32, deflate, inflate } from 'node:zlib';

import { InvalidPhotoError, assertSize } from './image.ts';

/** PNG, third edition (W3C): signature, then chunks of length, type, data and CRC. */
export const PNG_SIGNATURE = Buffer.from('89504e470d0a1a0a', 'hex');
/** Samples of a pixel by colour type: grey, RGB, palette, grey and alpha, RGBA. */
const CHANNELS: Record<number, number> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };
const PALETTE = 3;
/** Not 16: no screen shows it, and it doubles the work. */
const DEPTHS = [1, 2, 4, 8];

const [inflated, deflated] = [promisify<Buffer, object, Buffer>(inflate), promisify<Buffer, Buffer>(deflate)];

interface Header {
  readonly data: Buffer;
  /** Bytes of the picture before compression: each row has a byte for its filter. */
  readonly rawBytes: number;
}

/**
 * The same picture, made anew of its header, palette, transparency and pixels. Whatever else was there (text, EXIF, profiles, animation, what
 * stood behind the end) is gone; the pixels are unpacked to exactly the size that the header promises, and no further.
 * That is done beside the event loop: votes do not wait for it.
 * @throws InvalidPhotoError
 */
export async function sanitisePng(bytes: Buffer): Promise<Buffer> {
  const chunks = chunksOf(bytes);
  const { data, rawBytes } = headerOf(chunks[0]);
  const colour = data[9]!;
  const pixels = Buffer.concat(chunks.filter(({ type }) => type === 'IDAT').map((chunk) => chunk.data));
  const palette = onlyOne(chunks, 'PLTE');
  const transparency = onlyOne(chunks, 'tRNS');
  if (!isPalette(palette, colour) || !isTransparency(transparency, colour, palette.length / 3)) {
    throw new InvalidPhotoError('the palette of the PNG does not fit its header');
  }
  // what an RGB picture suggests to screens of few colours draws nothing
  const kept = [
    ...(colour === PALETTE ? [chunk('PLTE', palette)] : []),
    ...(transparency.length > 0 ? [chunk('tRNS', transparency)] : []),
  ];
  return Buffer.concat([
    PNG_SIGNATURE,
    chunk('IHDR', data),
    ...kept,
    chunk('IDAT', await deflated(await unpack(pixels, rawBytes))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunksOf(bytes: Buffer): { type: string; data: Buffer }[] {
  const chunks: { type: string; data: Buffer }[] = [];
  for (let at = PNG_SIGNATURE.length; chunks.at(-1)?.type !== 'IEND';) {
    if (at + 12 > bytes.length) throw new InvalidPhotoError('the PNG has no end');
    const end = at + 8 + bytes.readUInt32BE(at);
    if (end + 4 > bytes.length || bytes.readUInt32BE(end) !== crc32(bytes.subarray(at + 4, end))) {
      throw new InvalidPhotoError('a chunk of the PNG is damaged');
    }
    chunks.push({ type: bytes.toString('latin1', at + 4, at + 8), data: bytes.subarray(at + 8, end) });
    at = end + 4;
  }
  return chunks;
}

function headerOf(first: { type: string; data: Buffer } | undefined): Header {
  if (first?.type !== 'IHDR' || first.data.length !== 13) throw new InvalidPhotoError('the PNG has no header');
  const { data } = first;
  const [width, height] = [data.readUInt32BE(0), data.readUInt32BE(4)];
  const [depth = 0, colour = 0, compression, filter, interlace] = data.subarray(8);
  const channels = CHANNELS[colour];
  if (channels === undefined || !DEPTHS.includes(depth) || compression !== 0 || filter !== 0 || interlace !== 0) {
    throw new InvalidPhotoError('a PNG of this kind, or an interlaced one, is not taken');
  }
  assertSize(width, height);
  return { data, rawBytes: height * (1 + Math.ceil((width * depth * channels) / 8)) };
}

/** Nothing when there is none. Of two it would be the reader's choice which one counts. */
function onlyOne(chunks: readonly { type: string; data: Buffer }[], wanted: string): Buffer {
  const [one, ...others] = chunks.filter(({ type }) => type === wanted);
  if (others.length > 0) throw new InvalidPhotoError(`the PNG has ${wanted} twice`);
  return one?.data ?? Buffer.alloc(0);
}

/** 11.2.2: 1 to 256 colours of three bytes, where pixels are places in it. */
function isPalette({ length }: Buffer, colour: number): boolean {
  return length % 3 === 0 && length <= 3 * 256 && (length > 0 || colour !== PALETTE);
}

/** 11.3.1.1: one sample for each channel, or a byte for each colour of the palette at most; with alpha there is none. */
function isTransparency({ length }: Buffer, colour: number, colours: number): boolean {
  if (length === 0) return true;
  if (colour === PALETTE) return length <= colours;
  return length === { 0: 2, 2: 6 }[colour];
}

async function unpack(pixels: Buffer, rawBytes: number): Promise<Buffer> {
  try {
    const raw = await inflated(pixels, { maxOutputLength: rawBytes });
    if (raw.length === rawBytes) return raw;
  } catch {
    // too much, or damaged: refused alike
  }
  throw new InvalidPhotoError('the pixels of the PNG do not fit its header');
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}
