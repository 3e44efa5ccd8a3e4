import { Injectable } from '@nestjs/common';

import { RecentMap } from '#collections';

import { PhotoEncoder } from './photo-encoder.ts';

/** Half of them are three sizes of ten photos; none is larger than the photo, 500 KB. */
const MAX_REMEMBERED = 64;

/** Photos at the widths that pages show. Each is made once, and the least recently used goes first. */
@Injectable()
export class PhotoSizes {
  private readonly remembered = new RecentMap<string, Promise<Buffer>>(MAX_REMEMBERED);

  constructor(private readonly encoder: PhotoEncoder) {}

  /**
   * @param hash of the photo
   * @returns undefined when it cannot be made now, or here
   */
  async fit(hash: string, stored: Buffer, width: number): Promise<Buffer | undefined> {
    const key = `${hash} ${String(width)}`;
    const size = this.remembered.get(key) ?? this.encoder.narrow(stored, width);
    this.remembered.set(key, size);
    try {
      return await size;
    } catch {
      if (this.remembered.get(key) === size) this.remembered.delete(key);
      return undefined;
    }
  }
}
