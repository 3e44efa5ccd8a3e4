import { fromBase64 } from './hashing.ts';

/** Ed25519 keys of a ballot box, 32 bytes each. */
export interface BoxKeys {
  /** Signs its checkpoints. */
  readonly box: Uint8Array;
  /** Signs its receipts. */
  readonly receipts: Uint8Array;
}

const FIRST_LINE = 'paredao-chaves/v1';
/** In front of a key that signs notes (C2SP signed-note). */
const ED25519 = 0x01;
const KEY_BYTES = 32;

/**
 * The keys that the first leaf of a ballot box names.
 * @param note of keys (docs/receipts.md)
 * @param origin of the ballot box
 * @returns undefined for a note of something else
 */
export function keysOf(note: string, origin: string): BoxKeys | undefined {
  const [first, box = '', , receipts = ''] = note.split('\n');
  const keys = { box: keyOf(box, origin), receipts: keyOf(receipts, `${origin}/recibo`) };
  return first === FIRST_LINE && keys.box && keys.receipts ? { box: keys.box, receipts: keys.receipts } : undefined;
}

const VERIFIER_KEY = /^([^+]+)\+[0-9a-f]{8}\+(.+)$/;

/** The key in a verifier key, `<name>+<key id>+<base64>`, if it has this name. */
function keyOf(vkey: string, name: string): Uint8Array | undefined {
  const [, named, encoded = ''] = VERIFIER_KEY.exec(vkey) ?? [];
  const bytes = fromBase64(encoded);
  return named === name && bytes.length === 1 + KEY_BYTES && bytes[0] === ED25519 ? bytes.subarray(1) : undefined;
}
