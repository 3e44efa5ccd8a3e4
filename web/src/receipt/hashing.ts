/**
 * SHA-256 and Ed25519 of a library, in every browser the same: Chrome before 137 and Safari before 17 have no Ed25519, and a page
 * without HTTPS has no `crypto.subtle` at all.
 */
import { hashes, verify } from '@noble/ed25519';
import { sha256, sha512 } from '@noble/hashes/sha2.js';

import type { TreeHashes } from '../../../libs/receipts/receipt.ts';

hashes.sha512 = sha512;

const [LEAF_PREFIX, NODE_PREFIX] = [0x00, 0x01];

function prefixed(prefix: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(1 + parts.reduce((bytes, { length }) => bytes + length, 0));
  whole[0] = prefix;
  let at = 1;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** The hashes of RFC 6962. */
export const TREE: TreeHashes = {
  leafHash: (data) => sha256(prefixed(LEAF_PREFIX, data)),
  nodeHash: (left, right) => sha256(prefixed(NODE_PREFIX, left, right)),
};

/** Whether a key (32 bytes) signed a text (Ed25519, RFC 8032). */
export function isSigned(text: string, signature: Uint8Array, key: Uint8Array): boolean {
  try {
    return verify(signature, new TextEncoder().encode(text), key, { zip215: false });
  } catch {
    return false;
  }
}

export const isSame = (one: Uint8Array, other: Uint8Array): boolean =>
  one.length === other.length && one.every((byte, at) => byte === other[at]);

/** Bytes of standard base64; none of what is not. */
export function fromBase64(text: string): Uint8Array {
  try {
    return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  } catch {
    return new Uint8Array();
  }
}
