import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';

import { ReadModelUnavailableError, TallyConflictError } from '../read-model.ts';

/**
 * `versions` holds each version's checkpoint, so a version exists as soon as somebody has begun it. Losing the last writes to
 * a power cut is harmless (the projector catches up), so synchronous=NORMAL.
 */
const SCHEMA = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = NORMAL;
  CREATE TABLE IF NOT EXISTS versions (
    version TEXT PRIMARY KEY, position INTEGER NOT NULL, clock INTEGER NOT NULL,
    at INTEGER NOT NULL, lag_seconds REAL NOT NULL
  ) STRICT;
  CREATE TABLE IF NOT EXISTS version_tallies (
    version TEXT NOT NULL, poll_id TEXT NOT NULL, position INTEGER NOT NULL, digest TEXT NOT NULL,
    snapshot TEXT NOT NULL, PRIMARY KEY (version, poll_id)
  ) STRICT;
  CREATE TABLE IF NOT EXISTS active_versions (format INTEGER PRIMARY KEY, version TEXT NOT NULL) STRICT;
`;

/** The SQLite file of the read model, which several processes may have open. */
export class ReadModelFile {
  private readonly database: DatabaseSync;
  private readonly statements = new Map<string, StatementSync>();

  /** @throws ReadModelUnavailableError when the file cannot be used */
  constructor(directory: string) {
    try {
      mkdirSync(directory, { recursive: true, mode: 0o700 });
      this.database = new DatabaseSync(join(directory, 'read-model.db'), { timeout: 5000 });
      this.database.exec(SCHEMA);
    } catch (error) {
      throw unavailable(error);
    }
  }

  /** Integers come as bigints. */
  statement(sql: string): StatementSync {
    let statement = this.statements.get(sql);
    if (statement === undefined) {
      statement = this.database.prepare(sql);
      statement.setReadBigInts(true);
      this.statements.set(sql, statement);
    }
    return statement;
  }

  /** @throws ReadModelUnavailableError when SQLite fails */
  run<T>(query: () => T): Promise<T> {
    return Promise.try(() => {
      try {
        return query();
      } catch (error) {
        if (error instanceof TallyConflictError) throw error;
        throw unavailable(error);
      }
    });
  }

  /** The same in one transaction, which no other process writes beside. */
  transact<T>(query: () => T): Promise<T> {
    return this.run(() => {
      this.database.exec('BEGIN IMMEDIATE');
      try {
        const result = query();
        this.database.exec('COMMIT');
        return result;
      } catch (error) {
        this.database.exec('ROLLBACK');
        throw error;
      }
    });
  }

  close(): void {
    if (this.database.isOpen) this.database.close();
  }
}

const unavailable = (error: unknown): ReadModelUnavailableError =>
  new ReadModelUnavailableError(`the read model failed: ${(error as Error).message}`, { cause: error });
