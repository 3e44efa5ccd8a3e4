import { hash } from 'node:crypto';

/** Bytes of a hash. */
export const HASH_BYTES = 32;

const [LEAF_PREFIX, NODE_PREFIX] = [0x00, 0x01];

/**
 * SHA-256, 32 bytes. It is asked for as text, which pooled memory then takes: a hash that is asked for as a buffer costs three times as
 * much.
 */
export const sha256 = (data: Uint8Array | string): Buffer => Buffer.from(hash('sha256', data, 'binary'), 'binary');

/** The hash of a leaf's data (RFC 6962, section 2.1): SHA-256 of 0x00 and the data. */
export function leafHash(data: Uint8Array): Buffer {
  const input = Buffer.allocUnsafe(1 + data.length);
  input[0] = LEAF_PREFIX;
  input.set(data, 1);
  return sha256(input);
}

/** Reused by every call: hashing is synchronous. */
const pair = Buffer.alloc(1 + 2 * HASH_BYTES);
pair[0] = NODE_PREFIX;

/** The hash of a node (RFC 6962, section 2.1): SHA-256 of 0x01 and the hashes of 32 bytes of its two children. */
export function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  pair.set(left, 1);
  pair.set(right, 1 + HASH_BYTES);
  return sha256(pair);
}

/** The same of two hashes in one piece. */
export function pairHash(children: Uint8Array): Buffer {
  pair.set(children, 1);
  return sha256(pair);
}

/** The root of a tree without leaves: SHA-256 of nothing. */
export const EMPTY_ROOT: Buffer = sha256('');
