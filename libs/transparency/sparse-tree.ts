/**
 * A tree of which some leaves are known, and of the rest only hashes: proves several leaves at once. Nothing here needs Node: pages
 * verify with this file as well.
 */
import { splitOf } from './coordinates.ts';

/** Leaves `from` up to, not including, `to`. */
export type Span = readonly [from: number, to: number];

/** A leaf of the tree by its hash. */
export interface KnownLeaf {
  /** From 0. */
  readonly index: number;
  readonly hash: Uint8Array;
}

/** The tree from its hashes, and what proves one of its leaves. */
export interface SparseRoot {
  readonly root: Uint8Array;
  /** From the leaf's sibling up. */
  readonly proof: readonly Uint8Array[];
}

/** Where the leaves from `first` up to `last` part at a place of the tree. */
function partingAt(middle: number, indexOf: (at: number) => number, first: number, last: number): number {
  let [low, high] = [first, last];
  while (low < high) {
    const at = (low + high) >> 1;
    if (indexOf(at) < middle) low = at + 1;
    else high = at;
  }
  return low;
}

/**
 * The largest parts of a tree that hold none of some leaves, from left to right.
 * @param indexes of the leaves, ascending
 * @param size leaves of the tree
 */
export function spansBeside(indexes: readonly number[], size: number): Span[] {
  const spans: Span[] = [];
  const descend = (from: number, to: number, first: number, last: number): void => {
    if (first === last) spans.push([from, to]);
    else if (to - from > 1) {
      const middle = from + splitOf(to - from);
      const parting = partingAt(middle, (at) => indexes[at]!, first, last);
      descend(from, middle, first, parting);
      descend(middle, to, parting, last);
    }
  };
  descend(0, size, 0, indexes.length);
  return spans;
}

/**
 * The root that leaves and the hashes beside them lead to.
 * @param leaves ascending by index
 * @param beside hashes of `spansBeside` these leaves
 * @param proven index of the leaf whose inclusion proof is wanted; any other: none
 * @returns undefined where leaves or hashes are not those of a tree of this size
 */
export function sparseRoot(
  size: number,
  leaves: readonly KnownLeaf[],
  beside: readonly Uint8Array[],
  nodeHash: (left: Uint8Array, right: Uint8Array) => Uint8Array,
  proven = -1,
): SparseRoot | undefined {
  const isAscending = leaves.every(({ index }, at) => index > (leaves[at - 1]?.index ?? -1) && index < size);
  if (size < 1 || !isAscending) return undefined;
  const proof: Uint8Array[] = [];
  let used = 0;
  const climb = (from: number, to: number, first: number, last: number): Uint8Array => {
    if (first === last) return beside[used++] ?? new Uint8Array();
    if (to - from === 1) return leaves[first]!.hash;
    const middle = from + splitOf(to - from);
    const parting = partingAt(middle, (at) => leaves[at]!.index, first, last);
    const left = climb(from, middle, first, parting);
    const right = climb(middle, to, parting, last);
    if (proven >= from && proven < to) proof.push(proven < middle ? right : left);
    return nodeHash(left, right);
  };
  const root = climb(0, size, 0, leaves.length);
  return used === beside.length ? { root, proof } : undefined;
}
