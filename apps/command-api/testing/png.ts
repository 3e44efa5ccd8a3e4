import { crc32, deflateSync } from 'node:zlib';

/** A number as PNG writes it. */
const word = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};

interface PngOptions {
  readonly width?: number;
  readonly height?: number;
  readonly depth?: number;
  readonly interlace?: number;
  readonly pixels?: Buffer;
}

/** A chunk with its length and CRC. */
export const pngChunk = (type: string, data: Buffer): Buffer => {
  const body = Buffer.concat([Buffer.from(type), data]);
  return Buffer.concat([word(data.length), body, word(crc32(body))]);
};
/** A picture in RGB, black unless it is given pixels; `extra` chunks stand before them. */
export const png = (
  { width = 64, height = 64, depth = 8, interlace = 0, pixels }: PngOptions = {},
  ...extra: Buffer[]
): Buffer => {
  const header = Buffer.concat([word(width), word(height), Buffer.from([depth, 2, 0, 0, interlace])]);
  const raw = pixels ?? Buffer.alloc(height * (1 + width * 3), 0);
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    pngChunk('IHDR', header),
    ...extra,
    pngChunk('IDAT', deflateSync(raw)),
    pngChunk('IEND', Buffer.alloc(0)),
  ]);
};
