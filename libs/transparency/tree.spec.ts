import { describe, expect, it } from '@jest/globals';

import {
  CompactRange,
  EMPTY_ROOT,
  consistencyProof,
  inclusionProof,
  leafHash,
  nodeHash,
  rootOf,
  verifyConsistency,
  verifyInclusion,
} from '#transparency';
import { PlainTree, leafData } from './testing/trees.ts';

const LARGEST = 70_000;
const tree = new PlainTree(LARGEST);
const SEAMS = [1, 2, 3, 7, 8, 9, 255, 256, 257, 1000, 4095, 65_535, 65_536, 65_537, LARGEST];
/** Numbers below a limit that are the same in every run. */
function* numbersBelow(limit: number, count: number): Generator<number> {
  for (let [at, seed] = [0, 1]; at < count; at++) {
    seed = (seed * 48_271) % 2_147_483_647;
    yield seed % limit;
  }
}
/** MTH of RFC 6962, section 2.1, as it is written there. */
function treeHash(leaves: readonly Buffer[]): Uint8Array {
  if (leaves.length < 2) return leaves.length === 0 ? EMPTY_ROOT : leafHash(leaves[0]!);
  let k = 1;
  while (k * 2 < leaves.length) k *= 2;
  return nodeHash(treeHash(leaves.slice(0, k)), treeHash(leaves.slice(k)));
}

function rangeOf(leaves: readonly Buffer[]): CompactRange {
  const range = new CompactRange();
  for (const leaf of leaves) range.append(leafHash(leaf));
  return range;
}

describe('a compact range', () => {
  it('has the roots that the first test trees of certificate transparency have', () => {
    const leaves = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'];
    const roots = leaves.map((_, at) => rangeOf(leaves.slice(0, at + 1).map((hex) => Buffer.from(hex, 'hex'))).root());

    expect(Buffer.from(EMPTY_ROOT).toString('hex')).toBe(
      'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    );
    expect(roots.map((root) => Buffer.from(root).toString('hex'))).toEqual([
      '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
      'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
      'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
      '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
      '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
      'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
      '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
    ]);
  });

  it('has the root that the standard defines', () => {
    for (let size = 0; size <= 70; size++) {
      const leaves = Array.from({ length: size }, (_, at) => leafData(at));

      expect(rangeOf(leaves).root()).toEqual(treeHash(leaves));
    }
  });

  it('goes on from what it kept', () => {
    const range = new CompactRange();
    for (let at = 0; at < 1000; at++) range.append(leafHash(leafData(at)));
    const later = CompactRange.of(range.size, range.subtreeRoots);
    for (let at = 1000; at < 1300; at++) later.append(leafHash(leafData(at)));

    expect(later.root()).toEqual(tree.rootAt(1300));
    expect(range.root()).toEqual(tree.rootAt(1000));
    expect(() => CompactRange.of(1000, range.subtreeRoots.slice(1))).toThrow(RangeError);
  });

  it.each(SEAMS)('of %i leaves has the root that its nodes make', async (size) => {
    expect(await rootOf(size, tree.read)).toEqual(tree.rootAt(size));
  });
});

describe('a proof of inclusion', () => {
  it.each(SEAMS)('in a tree of %i leaves is good for its leaf, and for nothing else', async (size) => {
    const root = tree.rootAt(size);
    for (const index of new Set([0, size - 1, ...numbersBelow(size, 10)])) {
      const proof = await inclusionProof(index, size, tree.read);
      const leaf = leafHash(leafData(index));
      const isIn = (at: number, of: number, path = proof): boolean => verifyInclusion(leaf, at, of, path, root);

      expect(isIn(index, size)).toBe(true);
      expect(isIn(index + 1, size)).toBe(false);
      expect(isIn(index, size, [...proof, leaf])).toBe(false);
      expect(verifyInclusion(leafHash(leafData(index + 1)), index, size, proof, root)).toBe(false);
      for (const at of proof.keys()) {
        expect(isIn(index, size, proof.toSpliced(at, 1))).toBe(false);
        expect(isIn(index, size, proof.with(at, leafHash(proof[at]!)))).toBe(false);
      }
    }
  });

  it('is not made for a leaf that the tree does not have, nor verified for one', async () => {
    await expect(inclusionProof(5, 5, tree.read)).rejects.toThrow(RangeError);
    await expect(inclusionProof(-1, 5, tree.read)).rejects.toThrow(RangeError);
    await expect(inclusionProof(0.5, 5, tree.read)).rejects.toThrow(RangeError);
    const [leaf] = [leafHash(leafData(0))];
    expect(verifyInclusion(leaf, 0, 0, [], EMPTY_ROOT)).toBe(false);
    expect(verifyInclusion(leaf, -1, 1, [], leaf)).toBe(false);
    expect(verifyInclusion(leaf, NaN, 1, [], leaf)).toBe(false);
    expect(verifyInclusion(leaf, 0, 2 ** 60, [], leaf)).toBe(false);
  });

  it('holds hashes of 32 bytes only', async () => {
    const proof = await inclusionProof(2, 8, tree.read);
    const short = proof.with(0, proof[0]!.subarray(1));

    expect(verifyInclusion(leafHash(leafData(2)), 2, 8, short, tree.rootAt(8))).toBe(false);
  });
});

describe('a proof of consistency', () => {
  it('shows of all small trees that the one goes on from the other', async () => {
    for (let size = 1; size <= 40; size++) {
      for (let old = 1; old <= size; old++) {
        const proof = await consistencyProof(old, size, tree.read);
        const [before, after] = [
          { size: old, root: tree.rootAt(old) },
          { size, root: tree.rootAt(size) },
        ];

        expect(verifyConsistency(before, after, proof)).toBe(true);
        expect(verifyConsistency({ ...before, root: leafHash(before.root) }, after, proof)).toBe(false);
        expect(verifyConsistency(before, { ...after, root: leafHash(after.root) }, proof)).toBe(false);
        expect(verifyConsistency(before, after, [...proof, after.root])).toBe(false);
        for (const at of proof.keys()) {
          expect(verifyConsistency(before, after, proof.toSpliced(at, 1))).toBe(false);
          expect(verifyConsistency(before, after, proof.with(at, leafHash(proof[at]!)))).toBe(false);
        }
      }
    }
  });

  it.each(SEAMS)('shows it of a tree of %i leaves', async (size) => {
    for (const below of numbersBelow(size, 10)) {
      const old = below + 1;
      const proof = await consistencyProof(old, size, tree.read);

      expect(verifyConsistency({ size: old, root: tree.rootAt(old) }, { size, root: tree.rootAt(size) }, proof)).toBe(
        true,
      );
    }
  });

  it('is not needed from an empty tree, and does not exist from a larger one', async () => {
    const [five, six] = [5, 6].map((size) => ({ size, root: tree.rootAt(size) })) as [never, never];

    expect(verifyConsistency({ size: 0, root: EMPTY_ROOT }, five, [])).toBe(true);
    expect(verifyConsistency({ size: 0, root: leafHash(EMPTY_ROOT) }, five, [])).toBe(false);
    expect(verifyConsistency(six, five, [])).toBe(false);
    await expect(consistencyProof(6, 5, tree.read)).rejects.toThrow(RangeError);
    await expect(consistencyProof(0, 5, tree.read)).rejects.toThrow(RangeError);
  });
});
