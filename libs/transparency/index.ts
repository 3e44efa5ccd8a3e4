export { type Checkpoint, formatCheckpoint, parseCheckpoint } from './checkpoint.ts';
export { CompactRange } from './compact-range.ts';
export type { Coordinates, NodeReader } from './coordinates.ts';
export { MAX_ENTRY_BYTES, formatEntries, parseEntries } from './entries.ts';
export { EMPTY_ROOT, HASH_BYTES, leafHash, nodeHash } from './hashing.ts';
export { type Signer, type Verifier, cosignatureTime, cosigner, noteSigner, verifierKey, verifierOf } from './keys.ts';
export { type NoteSignature, type OpenNote, openNote, parseNote, signNote, signatureLine } from './note.ts';
export { consistencyProof, inclusionProof, rootOf } from './proofs.ts';
export { type BuiltTile, TileBuilder } from './tile-builder.ts';
export {
  TILE_HEIGHT,
  TILE_WIDTH,
  type Bundle,
  type Tile,
  type TileReader,
  bundlePath,
  nodesFromTiles,
  parseTilePath,
  tileAt,
  tilePath,
  tilesOf,
} from './tiles.ts';
export { type TlogProof, formatTlogProof, parseTlogProof, verifyTlogProof } from './tlog-proof.ts';
export { TransparencyError, type TransparencyErrorCode } from './transparency-error.ts';
export { type TreeHead, verifyConsistency, verifyInclusion } from './verification.ts';
