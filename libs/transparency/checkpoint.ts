import { HASH_BYTES } from './hashing.ts';
import { TransparencyError } from './transparency-error.ts';
import type { TreeHead } from './verification.ts';

/** How many leaves a log has, and the root of its tree (C2SP tlog-checkpoint). */
export interface Checkpoint extends TreeHead {
  /** Names the log: a URL without its scheme. */
  readonly origin: string;
}

/** The text of a checkpoint, which is then signed: origin, size and root, a line each. */
export const formatCheckpoint = ({ origin, size, root }: Checkpoint): string => `${origin}\n${size}\n${base64(root)}\n`;

const SIZE = /^(0|[1-9]\d{0,15})$/;

/**
 * Reads the text of a checkpoint. Lines after the third are extensions, which are allowed and passed over.
 * @throws TransparencyError `malformed-checkpoint`
 */
export function parseCheckpoint(text: string): Checkpoint {
  const lines = text.split('\n');
  const [origin = '', size = '', root = ''] = lines;
  const bytes = fromBase64(root);
  const isWhole = lines.length >= 4 && lines.at(-1) === '' && !lines.slice(0, -1).includes('');
  if (!isWhole || !SIZE.test(size) || !Number.isSafeInteger(Number(size)) || bytes?.length !== HASH_BYTES)
    throw new TransparencyError('malformed-checkpoint', 'this is no checkpoint of a log');
  return { origin, size: Number(size), root: bytes };
}

/** Standard base64, as notes and checkpoints have it. */
export const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

/** Standard base64 with its padding; undefined for what is not, or not the one way to write it. */
export function fromBase64(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : undefined;
}
