import { randomFillSync } from 'node:crypto';

const NUMBER_BYTES = 4;
/** Little enough for the cache of a core, and much for the price of asking. */
const POOL_BYTES = 16_384;

/** Random bytes that are made many at a time: asking for a few costs as much as for some thousand. */
export class RandomPool {
  private readonly pool = Buffer.alloc(POOL_BYTES);
  private used = POOL_BYTES;

  /** Writes random bytes. */
  fill(target: Buffer, at: number, bytes: number): void {
    if (bytes > POOL_BYTES / 2) {
      randomFillSync(target, at, bytes);
      return;
    }
    const from = this.take(bytes);
    this.pool.copy(target, at, from, from + bytes);
  }

  /** A random whole number. @param limit above it, far below 2^32: what is left over makes no difference then */
  below(limit: number): number {
    return this.pool.readUInt32LE(this.take(NUMBER_BYTES)) % limit;
  }

  /** @returns where bytes begin that were not used yet */
  private take(bytes: number): number {
    if (this.used + bytes > this.pool.length) {
      randomFillSync(this.pool);
      this.used = 0;
    }
    this.used += bytes;
    return this.used - bytes;
  }
}
