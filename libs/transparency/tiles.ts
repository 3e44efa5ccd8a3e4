import type { Coordinates, NodeReader } from './coordinates.ts';
import { HASH_BYTES, pairHash } from './hashing.ts';

/** Levels of a tree that a tile spans, and hashes of a full one (C2SP tlog-tiles). */
export const TILE_HEIGHT = 8;
export const TILE_WIDTH = 256;

/** One tile: the hashes `index` × 256 and on of the tree's level 8 × `level`, `width` of them, 1 to 256. */
export interface Tile {
  readonly level: number;
  readonly index: number;
  readonly width: number;
}

/** Which entries lie together in one file: those of the tile of level 0 with the same index and width. */
export type Bundle = Omit<Tile, 'level'>;

/** Where a tile is served, C2SP tlog-tiles: `tile/<level>/<index>[.p/<width>]`. */
export const tilePath = ({ level, ...rest }: Tile): string => `tile/${level}/${placeOf(rest)}`;

/** Where the entries of some leaves are served: `tile/entries/<index>[.p/<width>]`. */
export const bundlePath = (bundle: Bundle): string => `tile/entries/${placeOf(bundle)}`;

/** Groups of three digits, `x` in front of all but the last. */
function placeOf({ index, width }: Bundle): string {
  const digits = String(index);
  const padded = digits.padStart(Math.ceil(digits.length / 3) * 3, '0');
  const groups = padded.match(/\d{3}/g)!;
  const path = groups.map((group, at) => (at < groups.length - 1 ? `x${group}` : group)).join('/');
  return width === TILE_WIDTH ? path : `${path}.p/${width}`;
}

const TILE_PATH = /^tile\/(entries|\d{1,2})\/((?:x\d{3}\/){0,5}\d{3})(?:\.p\/([1-9]\d{0,2}))?$/;

/** The tile, or bundle of entries, with this path; undefined for what is no such path, or not the one way to write it. */
export function parseTilePath(path: string): Tile | (Bundle & { readonly level: 'entries' }) | undefined {
  const [, kind, place, partial] = TILE_PATH.exec(path) ?? [];
  if (kind === undefined || place === undefined) return undefined;
  const index = Number(place.replaceAll(/[x/]/g, ''));
  const width = partial === undefined ? TILE_WIDTH : Number(partial);
  if (width > TILE_WIDTH || !Number.isSafeInteger(index)) return undefined;
  const tile = { level: kind === 'entries' ? ('entries' as const) : Number(kind), index, width };
  const again = tile.level === 'entries' ? bundlePath(tile) : tilePath({ ...tile, level: tile.level });
  return again === path ? tile : undefined;
}

/** Hashes that a tree has on a level of tiles. */
const hashesOn = (level: number, size: number): number => Math.floor(size / TILE_WIDTH ** level);

/**
 * The tile at a place, as large as a tree makes it.
 * @param size leaves of the tree
 * @returns undefined where the tree has none
 */
export function tileAt(level: number, index: number, size: number): Tile | undefined {
  const width = Math.min(hashesOn(level, size) - index * TILE_WIDTH, TILE_WIDTH);
  return width > 0 ? { level, index, width } : undefined;
}

/**
 * The tiles that a tree has and a smaller one has not, or not as wide, by level and index.
 * @param oldSize leaves of the smaller one
 * @param size leaves of the tree
 */
function* newTiles(oldSize: number, size: number): Generator<Tile> {
  for (let level = 0; hashesOn(level, size) > 0; level++) {
    const [from, to] = [hashesOn(level, oldSize), hashesOn(level, size)];
    for (let index = Math.floor(from / TILE_WIDTH); index * TILE_WIDTH < to && to > from; index++)
      yield tileAt(level, index, size)!;
  }
}

/** The full tiles and the partial ones of a tree, with the bundles of its entries: all that is served beside a checkpoint of it. */
export const tilesOf = (size: number): Generator<Tile> => newTiles(0, size);

/**
 * Reads the tiles asked for, in order, each as its hashes in one piece: 32 bytes times the width. A wider tile at the same
 * place will do.
 */
export type TileReader = (tiles: readonly Tile[]) => Promise<readonly Uint8Array[]>;

/**
 * The nodes of a tree, computed from its tiles.
 * @param size leaves of the tree
 */
export function nodesFromTiles(size: number, read: TileReader): NodeReader {
  return async (nodes) => {
    const tiles = new Map<string, Tile>();
    const wanted = nodes.map((node) => tileOf(node, size));
    for (const tile of wanted) tiles.set(tilePath(tile), tile);
    const contents = await read([...tiles.values()]);
    const byPath = new Map([...tiles.keys()].map((path, at) => [path, contents[at]!]));
    return nodes.map((node, at) => nodeIn(byPath.get(tilePath(wanted[at]!))!, within(node)));
  };
}

/** A node of the tree as one of its tile. */
function within({ level, index }: Coordinates): Coordinates {
  const height = level % TILE_HEIGHT;
  return { level: height, index: index % 2 ** (TILE_HEIGHT - height) };
}

/** The tile below whose top a node lies. */
function tileOf({ level, index }: Coordinates, size: number): Tile {
  const height = level % TILE_HEIGHT;
  const tile = tileAt((level - height) / TILE_HEIGHT, Math.floor((index * 2 ** height) / TILE_WIDTH), size);
  if (tile === undefined) throw new RangeError(`a tree of ${size} has no node ${index} on level ${level}`);
  return tile;
}

/**
 * A node within the levels of one tile.
 * @param hashes of the tile, in one piece
 * @param node `level` 0 are the hashes of the tile; `level` 8 is the one above it
 * @throws RangeError when the tile is too short
 */
export function nodeIn(hashes: Uint8Array, { level, index }: Coordinates): Uint8Array {
  const [from, to] = [index * 2 ** level * HASH_BYTES, (index + 1) * 2 ** level * HASH_BYTES];
  if (hashes.length < to) throw new RangeError('a tile is too short');
  return topOf(hashes.subarray(from, to));
}

/** The node above hashes in one piece, a power of two of them. */
function topOf(hashes: Uint8Array): Uint8Array {
  let level = hashes;
  while (level.length > HASH_BYTES) {
    const above = new Uint8Array(level.length / 2);
    for (let at = 0; at < above.length; at += HASH_BYTES)
      above.set(pairHash(level.subarray(2 * at, 2 * (at + HASH_BYTES))), at);
    level = above;
  }
  return level;
}
