import {
  type Checkpoint,
  TransparencyError,
  leafHash,
  parseCheckpoint,
  parseNote,
  parseTlogProof,
  verifyInclusion,
} from '#transparency';

/** Something that was kept outside of the service and that commits to a log. */
export interface Anchor {
  /** Of the file. */
  readonly name: string;
  /** Signed checkpoints, as they were published. */
  readonly notes: readonly string[];
}

/** A file that anchors nothing. */
class InvalidAnchorError extends Error {
  override readonly name = 'InvalidAnchorError';
  readonly code = 'invalid-anchor';
}

const PROOF = 'c2sp.org/tlog-proof@';

/**
 * Reads an anchor: a signed checkpoint, with the cosignatures of witnesses or without; a `.tlog-proof`; a boletim, or any other JSON
 * that holds signed checkpoints. Signatures are not checked here: whose keys they have to be stands in the log.
 * @param name of the file
 * @throws InvalidAnchorError
 */
export function anchorOf(name: string, text: string): Anchor {
  const notes = notesIn(name, text);
  if (notes.length === 0)
    throw new InvalidAnchorError(`${name} is no anchor: a signed checkpoint, a boletim (JSON) or a .tlog-proof`);
  return { name, notes };
}

function notesIn(name: string, text: string): string[] {
  if (text.startsWith(PROOF)) return [provenNote(name, text)];
  if (isCheckpoint(text)) return [text];
  try {
    return [...textsIn(JSON.parse(text))].filter(isCheckpoint);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return [];
  }
}

/** A proof's checkpoint, to which its leaf has to lead: that is what somebody relied on who kept it. */
function provenNote(name: string, text: string): string {
  try {
    const { extra, index, hashes, checkpoint } = parseTlogProof(text);
    const { size, root } = checkpointIn(checkpoint);
    if (extra === undefined || verifyInclusion(leafHash(extra), index, size, hashes, root)) return checkpoint;
  } catch (error) {
    if (!(error instanceof TransparencyError)) throw error;
    throw new InvalidAnchorError(`${name}: ${error.message}`);
  }
  throw new InvalidAnchorError(`${name}: its leaf is not in the tree that its checkpoint says`);
}

/** What a signed checkpoint says. @throws TransparencyError */
export const checkpointIn = (note: string): Checkpoint => parseCheckpoint(parseNote(note).text);

function isCheckpoint(text: string): boolean {
  try {
    checkpointIn(text);
    return true;
  } catch (error) {
    if (!(error instanceof TransparencyError)) throw error;
    return false;
  }
}

function* textsIn(value: unknown): Iterable<string> {
  if (typeof value === 'string') yield value;
  else if (typeof value === 'object' && value !== null) for (const one of Object.values(value)) yield* textsIn(one);
}
