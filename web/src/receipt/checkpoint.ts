import { fromBase64, isSigned } from './hashing.ts';

/** What a ballot box signed of itself. */
export interface SignedBox {
  /** Leaves. */
  readonly size: number;
  readonly root: Uint8Array;
}

/** In front of a signature (C2SP signed-note). */
const KEY_ID_BYTES = 4;

/**
 * Reads a signed checkpoint (C2SP tlog-checkpoint).
 * @param origin of the ballot box, which is the name of its key
 * @param key of the ballot box, 32 bytes
 * @returns undefined where the box did not sign it
 */
export function signedBox(note: string, origin: string, key: Uint8Array): SignedBox | undefined {
  const end = note.lastIndexOf('\n\n');
  const text = note.slice(0, end + 1);
  const own = note
    .slice(end + 2)
    .split('\n')
    .filter((line) => line.startsWith(`— ${origin} `));
  const signatures = own.map((line) => fromBase64(line.slice(line.lastIndexOf(' ') + 1)).subarray(KEY_ID_BYTES));
  const [named, size, root = ''] = text.split('\n');
  if (named !== origin || !signatures.some((signature) => isSigned(text, signature, key))) return undefined;
  return { size: Number(size), root: fromBase64(root) };
}
