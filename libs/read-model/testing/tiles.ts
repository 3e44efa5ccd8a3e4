import { expect, it } from '@jest/globals';

import { type BuiltTile, TileBuilder, leafHash } from '#transparency';

import type { ReadModelFixture } from './fixture.ts';

const leaf = (at: number): Buffer => leafHash(Buffer.from(String(at)));
const sorted = (tiles: readonly BuiltTile[]): BuiltTile[] =>
  tiles.map(({ tile, hashes }) => ({ tile, hashes: new Uint8Array(hashes) }));

function built(size: number, from = new TileBuilder()): { builder: TileBuilder; tiles: BuiltTile[] } {
  while (from.size < size) from.append(leaf(from.size));
  return { builder: from, tiles: sorted(from.take()) };
}

/** The tiles of logs, and what was published of them. */
export function describeTiles(fixture: () => ReadModelFixture): void {
  const [one, other] = [0, 1].map((at) => () => fixture().models[at]!.tiles) as [
    () => ReadModelFixture['models'][0]['tiles'],
    () => ReadModelFixture['models'][0]['tiles'],
  ];
  const read = async (log: string, tiles: readonly BuiltTile[]): Promise<BuiltTile[]> => {
    const contents = await other().read(
      log,
      tiles.map(({ tile }) => tile),
    );
    return tiles.map(({ tile }, at) => ({ tile, hashes: new Uint8Array(contents[at]!) }));
  };

  it('come back byte for byte, each log its own', async () => {
    const { tiles } = built(1000);
    const { tiles: others } = built(3);
    await one().save('7/1', tiles);
    await one().save('7/atos', others);

    expect(await read('7/1', tiles)).toEqual(tiles);
    expect(await read('7/atos', others)).toEqual(others);
    expect(await read('17/1', others)).toEqual(others.map(({ tile }) => ({ tile, hashes: new Uint8Array() })));
  });

  it('are replaced by wider ones, and by no others', async () => {
    const { tiles: narrow, builder } = built(3);
    const { tiles: wide } = built(5, builder);
    await Promise.all([one().save('7/1', wide), other().save('7/1', narrow)]);
    await one().save('7/1', narrow);

    expect(await read('7/1', wide)).toEqual(wide);
  });

  it('let somebody go on with the tree', async () => {
    const { tiles, builder } = built(70_000);
    await one().save('7/1', tiles);
    // two sealers that start together have the same to store
    await other().save('7/1', tiles);
    const again = await TileBuilder.of(70_000, (wanted) => other().read('7/1', wanted));

    expect(again.root()).toEqual(builder.root());
  });

  it('have a published checkpoint, that of the largest log', async () => {
    expect(await one().published('7/1')).toBeUndefined();
    await one().publish('7/1', 'second', 2);
    await other().publish('7/1', 'first', 1);
    await other().publish('7/atos', 'acts', 9);

    expect(await other().published('7/1')).toBe('second');
    await one().publish('7/1', 'second again', 2);
    expect(await other().published('7/1')).toBe('second');
  });

  it('have a published checkpoint that gets more signatures, none of which is lost', async () => {
    await one().publish('7/1', 'note', 2);
    await one().publish('7/atos', 'note', 2);
    const met = await Promise.all([one().amend('7/1', 'note', 'note, a'), other().amend('7/1', 'note', 'note, b')]);
    const first = await other().published('7/1');

    expect(met.toSorted()).toEqual([false, true]);
    expect(first).toBe(met[0] ? 'note, a' : 'note, b');
    expect(await one().amend('7/1', first!, 'note, a, b')).toBe(true);
    await other().publish('7/1', 'note', 2);
    expect([await other().published('7/1'), await one().published('7/atos')]).toEqual(['note, a, b', 'note']);
    expect(await one().amend('8/1', 'note', 'other')).toBe(false);
  });

  it('are forgotten, and what was published is not', async () => {
    const { tiles } = built(3);
    for (const log of ['7/1', '7/10']) {
      await one().save(log, tiles);
      await one().publish(log, 'note', 3);
    }
    await one().drop('7/1');

    expect(await other().published('7/1')).toBe('note');
    expect((await read('7/1', tiles)).map(({ hashes }) => hashes.byteLength)).toEqual([0]);
    expect(await read('7/10', tiles)).toEqual(tiles);
  });

  it('stay when what was published of them is withdrawn', async () => {
    const { tiles } = built(3);
    for (const log of ['7/1', '7/10']) {
      await one().save(log, tiles);
      await one().publish(log, 'note', 3);
    }
    await one().withdraw('7/1');

    expect(await other().published('7/1')).toBeUndefined();
    expect(await read('7/1', tiles)).toEqual(tiles);
    expect(await other().published('7/10')).toBe('note');
    await other().publish('7/1', 'smaller', 1);
    expect(await one().published('7/1')).toBe('smaller');
  });
}
