import type { Model } from 'mongoose';

import type { TallySnapshot } from '#domain';

import {
  type Checkpoint,
  NO_CHECKPOINT,
  type StoredTally,
  TallyConflictError,
  TallyStore,
  markIn,
  textOfMark,
} from '../read-model.ts';
import { type CheckpointDocument, type TallyDocument, checkpointsIn, talliesIn } from './documents.ts';
import type { LazyConnection } from './lazy-connection.ts';
import { ask, write } from './mongo-calls.ts';

/** One version's documents, one a poll. A write is one upsert that only a higher position wins: no transaction is needed. */
export class MongoTallies extends TallyStore {
  private readonly documents: Model<TallyDocument>;
  private readonly checkpoints: Model<CheckpointDocument>;

  constructor(
    version: string,
    private readonly connection: LazyConnection,
  ) {
    super(version);
    this.documents = talliesIn(connection.mongoose);
    this.checkpoints = checkpointsIn(connection.mongoose);
  }

  override save(tally: StoredTally): Promise<boolean> {
    return this.ask(async () => {
      const { position, digest, snapshot, last } = tally;
      const json = { snapshot: JSON.stringify(snapshot), last: textOfMark(last) };
      const fields = { version: this.version, position, digest, ...json };
      const _id = this.idOf(snapshot.pollId);
      if (await write(this.documents, { _id, position: { $lt: position } }, fields)) return true;
      const stored = await this.documents.findById(_id, { position: 1, digest: 1 }).lean();
      if (stored === null || BigInt(stored.position) !== position) return false;
      if (stored.digest !== digest) throw new TallyConflictError(tally, stored.digest);
      return true;
    });
  }

  override load(pollId: string): Promise<StoredTally | undefined> {
    return this.ask(async () => {
      const stored = await this.documents.findById(this.idOf(pollId)).lean();
      if (stored === null) return undefined;
      const { position, digest, snapshot, last } = stored;
      return { position: BigInt(position), digest, snapshot: JSON.parse(snapshot) as TallySnapshot, ...markIn(last) };
    });
  }

  override positions(): Promise<ReadonlyMap<string, bigint>> {
    return this.ask(async () => {
      const stored = await this.documents.find({ _id: idsOf(this.version) }, { position: 1 }).lean();
      return new Map(stored.map(({ _id, position }) => [_id.slice(this.idOf('').length), BigInt(position)]));
    });
  }

  override saveCheckpoint({ position, clock, at, lagSeconds, polls, last }: Checkpoint): Promise<void> {
    return this.ask(async () => {
      const filter = { _id: this.version, position: { $lte: position } };
      const optional = { ...(polls && { polls: [...polls] }), last: textOfMark(last) };
      await write(this.checkpoints, filter, { position, clock, at, lagSeconds, ...optional });
    });
  }

  override checkpoint(): Promise<Checkpoint> {
    return this.ask(async () => {
      const stored = await this.checkpoints.findById(this.version).lean();
      return stored === null ? NO_CHECKPOINT : checkpointOf(stored);
    });
  }

  private idOf(pollId: string): string {
    return `${this.version}/${pollId}`;
  }

  private ask<T>(query: () => Promise<T>): Promise<T> {
    return ask(this.connection, query);
  }
}

/** The ids below a version, or below a log, as a range: `/` and the next character. So the index on `_id` is the only one needed. */
export const idsOf = (version: string): { $gte: string; $lt: string } => ({ $gte: `${version}/`, $lt: `${version}0` });

export const checkpointOf = ({ position, clock, at, lagSeconds, polls, last }: CheckpointDocument): Checkpoint => ({
  position: BigInt(position),
  clock: Number(clock),
  at: Number(at),
  lagSeconds: Number(lagSeconds),
  ...(polls && { polls: [...polls] }),
  ...markIn(last),
});
