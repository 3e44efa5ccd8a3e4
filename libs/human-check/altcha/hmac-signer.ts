import { type KeyObject, hash, timingSafeEqual } from 'node:crypto';

const BLOCK_BYTES = 64;
const HASH_BYTES = 32;
const LONGEST_TEXT = 1024;

/**
 * HMAC-SHA-256 (RFC 2104) of short texts with one key, from two one-shot hashes over buffers that hold the padded key
 * already. `createHmac` makes an object and a stream for each call, which costs three times as much; so does a hash that
 * is asked for as a buffer instead of as text.
 */
export class HmacSigner {
  private readonly inner = Buffer.alloc(BLOCK_BYTES + LONGEST_TEXT, 0x36);
  /** As much of it as the last text took: texts of one kind have one length, and each view costs. */
  private message = this.inner.subarray();
  private readonly outer = Buffer.alloc(BLOCK_BYTES + HASH_BYTES, 0x5c);
  private readonly expected = Buffer.alloc(HASH_BYTES);
  private readonly given = Buffer.alloc(HASH_BYTES);

  /** @param key of at most 64 bytes */
  constructor(key: KeyObject) {
    const bytes = key.export();
    if (bytes.length > BLOCK_BYTES) throw new RangeError(`a key has at most ${BLOCK_BYTES} bytes`);
    for (const [index, byte] of bytes.entries()) {
      this.inner[index]! ^= byte;
      this.outer[index]! ^= byte;
    }
  }

  /**
   * @param text of at most 1024 Latin-1 characters
   * @returns the code, 64 hexadecimal digits
   */
  sign(text: string): string {
    if (text.length > LONGEST_TEXT) throw new RangeError(`a text has at most ${LONGEST_TEXT} characters`);
    const end = BLOCK_BYTES + this.inner.write(text, BLOCK_BYTES, 'latin1');
    if (this.message.length !== end) this.message = this.inner.subarray(0, end);
    this.outer.write(hash('sha256', this.message, 'hex'), BLOCK_BYTES, 'hex');
    return hash('sha256', this.outer, 'hex');
  }

  /**
   * Whether a text was signed with this key, in a time that tells nothing.
   * @param signature 64 hexadecimal digits
   */
  verify(text: string, signature: string): boolean {
    this.expected.write(this.sign(text), 'hex');
    this.given.write(signature, 'hex');
    return timingSafeEqual(this.expected, this.given);
  }
}
