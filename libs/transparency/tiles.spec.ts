import { describe, expect, it } from '@jest/globals';

import {
  type BuiltTile,
  TileBuilder,
  bundlePath,
  consistencyProof,
  formatEntries,
  inclusionProof,
  leafHash,
  nodesFromTiles,
  parseEntries,
  parseTilePath,
  rootOf,
  tileAt,
  tilePath,
  tilesOf,
} from '#transparency';
import { PlainTree, TileFiles, leafData } from './testing/trees.ts';

const tree = new PlainTree(70_000);
const SIZES = [0, 1, 2, 255, 256, 257, 511, 512, 1000, 65_535, 65_536, 65_537, 70_000];

/** jest takes tenths of a second to compare the hashes of a tile. */
const isSameIn = (path: string, ...[one, other]: readonly [TileFiles, TileFiles]): boolean =>
  Buffer.compare(one.files.get(path) ?? Buffer.alloc(0), other.files.get(path)!) === 0;

describe('tiles', () => {
  it.each(SIZES)('of a tree of %i leaves, built in steps, are the same as built at once', (size) => {
    const [inSteps, atOnce] = [new TileFiles(), new TileFiles()];
    const builder = new TileBuilder();
    for (let at = 0; at < size; at += 777) inSteps.grow(builder, at);
    inSteps.grow(builder, size);
    atOnce.grow(new TileBuilder(), size);

    expect(builder.root()).toEqual(tree.rootAt(size));
    const paths = [...tilesOf(size)].map(tilePath);
    expect(paths.filter((path) => !isSameIn(path, inSteps, atOnce))).toEqual([]);
    expect([...atOnce.files.keys()].toSorted()).toEqual(paths.toSorted());
  });

  it.each(SIZES)('of a tree of %i leaves are enough to go on with it', async (size) => {
    const files = new TileFiles();
    files.grow(new TileBuilder(), size);
    const resumed = await TileBuilder.of(size, files.read);

    expect(resumed.root()).toEqual(tree.rootAt(size));
    expect(resumed.take()).toEqual([]);
    files.grow(resumed, size + 300);
    const whole = new TileFiles();
    whole.grow(new TileBuilder(), size + 300);
    expect([...whole.files.keys()].filter((path) => !isSameIn(path, files, whole))).toEqual([]);
  });

  it.each(SIZES.slice(1))('of a tree of %i leaves give its nodes for proofs', async (size) => {
    const files = new TileFiles();
    files.grow(new TileBuilder(), size);
    const read = nodesFromTiles(size, files.read);

    expect(await rootOf(size, read)).toEqual(tree.rootAt(size));
    for (const index of [0, Math.floor(size / 3), size - 1]) {
      expect(await inclusionProof(index, size, read)).toEqual(await inclusionProof(index, size, tree.read));
      expect(await consistencyProof(index + 1, size, read)).toEqual(await consistencyProof(index + 1, size, tree.read));
    }
  });

  it('that were handed out do not change when the tree grows', () => {
    const builder = new TileBuilder();
    builder.append(leafHash(leafData(0)));
    const [{ hashes } = {} as BuiltTile] = builder.take();
    const before = Buffer.from(hashes);
    builder.append(leafHash(leafData(1)));

    expect(Buffer.from(hashes)).toEqual(before);
  });

  it('give a root that does not change when the tree grows', () => {
    const [files, builder] = [new TileFiles(), new TileBuilder()];
    files.grow(builder, 1);
    const root = builder.root();
    files.grow(builder, 300);

    expect(root).toEqual(tree.rootAt(1));
  });

  it('that are too short are refused', async () => {
    const files = new TileFiles();
    files.grow(new TileBuilder(), 300);
    const cut: typeof files.read = async (tiles) => (await files.read(tiles)).map((hashes) => hashes.subarray(1));

    await expect(TileBuilder.of(300, cut)).rejects.toThrow(RangeError);
    await expect(rootOf(300, nodesFromTiles(300, cut))).rejects.toThrow(RangeError);
  });

  it('that a tree does not have are nowhere', () => {
    expect(tileAt(0, 1, 256)).toBeUndefined();
    expect(tileAt(1, 0, 255)).toBeUndefined();
    expect(tileAt(0, 0, 0)).toBeUndefined();
    expect(tileAt(1, 0, 70_000)).toEqual({ level: 1, index: 0, width: 256 });
    expect(tileAt(1, 1, 70_000)).toEqual({ level: 1, index: 1, width: 17 });
  });
});

describe('the path of a tile', () => {
  it('is in groups of three digits', () => {
    expect(tilePath({ level: 0, index: 1_234_067, width: 256 })).toBe('tile/0/x001/x234/067');
    expect(tilePath({ level: 2, index: 0, width: 17 })).toBe('tile/2/000.p/17');
    expect(bundlePath({ index: 1000, width: 256 })).toBe('tile/entries/x001/000');
  });

  it.each(['tile/0/x001/x234/067', 'tile/2/000.p/17', 'tile/entries/999', 'tile/entries/x001/000.p/255'])(
    'is read: %s',
    (path) => {
      const tile = parseTilePath(path)!;
      const { level } = tile;

      expect(level === 'entries' ? bundlePath(tile) : tilePath({ ...tile, level })).toBe(path);
    },
  );

  it.each([
    ...['tile/0/0', 'tile/0/x000/001', 'tile/00/000', 'tile/0/1000', 'tile/0/000.p/0', 'tile/0/000.p/256'],
    ...[
      'tile/0/000.p/01',
      'tile/data/000',
      '/tile/0/000',
      'tile/0/000/',
      'tile/0/../000',
      'tile/0/x999/x999/x999/x999/x999/x999/999',
    ],
  ])('is nothing else: %s', (path) => expect(parseTilePath(path)).toBeUndefined());
});

describe('a bundle of entries', () => {
  it('gives back what went in', () => {
    const entries = [Buffer.from('one'), Buffer.alloc(0), Buffer.alloc(65_535, 7)];

    expect(parseEntries(formatEntries(entries))).toEqual(entries);
    expect(parseEntries(Buffer.alloc(0))).toEqual([]);
  });

  it('takes no entry whose length does not fit, and does not end in the middle of one', () => {
    expect(() => formatEntries([Buffer.alloc(65_536)])).toThrow(RangeError);
    const bundle = formatEntries([Buffer.from('one')]);
    for (const length of [1, 2, 4]) {
      expect(() => parseEntries(bundle.subarray(0, length))).toThrow(
        expect.objectContaining({ code: 'malformed-proof' }),
      );
    }
  });
});
