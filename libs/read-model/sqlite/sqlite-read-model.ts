import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';

import type { TallySnapshot } from '#domain';

import {
  type Checkpoint,
  NO_CHECKPOINT,
  ReadModel,
  ReadModelUnavailableError,
  type StoredTally,
  TallyConflictError,
} from '../read-model.ts';

/** Losing the last writes to a power cut is harmless (the projector catches up), so synchronous=NORMAL. */
const SCHEMA = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = NORMAL;
  CREATE TABLE IF NOT EXISTS tallies (
    poll_id TEXT PRIMARY KEY, position INTEGER NOT NULL, digest TEXT NOT NULL, snapshot TEXT NOT NULL
  ) STRICT;
  CREATE TABLE IF NOT EXISTS checkpoint (
    id INTEGER PRIMARY KEY CHECK (id = 1), position INTEGER NOT NULL, clock INTEGER NOT NULL,
    at INTEGER NOT NULL, lag_seconds REAL NOT NULL
  ) STRICT;
`;

const SAVE_TALLY = `
  INSERT INTO tallies (poll_id, position, digest, snapshot) VALUES (?, ?, ?, ?)
  ON CONFLICT (poll_id) DO UPDATE
  SET position = excluded.position, digest = excluded.digest, snapshot = excluded.snapshot
  WHERE excluded.position > tallies.position`;

const SAVE_CHECKPOINT = `
  INSERT INTO checkpoint (id, position, clock, at, lag_seconds) VALUES (1, ?, ?, ?, ?)
  ON CONFLICT (id) DO UPDATE
  SET position = excluded.position, clock = excluded.clock, at = excluded.at, lag_seconds = excluded.lag_seconds
  WHERE excluded.position >= checkpoint.position`;

interface TallyRow {
  position: bigint;
  digest: string;
  snapshot: string;
}

interface CheckpointRow {
  position: bigint;
  clock: bigint;
  at: bigint;
  lag_seconds: number;
}

/** The embedded read model: one SQLite file in the data directory. */
export class SqliteReadModel extends ReadModel {
  private readonly statements = new Map<string, StatementSync>();

  private constructor(private readonly database: DatabaseSync) {
    super();
  }

  /** @throws ReadModelUnavailableError when the file cannot be used */
  static open(directory: string): SqliteReadModel {
    try {
      mkdirSync(directory, { recursive: true, mode: 0o700 });
      const database = new DatabaseSync(join(directory, 'read-model.db'), { timeout: 5000 });
      database.exec(SCHEMA);
      return new SqliteReadModel(database);
    } catch (error) {
      throw unavailable(error);
    }
  }

  /**
   * Opens the tallies of a directory that a service may be using, and changes nothing.
   * @throws ReadModelUnavailableError when there are none
   */
  static openReadOnly(directory: string): SqliteReadModel {
    try {
      return new SqliteReadModel(new DatabaseSync(join(directory, 'read-model.db'), { readOnly: true, timeout: 5000 }));
    } catch (error) {
      throw unavailable(error);
    }
  }

  override save(tally: StoredTally): Promise<boolean> {
    return this.run(() => {
      const { position, digest, snapshot } = tally;
      const json = JSON.stringify(snapshot);
      if (this.statement(SAVE_TALLY).run(snapshot.pollId, position, digest, json).changes > 0) return true;
      const stored = this.row(snapshot.pollId);
      if (stored?.position !== position) return false;
      if (stored.digest !== digest) throw new TallyConflictError(tally, stored.digest);
      return true;
    });
  }

  override load(pollId: string): Promise<StoredTally | undefined> {
    return this.run(() => {
      const row = this.row(pollId);
      return row && { ...row, snapshot: JSON.parse(row.snapshot) as TallySnapshot };
    });
  }

  override positions(): Promise<ReadonlyMap<string, bigint>> {
    return this.run(() => {
      const rows = this.statement('SELECT poll_id, position FROM tallies').all() as {
        poll_id: string;
        position: bigint;
      }[];
      return new Map(rows.map(({ poll_id, position }) => [poll_id, position]));
    });
  }

  override saveCheckpoint({ position, clock, at, lagSeconds }: Checkpoint): Promise<void> {
    return this.run(() => {
      this.statement(SAVE_CHECKPOINT).run(position, clock, at, lagSeconds);
    });
  }

  override checkpoint(): Promise<Checkpoint> {
    return this.run(() => {
      const row = this.statement('SELECT position, clock, at, lag_seconds FROM checkpoint').get() as
        CheckpointRow | undefined;
      if (row === undefined) return NO_CHECKPOINT;
      return { position: row.position, clock: Number(row.clock), at: Number(row.at), lagSeconds: row.lag_seconds };
    });
  }

  override close(): Promise<void> {
    if (this.database.isOpen) this.database.close();
    return Promise.resolve();
  }

  private row(pollId: string): TallyRow | undefined {
    const sql = 'SELECT position, digest, snapshot FROM tallies WHERE poll_id = ?';
    return this.statement(sql).get(pollId) as TallyRow | undefined;
  }

  private statement(sql: string): StatementSync {
    let statement = this.statements.get(sql);
    if (statement === undefined) {
      statement = this.database.prepare(sql);
      statement.setReadBigInts(true);
      this.statements.set(sql, statement);
    }
    return statement;
  }

  private run<T>(query: () => T): Promise<T> {
    return Promise.try(() => {
      try {
        return query();
      } catch (error) {
        if (error instanceof TallyConflictError) throw error;
        throw unavailable(error);
      }
    });
  }
}

const unavailable = (error: unknown): ReadModelUnavailableError =>
  new ReadModelUnavailableError(`the read model failed: ${(error as Error).message}`, { cause: error });
