import { describe, expect, it, test } from '@jest/globals';

import { png, pngChunk as chunk, word } from '../testing/png.ts';
import { sanitise } from './sanitise.ts';

const SECRET = 'GPS -22.9068 -43.1729';
const codeOf = async (bytes: Buffer): Promise<string> => {
  try {
    await sanitise(bytes);
    return 'taken';
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
};

const segment = (marker: number, data: Buffer): Buffer => {
  const head = Buffer.from([0xff, marker, 0, 0]);
  head.writeUInt16BE(data.length + 2, 2);
  return Buffer.concat([head, data]);
};
const frame = (width = 64, height = 80, marker = 0xc0, components = 3): Buffer => {
  const data = Buffer.alloc(6 + components * 3, 0x11);
  data.writeUInt16BE(height, 1);
  data.writeUInt16BE(width, 3);
  data[5] = components;
  return segment(marker, data);
};
const SCAN = Buffer.concat([
  segment(0xda, Buffer.from('03010011022203330000', 'hex')),
  Buffer.from([1, 0xff, 0, 2, 0xff, 0xd0, 3]),
]);
/** One table with one code of two bits. */
const HUFFMAN = Buffer.concat([Buffer.from([0x10, 0, 1]), Buffer.alloc(14), Buffer.from([7])]);
const jpeg = (...segments: Buffer[]): Buffer =>
  Buffer.concat([Buffer.from([0xff, 0xd8]), ...segments, Buffer.from([0xff, 0xd9])]);

const withText = (data: Buffer): Buffer => Buffer.concat([data, Buffer.from(`${SECRET}!`)]);

const riffChunk = (type: string, data: Buffer): Buffer => {
  const head = Buffer.alloc(8);
  head.write(type, 'latin1');
  head.writeUInt32LE(data.length, 4);
  return Buffer.concat([head, data, Buffer.alloc(data.length % 2)]);
};
const webp = (...chunks: Buffer[]): Buffer => riffChunk('RIFF', Buffer.concat([Buffer.from('WEBP'), ...chunks]));
const vp8 = (width = 64, height = 65): Buffer => {
  const data = Buffer.from('000000' + '9d012a' + '0000' + '0000' + 'abcd', 'hex');
  data.writeUInt16LE(width, 6);
  data.writeUInt16LE(height, 8);
  return riffChunk('VP8 ', data);
};

describe('a PNG', () => {
  it('keeps its pixels and loses everything else', async () => {
    const { type, bytes } = await sanitise(
      Buffer.concat([png({}, chunk('tEXt', Buffer.from(SECRET))), Buffer.from(SECRET)]),
    );
    expect(type).toBe('image/png');
    expect(bytes).toEqual(png());
    expect((await sanitise(bytes)).bytes).toEqual(bytes);
  });

  it('keeps its transparent colour, and no palette that draws nothing', async () => {
    const colour = chunk('tRNS', Buffer.alloc(6));
    const { bytes } = await sanitise(png({}, chunk('PLTE', Buffer.alloc(9, 'x')), colour));
    expect(bytes).toEqual(png({}, colour));
  });

  it('of the largest kind leaves the event loop free', async () => {
    const bytes = png({ width: 2048, height: 2048 });
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    await sanitise(bytes);
    clearInterval(timer);
    expect(turns).toBeGreaterThan(3);
  });

  test.each<[string, Buffer]>([
    ['of 16 bits a sample', png({ depth: 16, pixels: Buffer.alloc(64 * (1 + 64 * 6)) })],
    ['that unpacks to more than it says', png({ pixels: Buffer.alloc(50_000_000) })],
    ['that unpacks to less', png({ pixels: Buffer.alloc(10) })],
    ['that is too large', png({ width: 2049 })],
    ['that is too small', png({ height: 63 })],
    ['with text behind its palette', png({}, chunk('PLTE', Buffer.from(`${SECRET}${'!'.repeat(900)}`)))],
    ['with text in the place of a palette', png({}, chunk('PLTE', Buffer.from(`${SECRET}!`)))],
    ['with text for a transparent colour', png({}, chunk('tRNS', Buffer.from(SECRET)))],
    ['with two transparent colours', png({}, chunk('tRNS', Buffer.alloc(6)), chunk('tRNS', Buffer.alloc(6)))],
    ['with a palette twice', png({}, chunk('PLTE', Buffer.alloc(6)), chunk('PLTE', Buffer.alloc(6)))],
    ['that is interlaced', png({ interlace: 1 })],
    ['that is cut off', png().subarray(0, -1)],
    [
      'with a chunk that is longer than the file',
      Buffer.concat([png().subarray(0, 8), word(2 ** 31), png().subarray(12)]),
    ],
    ['of nothing but a signature', png().subarray(0, 8)],
    ['with a damaged byte', Buffer.from(png().map((byte, at) => (at === 20 ? byte ^ 1 : byte)))],
  ])('%s is refused', async (_what, bytes) => {
    expect(await codeOf(bytes)).toBe('invalid-photo');
  });
});

describe('a JPEG', () => {
  it('keeps what draws it and loses everything else', async () => {
    const plain = jpeg(
      segment(0xdb, Buffer.alloc(65)),
      frame(),
      segment(0xc4, HUFFMAN),
      segment(0xdd, Buffer.alloc(2)),
      SCAN,
    );
    const exif = segment(0xe1, Buffer.from(`Exif\0\0${SECRET}`));
    const told = Buffer.concat([
      plain.subarray(0, 2),
      exif,
      segment(0xfe, Buffer.from(SECRET)),
      plain.subarray(2),
      Buffer.from(SECRET),
    ]);
    expect(await sanitise(told)).toEqual({ type: 'image/jpeg', bytes: plain });
  });

  test.each<[string, Buffer]>([
    ['that is too large', jpeg(frame(64, 2049), SCAN)],
    ['without a picture', jpeg(frame())],
    ['without a size', jpeg(SCAN)],
    ['with two sizes', jpeg(frame(), frame(), SCAN)],
    ['for printers', jpeg(frame(64, 64, 0xc0, 4), SCAN)],
    ['of an arithmetic kind', jpeg(frame(64, 64, 0xc9), SCAN)],
    ['with thousands of scans', jpeg(frame(), ...Array.from({ length: 51 }, () => SCAN))],
    ['with text behind a table of numbers', jpeg(segment(0xdb, withText(Buffer.alloc(65))), frame(), SCAN)],
    ['with text in the place of one', jpeg(segment(0xdb, Buffer.from(SECRET)), frame(), SCAN)],
    ['with text behind a table of codes', jpeg(segment(0xc4, withText(HUFFMAN)), frame(), SCAN)],
    ['with text behind a restart interval', jpeg(segment(0xdd, withText(Buffer.alloc(2))), frame(), SCAN)],
    ['with text in the head of a scan', jpeg(frame(), segment(0xda, withText(Buffer.alloc(10))), SCAN)],
    [
      'with thousands of tables',
      jpeg(frame(), ...Array.from({ length: 201 }, () => segment(0xdd, word(0).subarray(2))), SCAN),
    ],
    ['that is cut off in its pixels', jpeg(frame(), SCAN).subarray(0, -2)],
    ['that is cut off in a segment', jpeg(frame()).subarray(0, 12)],
  ])('%s is refused', async (_what, bytes) => {
    expect(await codeOf(bytes)).toBe('invalid-photo');
  });
});

describe('a WebP', () => {
  it('keeps its picture and loses everything else', async () => {
    const exif = riffChunk('EXIF', Buffer.from(SECRET));
    expect(await sanitise(webp(riffChunk('VP8X', Buffer.alloc(10)), vp8(), exif))).toEqual({
      type: 'image/webp',
      bytes: webp(vp8()),
    });
  });

  it('keeps what is transparent', async () => {
    const alpha = riffChunk('ALPH', Buffer.from([1, 2, 3]));
    const { bytes } = await sanitise(webp(riffChunk('VP8X', Buffer.alloc(10, 0xff)), alpha, vp8()));
    expect(bytes.includes(alpha)).toBe(true);
    expect(bytes.subarray(20, 30).toString('hex')).toBe('10000000' + '3f0000' + '400000');
  });

  test.each<[string, Buffer]>([
    ['that is too large', webp(vp8(2049))],
    ['that is animated', webp(riffChunk('ANIM', Buffer.alloc(6)), riffChunk('ANMF', vp8()))],
    ['with two pictures', webp(vp8(), vp8())],
    ['that is cut off', webp(vp8()).subarray(0, -1)],
    ['without a start code', webp(riffChunk('VP8 ', Buffer.alloc(20)))],
    ['lossless and too large', webp(riffChunk('VP8L', Buffer.from('2fffffff0f00', 'hex')))],
    ['with a chunk that is longer than the file', webp(vp8().fill(0xff, 4, 8))],
  ])('%s is refused', async (_what, bytes) => {
    expect(await codeOf(bytes)).toBe('invalid-photo');
  });
});

describe('anything else', () => {
  test.each<[string, Buffer]>([
    ['nothing', Buffer.alloc(0)],
    ['a drawing with a script', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>')],
    ['a GIF', Buffer.from('GIF89a')],
    ['more than 500 KB', jpeg(frame(), SCAN, Buffer.alloc(500_000))],
  ])('is refused: %s', async (_what, bytes) => {
    expect(await codeOf(bytes)).toBe('invalid-photo');
  });

  it('never breaks on bytes that are cut or changed anywhere', async () => {
    const samples = [png(), jpeg(frame(), SCAN), webp(vp8())];
    for (const sample of samples) {
      for (let at = 0; at < sample.length; at++) {
        const changed = Buffer.from(sample);
        changed[at] = (changed[at]! + 0x7f) & 0xff;
        for (const bytes of [sample.subarray(0, at), changed])
          expect(await codeOf(bytes)).toMatch(/^(taken|invalid-photo)$/);
      }
    }
  });
});
