import { fromBase64, isSame, isSigned } from './hashing.ts';

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

/** Whether two notes name the same keys, whoever signed them. */
export const areSame = (one: BoxKeys, other: BoxKeys): boolean =>
  isSame(one.box, other.box) && isSame(one.receipts, other.receipts);

/** In front of a signature (C2SP signed-note). */
const KEY_ID_BYTES = 4;

/**
 * Whether the service signed a note (C2SP signed-note).
 * @param vkey its verifier key
 */
export function isSignedBy(note: string, vkey: string): boolean {
  const name = vkey.slice(0, vkey.indexOf('+'));
  const key = keyOf(vkey, name);
  const end = note.lastIndexOf('\n\n');
  const [text, lines] = [note.slice(0, end + 1), note.slice(end + 2).split('\n')];
  return lines
    .filter((line) => line.startsWith(`— ${name} `))
    .map((line) => fromBase64(line.slice(line.lastIndexOf(' ') + 1)).subarray(KEY_ID_BYTES))
    .some((signature) => key !== undefined && isSigned(text, signature, key));
}

const VERIFIER_KEY = /^([^+]+)\+[0-9a-f]{8}\+(.+)$/;

/** The key in a verifier key, `<name>+<key id>+<base64>`, if it has this name. */
function keyOf(vkey: string, name: string): Uint8Array | undefined {
  const [, named, encoded = ''] = VERIFIER_KEY.exec(vkey) ?? [];
  const bytes = fromBase64(encoded);
  return named === name && bytes.length === 1 + KEY_BYTES && bytes[0] === ED25519 ? bytes.subarray(1) : undefined;
}
