import type { Sharp as Picture, SharpOptions } from 'sharp';

import { withinLimit } from '#async';
import type { Sharp } from '#pictures';
import { ProblemError } from '#platform';

import { InvalidPhotoError, typeOf } from './photo.ts';

const MIN_SIDE = 64;
/** More than a phone's camera makes. Decoded whole, which only some WebP and interlaced PNG are, it takes 64 MB. */
const MAX_PIXELS = 16_000_000;
/** A portrait as the largest screen shows it. */
const STORED = { width: 960, height: 1152, fit: 'inside', withoutEnlargement: true } as const;
/** It fits one append. */
const MAX_STORED_BYTES = 500_000;
const WEBP = { quality: 80 };
const FORMATS: ReadonlySet<string> = new Set(['jpeg', 'png', 'webp']);

const DECODING: SharpOptions = { autoOrient: true, failOn: 'error', limitInputPixels: MAX_PIXELS };
const DECODING_LIMIT_SECONDS = 10;

/** Pictures that wait, at most 1 MB each, and how long one may take with its wait. */
const MAX_WAITING = 32;
const LIMIT_MS = 20_000;

/** Decodes and encodes pictures, one at a time and on a thread of its own, so that votes do not wait for them. */
export class PhotoEncoder {
  private waiting = 0;
  private last: Promise<unknown> = Promise.resolve();

  /** @param sharp without it every picture is refused */
  constructor(private readonly sharp: Sharp | undefined) {}

  /**
   * An upload as it is stored: WebP of at most 960 × 1152 pixels, upright, the first picture of an animation. Only pixels get
   * through, whatever else the bytes held.
   * @param bytes PNG, JPEG or WebP: the bytes say it; neither a name nor a declared type is believed
   * @throws InvalidPhotoError
   * @throws ProblemError `photos-unavailable` without the library, `photos-busy` when too many wait
   */
  async encode(bytes: Buffer): Promise<Buffer> {
    if (typeOf(bytes) === undefined) throw new InvalidPhotoError('neither PNG nor JPEG nor WebP');
    const stored = await this.inTurn(async (sharp) => {
      await assertPhoto(sharp(bytes, { ...DECODING, limitInputPixels: false }));
      return webpOf(sharp(bytes, DECODING).resize(STORED));
    });
    if (stored.length > MAX_STORED_BYTES) throw new InvalidPhotoError('more than 500 KB as it would be stored');
    return stored;
  }

  /**
   * A stored photo at a smaller width, as WebP; the photo itself where that would be no smaller.
   * @param width pixels
   * @throws as `encode`
   */
  async narrow(stored: Buffer, width: number): Promise<Buffer> {
    return this.inTurn(async (sharp) => {
      const picture = sharp(stored, DECODING);
      if ((await picture.metadata()).width <= width) return stored;
      const narrow = await webpOf(picture.resize({ width }));
      return narrow.length < stored.length ? narrow : stored;
    });
  }

  private async inTurn(work: (sharp: Sharp) => Promise<Buffer>): Promise<Buffer> {
    const { sharp } = this;
    if (sharp === undefined) throw new ProblemError('photos-unavailable', 'sharp, the image library, is not installed');
    if (this.waiting >= MAX_WAITING) throw new ProblemError('photos-busy');
    this.waiting++;
    const mine = this.last.then(() => work(sharp)).finally(() => this.waiting--);
    this.last = mine.catch(() => {});
    try {
      return await withinLimit(mine, LIMIT_MS, () => new ProblemError('photos-busy'));
    } catch (error) {
      if (error instanceof ProblemError || error instanceof InvalidPhotoError) throw error;
      throw new InvalidPhotoError('it cannot be decoded', { cause: error });
    }
  }
}

const webpOf = (picture: Picture): Promise<Buffer> =>
  picture.webp(WEBP).timeout({ seconds: DECODING_LIMIT_SECONDS }).toBuffer();

/** Reads no more than the header. Other decoders may be at work in this process. @throws InvalidPhotoError */
async function assertPhoto(picture: Picture): Promise<void> {
  const { format, width, height } = await picture.metadata();
  if (!FORMATS.has(format)) throw new InvalidPhotoError(format);
  if (Math.min(width, height) < MIN_SIDE || width * height > MAX_PIXELS) {
    throw new InvalidPhotoError(`${String(width)} × ${String(height)} pixels`);
  }
}
