import type { Model } from 'mongoose';

import { ReadModel, type TallyStore, type VersionState } from '../read-model.ts';
import { compareVersions, firstVersion, nextVersion, parseVersion } from '../versions.ts';
import {
  type ActiveVersionDocument,
  type CheckpointDocument,
  activeVersionsIn,
  checkpointsIn,
  talliesIn,
} from './documents.ts';
import { DURABLY, LazyConnection } from './lazy-connection.ts';
import { ask, isDuplicateKey } from './mongo-calls.ts';
import { MongoScreens } from './mongo-screens.ts';
import { MongoTiles } from './mongo-tiles.ts';
import { MongoTallies, checkpointOf, idsOf } from './mongo-tallies.ts';

/** Rebuilds that may begin at the same time. */
const CREATE_ATTEMPTS = 10;

export interface MongoReadModelOptions {
  /** Instead of the one that the URL names; without either it is `paredao`. */
  readonly database?: string;
  readonly format?: number;
}

/** The shared read model in MongoDB. Every call ends within two seconds, and works again by itself when the server is back. */
export class MongoReadModel extends ReadModel {
  override readonly screens: MongoScreens;
  override readonly tiles: MongoTiles;
  private readonly checkpoints: Model<CheckpointDocument>;
  private readonly pointers: Model<ActiveVersionDocument>;

  private constructor(
    private readonly connection: LazyConnection,
    format?: number,
  ) {
    super(format);
    this.checkpoints = checkpointsIn(connection.mongoose);
    this.pointers = activeVersionsIn(connection.mongoose);
    this.screens = new MongoScreens(connection);
    this.tiles = new MongoTiles(connection);
  }

  /**
   * Begins to connect, and does not wait for it: until the server is there, calls throw ReadModelUnavailableError.
   * @throws MongoParseError when the URL is not one of MongoDB
   */
  static connect(url: string, { database, format }: MongoReadModelOptions = {}): MongoReadModel {
    const connection = new LazyConnection(url, database);
    connection.open().catch(() => undefined);
    return new MongoReadModel(connection, format);
  }

  override active(): Promise<string> {
    return this.ask(() => this.pointed());
  }

  override tallies(version: string): TallyStore {
    return new MongoTallies(version, this.connection);
  }

  override create(): Promise<string> {
    return this.ask(async () => {
      for (let attempt = 1; ; attempt++) {
        const existing = (await this.checkpoints.find({}, { _id: 1 }).lean()).map(({ _id }) => _id);
        const version = nextVersion(this.format, existing);
        const fields = { position: 0n, clock: 0, at: Date.now(), lagSeconds: 0 };
        try {
          // no position is below 0: it is inserted, or its key is taken
          const filter = { _id: version, position: { $lt: 0n } };
          await this.checkpoints.updateOne(filter, { $set: fields }, { upsert: true, ...DURABLY });
          return version;
        } catch (error) {
          if (!isDuplicateKey(error) || attempt === CREATE_ATTEMPTS) throw error;
        }
      }
    });
  }

  override activate(version: string, expectedActive: string): Promise<boolean> {
    return this.ask(async () => {
      // $in, because the value of an equality would be stored in a document that is new
      const filter = { _id: String(this.format), version: { $in: [expectedActive] } };
      const upsert = expectedActive === firstVersion(this.format);
      try {
        await this.pointers.updateOne(filter, { $set: { version } }, { upsert, ...DURABLY });
      } catch (error) {
        if (!isDuplicateKey(error)) throw error;
      }
      return (await this.pointed()) === version;
    });
  }

  override versions(): Promise<VersionState[]> {
    return this.ask(async () => {
      const active = await this.pointed();
      return (await this.checkpoints.find({}).lean())
        .filter(({ _id }) => parseVersion(_id) !== undefined)
        .map((stored) => ({ version: stored._id, isActive: stored._id === active, checkpoint: checkpointOf(stored) }))
        .sort(compareVersions);
    });
  }

  override close(): Promise<void> {
    return this.connection.close();
  }

  protected override delete(version: string): Promise<void> {
    return this.ask(async () => {
      await talliesIn(this.connection.mongoose).deleteMany({ _id: idsOf(version) }, DURABLY);
      await this.checkpoints.deleteOne({ _id: version }, DURABLY);
    });
  }

  private async pointed(): Promise<string> {
    return (await this.pointers.findById(String(this.format)).lean())?.version ?? firstVersion(this.format);
  }

  private ask<T>(query: () => Promise<T>): Promise<T> {
    return ask(this.connection, query);
  }
}
