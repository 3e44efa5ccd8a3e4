import { describe, expect, it } from '@jest/globals';

import { type KnownLeaf, leafHash, nodeHash, sparseRoot, spansBeside, verifyInclusion, CompactRange } from './index.ts';

const hashAt = (index: number): Uint8Array => leafHash(Buffer.from(`leaf ${String(index)}`));

/** The root of the leaves from one up to, not including, another. */
function rootOf(from: number, to: number): Uint8Array {
  const range = new CompactRange();
  for (let index = from; index < to; index++) range.append(hashAt(index));
  return range.root();
}

const leavesAt = (indexes: readonly number[]): KnownLeaf[] => indexes.map((index) => ({ index, hash: hashAt(index) }));

const besideOf = (indexes: readonly number[], size: number): Uint8Array[] =>
  spansBeside(indexes, size).map(([from, to]) => rootOf(from, to));

describe('some leaves of a tree, and the hashes beside them', () => {
  it.each([
    [1, [0]],
    [2, [1]],
    [7, [0, 3, 6]],
    [8, []],
    [300, [0, 1, 2, 128, 255, 256, 299]],
    [1000, Array.from({ length: 1000 }, (_, index) => index)],
    [777, Array.from({ length: 70 }, (_, index) => index * 11)],
  ])('lead to the root of %i leaves, and prove each of these', (size, indexes) => {
    const root = rootOf(0, size);
    const beside = besideOf(indexes, size);

    expect(sparseRoot(size, leavesAt(indexes), beside, nodeHash)?.root).toEqual(root);
    for (const index of indexes.slice(0, 12)) {
      const { proof } = sparseRoot(size, leavesAt(indexes), beside, nodeHash, index)!;
      expect(verifyInclusion(hashAt(index), index, size, proof, root)).toBe(true);
    }
  });

  it('cover every leaf once', () => {
    const indexes = [3, 4, 90];
    const spans = spansBeside(indexes, 101);
    const covered = [...indexes.map((index) => [index, index + 1] as const), ...spans].toSorted(([a], [b]) => a - b);

    expect(covered[0]![0]).toBe(0);
    expect(covered.at(-1)![1]).toBe(101);
    for (const [at, [from]] of covered.entries()) if (at > 0) expect(from).toBe(covered[at - 1]![1]);
  });

  it.each([
    ['a leaf is another one', { leaves: [{ index: 3, hash: hashAt(4) }, ...leavesAt([40])] }],
    ['a leaf is at another place', { leaves: [{ index: 2, hash: hashAt(3) }, ...leavesAt([40])] }],
    ['the tree is larger', { size: 140 }],
    ['a hash is missing', { beside: besideOf([3, 40], 70).slice(1) }],
    ['there is one more', { beside: [...besideOf([3, 40], 70), hashAt(0)] }],
    ['they are not in order', { leaves: leavesAt([40, 3]) }],
    ['one is there twice', { leaves: leavesAt([3, 3, 40]) }],
    ['one is behind the end', { leaves: leavesAt([3, 70]) }],
  ])('do not lead to it when %s', (_what, change) => {
    const good = { size: 70, leaves: leavesAt([3, 40]), beside: besideOf([3, 40], 70) };
    const { size, leaves, beside } = { ...good, ...change };

    expect(sparseRoot(size, leaves, beside, nodeHash)?.root).not.toEqual(rootOf(0, 70));
  });
});
