import { TransparencyError, fromBase64, utf8 } from '#transparency';

/** What a log sends to a witness (C2SP tlog-witness). */
export interface AddCheckpoint {
  /** Leaves of the tree that the log believes the witness has seen; 0 for none. */
  readonly oldSize: number;
  /** Proves that the new tree goes on from that one: hashes of 32 bytes. */
  readonly proof: readonly Uint8Array[];
  /** The new checkpoint, signed by the log. */
  readonly checkpoint: string;
}

/** Hashes of a proof, at most: a tree of 2^63 leaves is as high. */
const MAX_HASHES = 63;
/** Where the refusal of a size that is not the last one says that one, and how it is marked. */
export const SIZE_TYPE = 'text/x.tlog.size';

const SIZE = /^(0|[1-9]\d{0,15})\n?$/;

/** Reads a number of leaves as it stands in a request or in a refusal; undefined for what is none. */
export function sizeIn(text: string): number | undefined {
  const size = SIZE.test(text) ? Number(text) : NaN;
  return Number.isSafeInteger(size) ? size : undefined;
}

/** Writes the body of the request. */
export function formatAddCheckpoint({ oldSize, proof, checkpoint }: AddCheckpoint): string {
  const hashes = proof.map((hash) => `${Buffer.from(hash).toString('base64')}\n`);
  return `old ${oldSize}\n${hashes.join('')}\n${checkpoint}`;
}

/**
 * Reads the body of the request without checking what it says.
 * @throws TransparencyError `malformed-proof`
 */
export function parseAddCheckpoint(body: Uint8Array): AddCheckpoint {
  const text = utf8(body);
  if (text === undefined) throw malformed();
  const end = text.indexOf('\n\n');
  const [first = '', ...lines] = text.slice(0, Math.max(0, end)).split('\n');
  const oldSize = first.startsWith('old ') ? sizeIn(first.slice('old '.length)) : undefined;
  if (oldSize === undefined || lines.length > MAX_HASHES) throw malformed();
  return { oldSize, proof: lines.map(hashOf), checkpoint: text.slice(end + 2) };
}

function hashOf(line: string): Buffer {
  const hash = fromBase64(line);
  if (hash === undefined || hash.length === 0) throw malformed();
  return hash;
}

const malformed = (): TransparencyError =>
  new TransparencyError('malformed-proof', 'this is no checkpoint with a proof for a witness');
