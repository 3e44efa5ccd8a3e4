import { beforeAll, describe, expect, it } from '@jest/globals';
import sharp from 'sharp';

import { PhotoEncoder } from './photo-encoder.ts';
import { PhotoSizes } from './photo-sizes.ts';

let photo: Buffer;
beforeAll(async () => {
  photo = await sharp({ create: { width: 640, height: 768, channels: 3, background: '#e67814' } })
    .png()
    .toBuffer();
});

describe('the sizes of a photo', () => {
  it('are made once, for all who ask at the same time or later', async () => {
    const sizes = new PhotoSizes(new PhotoEncoder(sharp));
    const [first, second] = await Promise.all([sizes.fit('a', photo, 320), sizes.fit('a', photo, 320)]);
    expect(first).toBeInstanceOf(Buffer);
    expect(second).toBe(first);
    expect(await sizes.fit('a', photo, 320)).toBe(first);
    expect(await sizes.fit('a', photo, 640)).toBe(photo);
  });

  it('are forgotten one by one, the longest unused first', async () => {
    const sizes = new PhotoSizes(new PhotoEncoder(sharp));
    const ofA = await sizes.fit('a', photo, 320);
    const ofB = await sizes.fit('b', photo, 320);
    for (let other = 0; other < 63; other++) {
      await sizes.fit(String(other), photo, 640);
      expect(await sizes.fit('a', photo, 320)).toBe(ofA);
    }
    expect(await sizes.fit('b', photo, 320)).not.toBe(ofB);
  });

  it('that cannot be made are none, and are tried again', async () => {
    const sizes = new PhotoSizes(new PhotoEncoder(sharp));
    expect(await sizes.fit('a', Buffer.from('no photo'), 320)).toBeUndefined();
    expect(await sizes.fit('a', photo, 320)).toBeInstanceOf(Buffer);
    expect(await new PhotoSizes(new PhotoEncoder(undefined)).fit('a', photo, 320)).toBeUndefined();
  });
});
