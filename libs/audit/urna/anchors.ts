import { TransparencyError, checkpointOf, leafHash, parseTlogProof, verifyInclusion } from '#transparency';

import { type Paper, paperIn } from './papers.ts';

/** Something that was kept outside of the service and that commits to a log. */
export interface Anchor {
  /** Of the file. */
  readonly name: string;
  /** Signed checkpoints, as they were published. */
  readonly notes: readonly string[];
  /** Where it is a zerésima or a boletim: what it says around them. */
  readonly paper?: Paper | undefined;
}

/** A file that anchors nothing, or a paper that is not whole. */
class InvalidAnchorError extends Error {
  override readonly name = 'InvalidAnchorError';
  readonly code = 'invalid-anchor';
}

const PROOF = 'c2sp.org/tlog-proof@';

/**
 * Reads an anchor: a signed checkpoint, with the cosignatures of witnesses or without; a `.tlog-proof`; a boletim or a zerésima, or any other JSON
 * that holds signed checkpoints. Signatures are not checked here: whose keys they have to be stands in the log.
 * @param name of the file
 * @throws InvalidAnchorError
 */
export function anchorOf(name: string, text: string): Anchor {
  if (text.startsWith(PROOF)) return { name, notes: [provenNote(name, text)] };
  if (isCheckpoint(text)) return { name, notes: [text] };
  const json = jsonIn(text);
  const notes = [...textsIn(json)].filter(isCheckpoint);
  const paper = paperOf(name, json);
  // that of the empty box has no checkpoint before it is signed
  if (notes.length === 0 && paper?.kind !== 'zeresima')
    throw new InvalidAnchorError(
      `${name} is no anchor: a signed checkpoint, a boletim or a zerésima (JSON) or a .tlog-proof`,
    );
  return { name, notes, paper };
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return undefined;
  }
}

function paperOf(name: string, json: unknown): Paper | undefined {
  try {
    const paper = paperIn(json);
    if (paper?.kind === 'boletim') for (const log of [paper.says.urna, paper.says.atos]) checkpointOf(log.checkpoint);
    return paper;
  } catch (error) {
    if (!(error instanceof TypeError || error instanceof TransparencyError)) throw error;
    throw new InvalidAnchorError(`${name}: ${error.message}`);
  }
}

/** A proof's checkpoint, to which its leaf has to lead: that is what somebody relied on who kept it. */
function provenNote(name: string, text: string): string {
  try {
    const { extra, index, hashes, checkpoint } = parseTlogProof(text);
    const { size, root } = checkpointOf(checkpoint);
    if (extra === undefined || verifyInclusion(leafHash(extra), index, size, hashes, root)) return checkpoint;
  } catch (error) {
    if (!(error instanceof TransparencyError)) throw error;
    throw new InvalidAnchorError(`${name}: ${error.message}`);
  }
  throw new InvalidAnchorError(`${name}: its leaf is not in the tree that its checkpoint says`);
}

function isCheckpoint(text: string): boolean {
  try {
    checkpointOf(text);
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
