import { joined } from './compact-range.ts';
import { type Coordinates, type NodeReader, assertSize, splitOf, subtreesOf } from './coordinates.ts';
import type { Span } from './sparse-tree.ts';

/**
 * Proves that a leaf is in a tree (RFC 9162, section 2.1.3.1).
 * @param index of the leaf, from 0
 * @param size leaves of the tree
 * @returns hashes of 32 bytes, from the leaf's sibling up
 * @throws RangeError for a leaf that the tree does not have
 */
export async function inclusionProof(index: number, size: number, read: NodeReader): Promise<Uint8Array[]> {
  assertSize(index, 'index');
  assertSize(size, 'size');
  if (index >= size) throw new RangeError(`a tree of ${size} has no leaf ${index}`);
  return await hashesOf(siblingsOf(index, size), read);
}

/**
 * Proves that a tree began as a smaller one (RFC 9162, section 2.1.4.1).
 * @param oldSize leaves of the smaller one, at least 1
 * @param size leaves of the tree
 * @returns hashes of 32 bytes, none for equal sizes
 * @throws RangeError for a smaller tree that is larger, or empty: of that nothing is to be proven
 */
export async function consistencyProof(oldSize: number, size: number, read: NodeReader): Promise<Uint8Array[]> {
  assertSize(oldSize, 'oldSize');
  assertSize(size, 'size');
  if (oldSize < 1 || oldSize > size) throw new RangeError(`a tree of ${size} does not go on from one of ${oldSize}`);
  return await hashesOf(partsOfConsistency(oldSize, size), read);
}

/** The root of a tree, from its nodes. */
export async function rootOf(size: number, read: NodeReader): Promise<Uint8Array> {
  assertSize(size, 'size');
  return joined(await read(subtreesOf(0, size)));
}

/** On the way down to a leaf, what lies on the other side each time; the lowest first. */
function siblingsOf(index: number, size: number): Span[] {
  const parts: Span[] = [];
  for (let [from, to] = [0, size]; to - from > 1;) {
    const middle = from + splitOf(to - from);
    parts.push(index < middle ? [middle, to] : [from, middle]);
    [from, to] = index < middle ? [from, middle] : [middle, to];
  }
  return parts.reverse();
}

/** SUBPROOF of RFC 9162, section 2.1.4.1. The old root itself is left out where it is a complete subtree that begins the tree. */
function partsOfConsistency(oldSize: number, size: number): Span[] {
  const parts: Span[] = [];
  let [from, to] = [0, size];
  while (oldSize < to) {
    const middle = from + splitOf(to - from);
    parts.push(oldSize <= middle ? [middle, to] : [from, middle]);
    [from, to] = oldSize <= middle ? [from, middle] : [middle, to];
  }
  if (from > 0) parts.push([from, to]);
  return parts.reverse();
}

/** The hashes of parts of a tree, each of which one node could cover, in order. */
export async function hashesOf(parts: readonly Span[], read: NodeReader): Promise<Uint8Array[]> {
  const nodes = parts.map(([from, to]) => subtreesOf(from, to));
  const hashes = await read(nodes.flat());
  let at = 0;
  return nodes.map((ofPart: readonly Coordinates[]) => joined(hashes.slice(at, (at += ofPart.length))));
}
