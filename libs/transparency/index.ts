export { type Checkpoint, base64, formatCheckpoint, fromBase64, parseCheckpoint } from './checkpoint.ts';
export { CompactRange } from './compact-range.ts';
export type { NodeReader } from './coordinates.ts';
export { formatEntries, parseEntries } from './entries.ts';
export { EMPTY_ROOT, HASH_BYTES, leafHash, nodeHash, sha256 } from './hashing.ts';
export {
  type Signer,
  type Verifier,
  cosignatureTime,
  cosigner,
  isKeyName,
  isSameKey,
  noteSigner,
  publicKeyOf,
  verifierKey,
  verifierOf,
} from './keys.ts';
export {
  type NoteSignature,
  checkpointOf,
  isBy,
  openNote,
  parseNote,
  signNote,
  signatureBy,
  signatureLine,
  signedOnlyBy,
  withoutWrong,
} from './note.ts';
export { consistencyProof, hashesOf, inclusionProof, rootOf } from './proofs.ts';
export { type BuiltTile, TileBuilder } from './tile-builder.ts';
export {
  type Bundle,
  TILE_WIDTH,
  type Tile,
  type TileReader,
  bundlePath,
  nodesFromTiles,
  parseTilePath,
  tileAt,
  tilePath,
  tilesOf,
} from './tiles.ts';
export { type KnownLeaf, sparseRoot, spansBeside } from './sparse-tree.ts';
export { formatTlogProof } from './tlog-proof-text.ts';
export { parseTlogProof, verifyTlogProof } from './tlog-proof.ts';
export { TransparencyError, type TransparencyErrorCode } from './transparency-error.ts';
export { type TreeHead, verifyConsistency, verifyInclusion } from './verification.ts';
export { utf8 } from './utf8.ts';
