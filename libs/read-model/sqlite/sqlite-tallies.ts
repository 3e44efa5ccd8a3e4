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
import type { ReadModelFile } from './read-model-file.ts';

const SAVE_TALLY = `
  INSERT INTO version_tallies (version, poll_id, position, digest, snapshot, last) VALUES (?, ?, ?, ?, ?, ?)
  ON CONFLICT (version, poll_id) DO UPDATE
  SET position = excluded.position, digest = excluded.digest, snapshot = excluded.snapshot, last = excluded.last
  WHERE excluded.position > version_tallies.position`;

const SAVE_CHECKPOINT = `
  INSERT INTO versions (version, position, clock, at, lag_seconds, polls, last) VALUES (?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (version) DO UPDATE
  SET position = excluded.position, clock = excluded.clock, at = excluded.at, lag_seconds = excluded.lag_seconds,
    polls = excluded.polls, last = excluded.last
  WHERE excluded.position >= versions.position`;

interface TallyRow {
  position: bigint;
  digest: string;
  snapshot: string;
  last?: string | null;
}

export interface CheckpointRow {
  version: string;
  position: bigint;
  clock: bigint;
  at: bigint;
  lag_seconds: number;
  polls?: string | null;
  last?: string | null;
}

/** One version's rows in the SQLite file. */
export class SqliteTallies extends TallyStore {
  constructor(
    version: string,
    private readonly file: ReadModelFile,
  ) {
    super(version);
  }

  override save(tally: StoredTally): Promise<boolean> {
    return this.file.run(() => {
      const { position, digest, snapshot, last } = tally;
      const row = [this.version, snapshot.pollId, position, digest, JSON.stringify(snapshot)] as const;
      if (this.file.statement(SAVE_TALLY).run(...row, textOfMark(last)).changes > 0) return true;
      const stored = this.row(snapshot.pollId);
      if (stored?.position !== position) return false;
      if (stored.digest !== digest) throw new TallyConflictError(tally, stored.digest);
      return true;
    });
  }

  override load(pollId: string): Promise<StoredTally | undefined> {
    return this.file.run(() => {
      const row = this.row(pollId);
      if (row === undefined) return undefined;
      const { position, digest, snapshot, last } = row;
      return { position, digest, snapshot: JSON.parse(snapshot) as TallySnapshot, ...markIn(last) };
    });
  }

  override positions(): Promise<ReadonlyMap<string, bigint>> {
    return this.file.run(() => {
      const sql = 'SELECT poll_id, position FROM version_tallies WHERE version = ?';
      const rows = this.file.statement(sql).all(this.version) as { poll_id: string; position: bigint }[];
      return new Map(rows.map(({ poll_id, position }) => [poll_id, position]));
    });
  }

  override saveCheckpoint({ position, clock, at, lagSeconds, polls, last }: Checkpoint): Promise<void> {
    return this.file.run(() => {
      this.file
        .statement(SAVE_CHECKPOINT)
        .run(this.version, position, clock, at, lagSeconds, polls ? JSON.stringify(polls) : null, textOfMark(last));
    });
  }

  override checkpoint(): Promise<Checkpoint> {
    return this.file.run(() => {
      const row = this.file.statement('SELECT * FROM versions WHERE version = ?').get(this.version) as
        CheckpointRow | undefined;
      return row === undefined ? NO_CHECKPOINT : checkpointOf(row);
    });
  }

  private row(pollId: string): TallyRow | undefined {
    // a file of an earlier version that is only read has no `last`
    const sql = 'SELECT * FROM version_tallies WHERE version = ? AND poll_id = ?';
    return this.file.statement(sql).get(this.version, pollId) as TallyRow | undefined;
  }
}

/** A checkpoint as it is stored. Times are ms since the epoch; the position is a bigint that SQLite keeps whole. */
export const checkpointOf = ({ position, clock, at, lag_seconds, polls, last }: CheckpointRow): Checkpoint => ({
  position,
  clock: Number(clock),
  at: Number(at),
  lagSeconds: lag_seconds,
  ...(typeof polls === 'string' && { polls: JSON.parse(polls) as string[] }),
  ...markIn(last),
});
