import type { Model } from 'mongoose';

import type { BuiltTile } from '#transparency';

import { TileStore, placeOf } from '../tiles.ts';
import { type PublishedDocument, type TileDocument, publishedIn, tilesIn } from './documents.ts';
import { DURABLY, type LazyConnection } from './lazy-connection.ts';
import { ask, isDuplicateKey, write } from './mongo-calls.ts';
import { idsOf } from './mongo-tallies.ts';

/** Tiles that go to the server in one call, half a megabyte: a busy one is to be done with them within the limit of a call. */
const TILES_AT_ONCE = 64;

/** Each tile is a document. */
export class MongoTiles extends TileStore {
  private readonly tiles: Model<TileDocument>;
  private readonly checkpoints: Model<PublishedDocument>;

  constructor(private readonly connection: LazyConnection) {
    super();
    this.tiles = tilesIn(connection.mongoose);
    this.checkpoints = publishedIn(connection.mongoose);
  }

  override async save(log: string, tiles: readonly BuiltTile[]): Promise<void> {
    for (let from = 0; from < tiles.length; from += TILES_AT_ONCE)
      await ask(this.connection, () => this.saveSome(log, tiles.slice(from, from + TILES_AT_ONCE)));
  }

  override read(log: string, tiles: readonly BuiltTile['tile'][]): Promise<readonly Uint8Array[]> {
    return ask(this.connection, async () => {
      const ids = tiles.map((tile) => `${log}/${placeOf(tile)}`);
      const stored = await this.tiles.find({ _id: { $in: ids } }).lean();
      const byId = new Map(stored.map(({ _id, hashes }) => [_id, bytesOf(hashes)]));
      return ids.map((id) => byId.get(id) ?? new Uint8Array());
    });
  }

  override published(log: string): Promise<string | undefined> {
    return ask(this.connection, async () => (await this.checkpoints.findById(log).lean())?.note);
  }

  override publish(_id: string, note: string, size: number): Promise<void> {
    return ask(this.connection, async () => {
      await write(this.checkpoints, { _id, size: { $lt: size } }, { size, note });
    });
  }

  override amend(_id: string, note: string, amended: string): Promise<boolean> {
    return ask(this.connection, async () => {
      const { matchedCount } = await this.checkpoints.updateOne({ _id, note }, { $set: { note: amended } }, DURABLY);
      return matchedCount > 0;
    });
  }

  override drop(log: string): Promise<void> {
    return ask(this.connection, async () => {
      await this.tiles.deleteMany({ _id: idsOf(log) }, DURABLY);
    });
  }

  override withdraw(log: string): Promise<void> {
    return ask(this.connection, async () => {
      await this.checkpoints.deleteOne({ _id: log }, DURABLY);
    });
  }

  /** Nearly all are new, or all are there: another sealer was faster. A narrower one is replaced, and a wider one stays. */
  private async saveSome(log: string, tiles: readonly BuiltTile[]): Promise<void> {
    const documents = tiles.map(({ tile, hashes }) => ({
      _id: `${log}/${placeOf(tile)}`,
      width: tile.width,
      hashes: Buffer.from(hashes),
    }));
    try {
      await this.tiles.insertMany(documents, { ordered: false, ...DURABLY });
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
      await this.widen(documents);
    }
  }

  /** Of many tiles that are there one or two are narrower. Each update is work of its own for the server. */
  private async widen(documents: readonly TileDocument[]): Promise<void> {
    const ids = documents.map(({ _id }) => _id);
    const stored = await this.tiles.find({ _id: { $in: ids } }, { width: 1 }).lean();
    const widths = new Map(stored.map(({ _id, width }) => [_id, width]));
    const writes = documents
      .filter(({ _id, width }) => (widths.get(_id) ?? 0) < width)
      .map(({ _id, width, hashes }) => ({
        updateOne: { filter: { _id, width: { $lt: width } }, update: { $set: { width, hashes } } },
      }));
    if (writes.length > 0) await this.tiles.bulkWrite(writes, { ordered: false, ...DURABLY });
  }
}

/** The driver gives a wrapper around the bytes. */
const bytesOf = (stored: Buffer | { readonly buffer: Uint8Array }): Uint8Array =>
  stored instanceof Uint8Array ? stored : stored.buffer;
