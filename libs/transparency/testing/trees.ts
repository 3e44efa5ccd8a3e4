import {
  CompactRange,
  type NodeReader,
  type TileReader,
  TileBuilder,
  leafHash,
  nodeHash,
  tilePath,
} from '#transparency';

/** The leaf that every tree of the specs has at a place. */
export const leafData = (index: number): Buffer => Buffer.from(`leaf ${index}`);

/** Every node of a tree whose subtree is complete, kept level by level: what the trees of the library are compared with. */
export class PlainTree {
  readonly levels: Buffer[][] = [[]];

  /** @param size leaves */
  constructor(size: number) {
    for (let index = 0; index < size; index++) this.levels[0]!.push(leafHash(leafData(index)));
    for (let level = 0; this.levels[level]!.length > 1; level++) {
      const below = this.levels[level]!;
      const nodes = Array.from(
        { length: Math.floor(below.length / 2) },
        (_, at) => [below[2 * at]!, below[2 * at + 1]!] as const,
      );
      this.levels.push(nodes.map(([left, right]) => nodeHash(left, right)));
    }
  }

  readonly read: NodeReader = async (nodes) => nodes.map(({ level, index }) => this.levels[level]![index]!);

  /** The root of its first leaves. */
  rootAt(size: number): Uint8Array {
    const range = new CompactRange();
    for (const leaf of this.levels[0]!.slice(0, size)) range.append(leaf);
    return range.root();
  }
}

/** Tiles by their paths, as a log serves them. */
export class TileFiles {
  readonly files = new Map<string, Uint8Array>();

  /** Adds leaves up to a size, and keeps what was built. */
  grow(builder: TileBuilder, size: number): void {
    while (builder.size < size) builder.append(leafHash(leafData(builder.size)));
    for (const { tile, hashes } of builder.take()) this.files.set(tilePath(tile), hashes);
  }

  readonly read: TileReader = async (tiles) =>
    tiles.map((tile) => {
      const file = this.files.get(tilePath(tile));
      if (file === undefined) throw new Error(`no tile ${tilePath(tile)}`);
      return file;
    });
}
