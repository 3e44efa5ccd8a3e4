import { HASH_BYTES, leafHash } from './hashing.ts';
import { type Checkpoint, fromBase64, parseCheckpoint } from './checkpoint.ts';
import type { Verifier } from './keys.ts';
import { openNote } from './note.ts';
import { FIRST_LINE, type TlogProof } from './tlog-proof-text.ts';
import { TransparencyError } from './transparency-error.ts';
import { verifyInclusion } from './verification.ts';

/** A tree of 2^63 leaves is as high. */
const MAX_HASHES = 63;

/**
 * Reads the file without checking what it says.
 * @throws TransparencyError `malformed-proof`
 */
export function parseTlogProof(file: string): TlogProof {
  const end = file.indexOf('\n\n');
  const lines = file.slice(0, end).split('\n');
  if (end < 0 || lines.shift() !== FIRST_LINE) throw malformed();
  const extra = lines[0]?.startsWith('extra ') === true ? bytesOf(lines.shift()!.slice('extra '.length)) : undefined;
  const [, index] = /^index (0|[1-9]\d{0,15})$/.exec(lines.shift() ?? '') ?? [];
  if (index === undefined || !Number.isSafeInteger(Number(index)) || lines.length > MAX_HASHES) throw malformed();
  const hashes = lines.map(bytesOf);
  if (hashes.some(({ length }) => length !== HASH_BYTES)) throw malformed();
  return { ...(extra && { extra }), index: Number(index), hashes, checkpoint: file.slice(end + 2) };
}

/**
 * Checks that a leaf is in the log whose checkpoint the proof holds.
 * @param data of the leaf
 * @param verifiers keys of the log, whose name is its origin
 * @returns the checkpoint that was signed
 * @throws TransparencyError that says what is wrong: a signature, the origin, or `not-included`
 */
export function verifyTlogProof(proof: TlogProof, data: Uint8Array, verifiers: readonly Verifier[]): Checkpoint {
  const { text, verified } = openNote(proof.checkpoint, verifiers);
  const checkpoint = parseCheckpoint(text);
  const isByLog = verifiers.some(
    ({ name, type }) => type === 'note' && name === checkpoint.origin && verified.some((one) => one.name === name),
  );
  if (!isByLog) throw new TransparencyError('other-origin', `no key of ${checkpoint.origin} signed this checkpoint`);
  if (!verifyInclusion(leafHash(data), proof.index, checkpoint.size, proof.hashes, checkpoint.root))
    throw new TransparencyError('not-included', `this is not leaf ${proof.index} of ${checkpoint.origin}`);
  return checkpoint;
}

function bytesOf(text: string): Buffer {
  const bytes = fromBase64(text);
  if (bytes === undefined) throw malformed();
  return bytes;
}

const malformed = (): TransparencyError => new TransparencyError('malformed-proof', 'this is no proof of a log');
