import { type Model, type QueryFilter, type UpdateQuery, mongo } from 'mongoose';

import type { TallySnapshot } from '#domain';

import {
  type Checkpoint,
  NO_CHECKPOINT,
  ReadModel,
  ReadModelUnavailableError,
  type StoredTally,
  TallyConflictError,
} from '../read-model.ts';
import { type CheckpointDocument, type TallyDocument, checkpointsIn, talliesIn } from './documents.ts';
import { CALL_LIMIT_MS, DURABLY, LazyConnection } from './lazy-connection.ts';

const CHECKPOINT_ID = 'projector';
const DUPLICATE_KEY = 11_000;

export interface MongoReadModelOptions {
  /** Instead of the one that the URL names; without either it is `paredao`. */
  readonly database?: string;
}

/**
 * The shared read model: one MongoDB document a poll. A write is one upsert that only a higher position wins, so that no transaction
 * is needed. Every call ends within two seconds, and works again by itself when the server is back.
 */
export class MongoReadModel extends ReadModel {
  private readonly tallies: Model<TallyDocument>;
  private readonly checkpoints: Model<CheckpointDocument>;

  private constructor(private readonly connection: LazyConnection) {
    super();
    this.tallies = talliesIn(connection.mongoose);
    this.checkpoints = checkpointsIn(connection.mongoose);
  }

  /**
   * Begins to connect, and does not wait for it: until the server is there, calls throw ReadModelUnavailableError.
   * @throws MongoParseError when the URL is not one of MongoDB
   */
  static connect(url: string, { database }: MongoReadModelOptions = {}): MongoReadModel {
    const connection = new LazyConnection(url, database);
    connection.open().catch(() => undefined);
    return new MongoReadModel(connection);
  }

  override save(tally: StoredTally): Promise<boolean> {
    return this.run(async () => {
      const { position, digest, snapshot } = tally;
      const fields = { position, digest, snapshot: JSON.stringify(snapshot) };
      const filter = { _id: snapshot.pollId, position: { $lt: position } };
      if (await write(this.tallies, filter, fields)) return true;
      const stored = await this.tallies.findById(snapshot.pollId, { position: 1, digest: 1 }).lean();
      if (stored === null || BigInt(stored.position) !== position) return false;
      if (stored.digest !== digest) throw new TallyConflictError(tally, stored.digest);
      return true;
    });
  }

  override load(pollId: string): Promise<StoredTally | undefined> {
    return this.run(async () => {
      const stored = await this.tallies.findById(pollId).lean();
      if (stored === null) return undefined;
      const { position, digest, snapshot } = stored;
      return { position: BigInt(position), digest, snapshot: JSON.parse(snapshot) as TallySnapshot };
    });
  }

  override positions(): Promise<ReadonlyMap<string, bigint>> {
    return this.run(async () => {
      const stored = await this.tallies.find({}, { position: 1 }).lean();
      return new Map(stored.map(({ _id, position }) => [_id, BigInt(position)]));
    });
  }

  override saveCheckpoint({ position, clock, at, lagSeconds }: Checkpoint): Promise<void> {
    return this.run(async () => {
      const filter = { _id: CHECKPOINT_ID, position: { $lte: position } };
      await write(this.checkpoints, filter, { position, clock, at, lagSeconds });
    });
  }

  override checkpoint(): Promise<Checkpoint> {
    return this.run(async () => {
      const stored = await this.checkpoints.findById(CHECKPOINT_ID).lean();
      if (stored === null) return NO_CHECKPOINT;
      const { position, clock, at, lagSeconds } = stored;
      return { position: BigInt(position), clock: Number(clock), at: Number(at), lagSeconds: Number(lagSeconds) };
    });
  }

  override close(): Promise<void> {
    return this.connection.close();
  }

  private async run<T>(query: () => Promise<T>): Promise<T> {
    try {
      return await inTime(this.connection.open().then(query));
    } catch (error) {
      if (error instanceof TallyConflictError) throw error;
      throw new ReadModelUnavailableError(`the read model failed: ${(error as Error).message}`, { cause: error });
    }
  }
}

/**
 * Writes the fields if the stored document passes the filter (an id and a condition on the position), or if there is none.
 * @returns whether it did
 */
async function write<T>(model: Model<T>, filter: QueryFilter<T>, fields: UpdateQuery<T>): Promise<boolean> {
  try {
    await model.updateOne(filter, { $set: fields }, { upsert: true, ...DURABLY });
    return true;
  } catch (error) {
    if (!(error instanceof mongo.MongoServerError) || error.code !== DUPLICATE_KEY) throw error;
  }
  // There is a document that did not pass. Or one that did not exist before: two first writes met, and the higher one may be ours.
  const { matchedCount } = await model.updateOne(filter, { $set: fields }, DURABLY);
  return matchedCount > 0;
}

/** The driver's own limits hold for each of its steps; this one holds for all of them together. */
async function inTime<T>(answer: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error(`no answer within ${CALL_LIMIT_MS} ms`)), CALL_LIMIT_MS);
  try {
    return await Promise.race([answer, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
