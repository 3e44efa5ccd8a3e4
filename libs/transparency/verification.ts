import { EMPTY_ROOT, HASH_BYTES, nodeHash } from './hashing.ts';

/** Half of it, without the bit that falls out. */
const half = (n: number): number => Math.floor(n / 2);
const isOdd = (n: number): boolean => n % 2 === 1;
const isPlace = (n: number): boolean => Number.isSafeInteger(n) && n >= 0;
const areHashes = (hashes: readonly Uint8Array[]): boolean => hashes.every(({ length }) => length === HASH_BYTES);
const same = (one: Uint8Array, other: Uint8Array): boolean => Buffer.compare(one, other) === 0;

/**
 * Whether a proof shows that a leaf is in the tree with this root (RFC 9162, section 2.1.3.2).
 * @param leaf its hash
 * @param index of the leaf, from 0
 * @param size leaves of the tree
 */
export function verifyInclusion(
  leaf: Uint8Array,
  index: number,
  size: number,
  proof: readonly Uint8Array[],
  root: Uint8Array,
): boolean {
  if (!isPlace(index) || !isPlace(size) || index >= size || !areHashes([leaf, root, ...proof])) return false;
  let [node, at, last] = [leaf, index, size - 1];
  for (const sibling of proof) {
    if (last === 0) return false;
    if (isOdd(at) || at === last) {
      node = nodeHash(sibling, node);
      while (!isOdd(at) && at > 0) [at, last] = [half(at), half(last)];
    } else node = nodeHash(node, sibling);
    [at, last] = [half(at), half(last)];
  }
  return last === 0 && same(node, root);
}

/** Leaves and root of a tree, as a checkpoint says them. */
export interface TreeHead {
  readonly size: number;
  readonly root: Uint8Array;
}

/**
 * Whether a proof shows that a tree began as a smaller one (RFC 9162, section 2.1.4.2). An empty tree begins every other, without
 * any proof.
 */
export function verifyConsistency(old: TreeHead, tree: TreeHead, proof: readonly Uint8Array[]): boolean {
  if (!isPlace(old.size) || !isPlace(tree.size) || old.size > tree.size) return false;
  if (!areHashes([old.root, tree.root, ...proof])) return false;
  if (old.size === tree.size) return proof.length === 0 && same(old.root, tree.root);
  if (old.size === 0) return proof.length === 0 && same(old.root, EMPTY_ROOT);
  return climbs(old, tree, proof);
}

function climbs(old: TreeHead, tree: TreeHead, proof: readonly Uint8Array[]): boolean {
  let [at, last] = [old.size - 1, tree.size - 1];
  while (isOdd(at)) [at, last] = [half(at), half(last)];
  // a smaller tree that is complete is the first hash itself
  const [first, ...rest] = at === 0 ? [old.root, ...proof] : proof;
  if (first === undefined) return false;
  let [before, after] = [first, first];
  for (const sibling of rest) {
    if (last === 0) return false;
    if (isOdd(at) || at === last) {
      [before, after] = [nodeHash(sibling, before), nodeHash(sibling, after)];
      while (!isOdd(at) && at > 0) [at, last] = [half(at), half(last)];
    } else after = nodeHash(after, sibling);
    [at, last] = [half(at), half(last)];
  }
  return last === 0 && same(before, old.root) && same(after, tree.root);
}
