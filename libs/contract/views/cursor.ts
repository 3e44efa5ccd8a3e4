import { type KeyObject, createCipheriv, createDecipheriv } from 'node:crypto';

/** A text is no cursor of this deployment. */
class InvalidCursorError extends Error {
  override readonly name = 'InvalidCursorError';
  readonly code = 'invalid-cursor';
}

const BLOCK_BYTES = 16;

/**
 * Log positions as the public sees them. Positions count votes, so they are encrypted: one AES block of eight zero
 * bytes and the position. The zero bytes tell a forged cursor from a real one; equal positions give equal cursors, which
 * says no more than the percentages do.
 */
export class CursorCodec {
  private lastPosition = -1n;
  private lastCursor = '';

  constructor(private readonly key: KeyObject) {}

  /** @returns 22 characters of base64url */
  encode(position: bigint): string {
    // the votes of one append share its position
    if (position !== this.lastPosition) {
      this.lastCursor = this.encrypt(position);
      this.lastPosition = position;
    }
    return this.lastCursor;
  }

  private encrypt(position: bigint): string {
    const block = Buffer.alloc(BLOCK_BYTES);
    block.writeBigUInt64BE(position, BLOCK_BYTES / 2);
    return createCipheriv('aes-256-ecb', this.key, null).setAutoPadding(false).update(block).toString('base64url');
  }

  /** @throws InvalidCursorError */
  decode(cursor: string): bigint {
    const block = Buffer.from(cursor, 'base64url');
    if (block.length !== BLOCK_BYTES) throw new InvalidCursorError('not a cursor');
    const clear = createDecipheriv('aes-256-ecb', this.key, null).setAutoPadding(false).update(block);
    if (clear.readBigUInt64BE(0) !== 0n) throw new InvalidCursorError('not a cursor of this deployment');
    return clear.readBigUInt64BE(BLOCK_BYTES / 2);
  }
}
