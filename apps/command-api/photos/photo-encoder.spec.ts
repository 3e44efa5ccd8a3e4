import { beforeAll, describe, expect, it, test } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import sharp, { type Metadata, type Sharp } from 'sharp';

import { png, pngChunk } from '../testing/png.ts';
import { loadSharp } from '#pictures';
import { PhotoEncoder } from './photo-encoder.ts';

const SECRET = 'GPS -22.9068 -43.1729';
const ORANGE = { r: 230, g: 120, b: 20 };

let library: Awaited<ReturnType<typeof loadSharp>>;
let encoder: PhotoEncoder;
beforeAll(async () => {
  library = await loadSharp('Jpeg', 'Png', 'Webp');
  encoder = new PhotoEncoder(library);
});

const picture = (width = 200, height = 240): Sharp =>
  sharp({ create: { width, height, channels: 3, background: ORANGE } });
const noise = (width: number, height: number): Sharp =>
  sharp(randomBytes(width * height * 3), { raw: { width, height, channels: 3 } });

const codeOf = async (bytes: Buffer, by = encoder): Promise<string> => {
  try {
    await by.encode(bytes);
    return 'taken';
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
};
const sides = ({ width, height }: Metadata): number[] => [width, height];

/** Names of the chunks of a WebP, which must fill it to its last byte. */
function chunksOf(webp: Buffer): string[] {
  const names: string[] = [];
  let at = 12;
  while (at < webp.length) {
    names.push(webp.toString('latin1', at, at + 4));
    at += 8 + webp.readUInt32LE(at + 4) + (webp.readUInt32LE(at + 4) % 2);
  }
  expect([at, webp.readUInt32LE(4) + 8]).toEqual([webp.length, webp.length]);
  return names;
}

describe('an upload', () => {
  const xmp = `<x:xmpmeta xmlns:x="adobe:ns:meta/"><note>${SECRET}</note></x:xmpmeta>`;
  const told = (): Sharp =>
    picture()
      .withExif({ IFD0: { Copyright: SECRET }, IFD3: { GPSLatitudeRef: 'S', GPSLatitude: '22/1 54/1 24/1' } })
      .withXmp(xmp)
      .withIccProfile('p3');
  const polyglot = Buffer.from(`PK\x03\x04${SECRET}<html><script>alert(1)</script></html>PK\x05\x06`);
  const text = pngChunk('tEXt', Buffer.from(SECRET));
  const longPalette = pngChunk('PLTE', Buffer.from(`${SECRET}${'!'.repeat(27)}`));

  test.each<[string, () => Promise<Buffer> | Buffer]>([
    ['JPEG', () => told().jpeg().toBuffer()],
    ['PNG', () => told().png().toBuffer()],
    ['WebP', () => told().webp().toBuffer()],
    ['PNG with comments', () => png({}, text)],
    ['PNG with text in a palette that nobody needs', () => png({}, longPalette)],
  ])('leaves nothing of a %s but its pixels', async (_format, make) => {
    const upload = Buffer.concat([await make(), polyglot]);
    expect(upload.includes(SECRET)).toBe(true);

    const stored = await encoder.encode(upload);

    expect(chunksOf(stored)).toEqual(['VP8 ']);
    for (const trace of [SECRET, 'Exif', 'xmpmeta', 'ICCP', 'PK', '<html']) expect(stored.includes(trace)).toBe(false);
    expect(await sharp(stored).metadata()).toMatchObject({ format: 'webp', space: 'srgb', channels: 3 });
  });

  test.each<[string, () => Sharp]>([
    ['CMYK', () => picture().toColourspace('cmyk').jpeg({ quality: 100 })],
    ['16 bits a sample', () => picture().toColourspace('rgb16').png()],
    ['the colours of another profile', () => picture().withIccProfile('p3').jpeg({ quality: 100 })],
  ])('of %s keeps its colours', async (_what, make) => {
    const stored = await encoder.encode(await make().toBuffer());
    const { channels } = await sharp(stored).stats();
    const means = channels.map(({ mean }) => mean);
    for (const [at, wanted] of Object.values(ORANGE).entries()) {
      expect(Math.abs((means[at] ?? 0) - wanted)).toBeLessThan(25);
    }
  });

  it('keeps what is transparent', async () => {
    const background = { ...ORANGE, alpha: 0.5 };
    const see = sharp({ create: { width: 100, height: 100, channels: 4, background } });
    expect(chunksOf(await encoder.encode(await see.png().toBuffer()))).toEqual(['VP8X', 'ALPH', 'VP8 ']);
  });

  it('is turned upright, and fits the largest screen without being enlarged', async () => {
    const sizeOf = async (upload: Sharp): Promise<number[]> =>
      sides(await sharp(await encoder.encode(await upload.toBuffer())).metadata());
    expect(await sizeOf(picture(100, 80).withMetadata({ orientation: 6 }).jpeg())).toEqual([80, 100]);
    expect(await sizeOf(picture(4032, 3024).jpeg())).toEqual([960, 720]);
    expect(await sizeOf(picture(2000, 4000).png())).toEqual([576, 1152]);
    expect(await sizeOf(picture(64, 64).webp())).toEqual([64, 64]);
  });

  it('that moves stands still', async () => {
    const frames = await Promise.all([picture().png().toBuffer(), noise(200, 240).png().toBuffer()]);
    const animation = await sharp(frames, { join: { animated: true } })
      .webp()
      .toBuffer();
    expect(animation.includes('ANMF')).toBe(true);
    const stored = await encoder.encode(animation);
    expect(chunksOf(stored)).toEqual(['VP8 ']);
    expect(sides(await sharp(stored).metadata())).toEqual([200, 240]);
  });

  const half = async (format: 'jpeg' | 'png' | 'webp'): Promise<Buffer> => {
    const whole = await noise(200, 240).toFormat(format).toBuffer();
    return whole.subarray(0, whole.length / 2);
  };
  test.each<[string, () => Promise<Buffer> | Buffer]>([
    ['nothing', () => Buffer.alloc(0)],
    ['a drawing with a script', () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>')],
    ['a GIF', () => picture().gif().toBuffer()],
    ['a TIFF', () => picture().tiff().toBuffer()],
    ['half a JPEG', () => half('jpeg')],
    ['half a PNG', () => half('png')],
    ['half a WebP', () => half('webp')],
    ['a signature alone', () => png().subarray(0, 8)],
    ['a picture that is too small', () => picture(200, 63).png().toBuffer()],
    ['more pixels than a camera makes', () => png({ width: 4001, height: 4000, pixels: Buffer.alloc(10) })],
    [
      'a PNG that promises four thousand million pixels',
      () => png({ width: 65_535, height: 65_535, pixels: Buffer.alloc(1) }),
    ],
    ['a PNG that unpacks to less than it says', () => png({ width: 3000, height: 3000, pixels: Buffer.alloc(10) })],
    ['what stays too large', () => noise(960, 1152).jpeg({ quality: 50 }).toBuffer()],
  ])('is refused: %s', async (_what, make) => {
    expect(await codeOf(await make())).toBe('invalid-photo');
  });

  it('that unpacks to more than it says costs no more than it says', async () => {
    const upload = png({ pixels: Buffer.alloc(50_000_000) });
    // other specs have run in this process
    const before = process.memoryUsage().rss;
    expect(await codeOf(upload)).toMatch(/^(taken|invalid-photo)$/);
    expect(process.memoryUsage().rss - before).toBeLessThan(400e6);
  });

  it('never breaks on bytes that are cut or changed', async () => {
    for (const format of ['jpeg', 'png', 'webp'] as const) {
      const sample = await picture(64, 64).toFormat(format).toBuffer();
      for (let at = 0; at < sample.length; at += 7) {
        const changed = Buffer.from(sample);
        changed[at] = (changed[at]! + 0x7f) & 0xff;
        for (const bytes of [sample.subarray(0, at), changed])
          expect(await codeOf(bytes)).toMatch(/^(taken|invalid-photo)$/);
      }
    }
  });

  it('leaves the event loop free', async () => {
    const upload = await noise(2000, 2400).resize(3000, 3600).blur(5).jpeg({ quality: 60 }).toBuffer();
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    await encoder.encode(upload);
    clearInterval(timer);
    expect(turns).toBeGreaterThan(10);
  });

  it('waits for its turn among so many, and is refused beyond', async () => {
    const crowd = new PhotoEncoder(library);
    const upload = await picture().jpeg().toBuffer();
    const codes = await Promise.all(Array.from({ length: 34 }, () => codeOf(upload, crowd)));
    expect(codes.filter((code) => code === 'taken')).toHaveLength(32);
    expect(codes.slice(32)).toEqual(['photos-busy', 'photos-busy']);
    expect(await codeOf(upload, crowd)).toBe('taken');
  });

  it('is refused where the library is missing', async () => {
    expect(await codeOf(await picture().jpeg().toBuffer(), new PhotoEncoder(undefined))).toBe('photos-unavailable');
  });
});

describe('a narrower photo', () => {
  test.each(['jpeg', 'png', 'webp'] as const)('is WebP, whether %s was stored', async (format) => {
    const stored = await noise(80, 96).resize(800, 960).toFormat(format).toBuffer();
    const narrow = await encoder.narrow(stored, 320);
    expect(sides(await sharp(narrow).metadata())).toEqual([320, 384]);
    expect(chunksOf(narrow)).toEqual(['VP8 ']);
    expect(narrow.length).toBeLessThan(stored.length / 2);
  });

  it('is the photo itself where it would be no smaller', async () => {
    const stored = await picture(640, 768).png().toBuffer();
    expect(await encoder.narrow(stored, 640)).toBe(stored);
    expect(await encoder.narrow(stored, 960)).toBe(stored);
    const flat = await sharp({ create: { width: 700, height: 64, channels: 3, background: ORANGE } })
      .webp({ quality: 1 })
      .toBuffer();
    expect((await encoder.narrow(flat, 640)).length).toBeLessThanOrEqual(flat.length);
  });
});
