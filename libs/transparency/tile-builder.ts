import { joined } from './compact-range.ts';
import { assertSize, subtreesOf } from './coordinates.ts';
import { HASH_BYTES } from './hashing.ts';
import { TILE_HEIGHT, TILE_WIDTH, type Tile, type TileReader, nodeIn, tileAt } from './tiles.ts';

/** A tile with its hashes in one piece. */
export interface BuiltTile {
  readonly tile: Tile;
  readonly hashes: Uint8Array;
}

/** The last tile of a level, which is not full: 0 to 255 hashes. */
interface Edge {
  readonly hashes: Uint8Array;
  width: number;
  /** Of the tile. */
  index: number;
  isNew: boolean;
}

/**
 * Builds the tiles of a tree as its leaves come. It holds the last tile of each level, 8 kB for each factor of 256, and what was
 * built since `take`.
 */
export class TileBuilder {
  private readonly edges: Edge[] = [];
  private full: BuiltTile[] = [];
  private count = 0;

  /**
   * Goes on with a tree.
   * @param size its leaves
   * @param read of its tiles; only the last of each level is read
   * @throws RangeError for a tile that is too short
   */
  static async of(size: number, read: TileReader): Promise<TileBuilder> {
    assertSize(size, 'size');
    const builder = new TileBuilder();
    builder.count = size;
    const places = [...edgesOf(size)];
    const partial = places.flatMap(({ tile }) => tile ?? []);
    const contents = await read(partial);
    for (const { tile, index } of places) {
      const content = tile === undefined ? new Uint8Array() : contents[partial.indexOf(tile)]!;
      builder.edges.push(edgeOf(index, content, tile?.width ?? 0));
    }
    return builder;
  }

  /** Leaves. */
  get size(): number {
    return this.count;
  }

  /**
   * Adds a leaf at the end.
   * @param leaf its hash
   */
  append(leaf: Uint8Array): void {
    this.count++;
    let node = leaf;
    for (let level = 0; ; level++) {
      const edge = (this.edges[level] ??= edgeOf(0, new Uint8Array(), 0));
      edge.hashes.set(node, edge.width * HASH_BYTES);
      edge.width++;
      edge.isNew = true;
      if (edge.width < TILE_WIDTH) return;
      node = this.finish(edge, level);
    }
  }

  /** The hash of the whole tree. */
  root(): Uint8Array {
    const ofEdge = ({ width, hashes }: Edge): Uint8Array[] => subtreesOf(0, width).map((node) => nodeIn(hashes, node));
    // a copy: the root of a tree of 1 or 256 leaves is a part of an edge, which the next leaves change
    return Buffer.from(joined(this.edges.toReversed().flatMap(ofEdge)));
  }

  /** What was built since the last time: the tiles that became full, and the last of each level that grew. */
  take(): BuiltTile[] {
    const grown = this.edges.flatMap((edge, level) => {
      const { width, index, isNew, hashes } = edge;
      edge.isNew = false;
      if (!isNew || width === 0) return [];
      return { tile: { level, index, width }, hashes: hashes.slice(0, width * HASH_BYTES) };
    });
    return [...this.full.splice(0), ...grown];
  }

  /** @returns the hash above the tile */
  private finish(edge: Edge, level: number): Uint8Array {
    const hashes = edge.hashes.slice();
    this.full.push({ tile: { level, index: edge.index, width: TILE_WIDTH }, hashes });
    Object.assign(edge, { width: 0, index: edge.index + 1, isNew: false });
    return nodeIn(hashes, { level: TILE_HEIGHT, index: 0 });
  }
}

/** The last tile of each level; undefined where it has no hashes yet. */
function* edgesOf(size: number): Generator<{ readonly tile: Tile | undefined; readonly index: number }> {
  for (let [level, hashes] = [0, size]; hashes > 0; level++, hashes = Math.floor(hashes / TILE_WIDTH)) {
    const index = Math.floor(hashes / TILE_WIDTH);
    yield { tile: tileAt(level, index, size), index };
  }
}

function edgeOf(index: number, content: Uint8Array, width: number): Edge {
  if (content.length < width * HASH_BYTES) throw new RangeError('a tile is too short');
  const hashes = new Uint8Array(TILE_WIDTH * HASH_BYTES);
  hashes.set(content.subarray(0, width * HASH_BYTES));
  return { hashes, width, index, isNew: false };
}
