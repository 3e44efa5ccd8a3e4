import { assertSize, subtreesOf } from './coordinates.ts';
import { EMPTY_ROOT, nodeHash } from './hashing.ts';

/**
 * A Merkle tree of RFC 6962 that only grows, and of which only the roots of its complete subtrees are kept: at most one for
 * each bit of its size. A leaf costs one node on average.
 */
export class CompactRange {
  private count = 0;
  /** Of the complete subtrees, the largest first. */
  private readonly roots: Uint8Array[] = [];

  /**
   * Goes on with a tree.
   * @param size its leaves
   * @param roots what `subtreeRoots` of it was, hashes of 32 bytes
   * @throws RangeError when there are more or fewer roots than a tree of that size has
   */
  static of(size: number, roots: readonly Uint8Array[]): CompactRange {
    assertSize(size, 'size');
    if (roots.length !== subtreesOf(0, size).length) throw new RangeError('another tree has that many roots');
    const range = new CompactRange();
    range.count = size;
    range.roots.push(...roots);
    return range;
  }

  /** Leaves. */
  get size(): number {
    return this.count;
  }

  /** The hashes of the complete subtrees, the largest first. */
  get subtreeRoots(): readonly Uint8Array[] {
    return this.roots;
  }

  /**
   * Adds a leaf at the end.
   * @param leaf its hash
   */
  append(leaf: Uint8Array): void {
    let node = leaf;
    for (let rest = this.count; rest % 2 === 1; rest = Math.floor(rest / 2)) node = nodeHash(this.roots.pop()!, node);
    this.roots.push(node);
    this.count++;
  }

  /** The hash of the whole tree. */
  root(): Uint8Array {
    return joined(this.roots);
  }
}

/** The root of a tree that is made of complete subtrees, the largest first. */
export function joined(roots: readonly Uint8Array[]): Uint8Array {
  return roots.length === 0 ? EMPTY_ROOT : roots.reduceRight((right, left) => nodeHash(left, right));
}
