import { Injectable } from '@nestjs/common';

import { RecentMap } from '#collections';
import { loadSharp } from '#pictures';
import { ProblemError } from '#platform';

/** A card has about 100 KB. */
const MAX_REMEMBERED = 64;
const MAX_WAITING = 8;

/** Makes PNG of the cards, each once and one at a time, in a thread of its own. */
@Injectable()
export class CardPictures {
  private readonly remembered = new RecentMap<string, Promise<Buffer>>(MAX_REMEMBERED);
  private waiting = 0;
  private last: Promise<unknown> = Promise.resolve();

  /**
   * @param svg 1200 × 630 pixels
   * @throws ProblemError `card-unavailable` without the image library, or when too many wait
   */
  async of(svg: string): Promise<Buffer> {
    const picture = this.remembered.get(svg) ?? this.inTurn(svg);
    this.remembered.set(svg, picture);
    try {
      return await picture;
    } catch (error) {
      if (this.remembered.get(svg) === picture) this.remembered.delete(svg);
      throw new ProblemError('card-unavailable', String(error));
    }
  }

  private inTurn(svg: string): Promise<Buffer> {
    if (this.waiting >= MAX_WAITING) return Promise.reject(new Error('too many cards wait'));
    this.waiting++;
    const mine = this.last.then(() => pngOf(svg)).finally(() => this.waiting--);
    this.last = mine.catch(() => {});
    return mine;
  }
}

async function pngOf(svg: string): Promise<Buffer> {
  const sharp = await loadSharp('Svg');
  return sharp(Buffer.from(svg)).png({ compressionLevel: 9 }).toBuffer();
}
