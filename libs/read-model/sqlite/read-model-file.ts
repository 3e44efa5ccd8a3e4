import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';

import { whileBusy } from '#async';

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
    at INTEGER NOT NULL, lag_seconds REAL NOT NULL, polls TEXT, last TEXT
  ) STRICT;
  CREATE TABLE IF NOT EXISTS version_tallies (
    version TEXT NOT NULL, poll_id TEXT NOT NULL, position INTEGER NOT NULL, digest TEXT NOT NULL,
    snapshot TEXT NOT NULL, last TEXT, PRIMARY KEY (version, poll_id)
  ) STRICT;
  CREATE TABLE IF NOT EXISTS active_versions (format INTEGER PRIMARY KEY, version TEXT NOT NULL) STRICT;
`;

/** A file of its own: who restores the log deletes the tallies, and what was published must not go with them. Tiles are never lost by halves. */
const TILES_SCHEMA = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  CREATE TABLE IF NOT EXISTS tiles (
    log TEXT NOT NULL, level INTEGER NOT NULL, place INTEGER NOT NULL, hashes BLOB NOT NULL, PRIMARY KEY (log, level, place)
  ) STRICT;
  CREATE TABLE IF NOT EXISTS published_checkpoints (log TEXT PRIMARY KEY, size INTEGER NOT NULL, note TEXT NOT NULL) STRICT;
`;

/** How long a start may stand still while another process makes the same file. */
const OPEN_LIMIT_MS = 5000;
/** Another process writes for milliseconds. One that holds its lock for longer is no projector. */
const LOCK_LIMIT_MS = 2000;
/** From then on a lock is an error at once, and nothing of this process stands still for it. */
const NO_WAITING = 'PRAGMA busy_timeout = 0';

type FileName = 'read-model' | 'tiles';
const pathIn = (directory: string, name: FileName): string => join(directory, `${name}.db`);

/** A SQLite file of the read model, which several processes may have open: the tallies, or the tiles. */
export class ReadModelFile {
  private readonly statements = new Map<string, StatementSync>();

  private constructor(private readonly database: DatabaseSync) {}

  /** @throws ReadModelUnavailableError when the file cannot be used */
  static open(directory: string, name: FileName = 'read-model'): ReadModelFile {
    try {
      mkdirSync(directory, { recursive: true, mode: 0o700 });
      const database = new DatabaseSync(pathIn(directory, name), { timeout: OPEN_LIMIT_MS });
      database.exec(name === 'tiles' ? TILES_SCHEMA : SCHEMA);
      if (name === 'read-model') {
        addMissingColumn(database, 'versions', 'polls');
        addMissingColumn(database, 'versions', 'last');
        addMissingColumn(database, 'version_tallies', 'last');
      }
      database.exec(NO_WAITING);
      return new ReadModelFile(database);
    } catch (error) {
      throw unavailable(error);
    }
  }

  /** @throws ReadModelUnavailableError when there is no file */
  static openReadOnly(directory: string, name: FileName = 'read-model'): ReadModelFile {
    try {
      return new ReadModelFile(new DatabaseSync(pathIn(directory, name), { readOnly: true }));
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

  /** @throws ReadModelUnavailableError when SQLite fails, or another process keeps the file locked */
  async run<T>(query: () => T): Promise<T> {
    try {
      return await whileBusy(query, LOCK_LIMIT_MS);
    } catch (error) {
      if (error instanceof TallyConflictError) throw error;
      throw unavailable(error);
    }
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

/** Files of earlier versions: their checkpoints name no polls, and they do not say which event was the last. Two processes may start at once. */
function addMissingColumn(database: DatabaseSync, table: string, column: string): void {
  const isThere = (): boolean =>
    database.prepare('SELECT 1 FROM pragma_table_info(?) WHERE name = ?').get(table, column) !== undefined;
  if (isThere()) return;
  database.exec('BEGIN IMMEDIATE');
  if (!isThere()) database.exec(`ALTER TABLE ${table} ADD COLUMN ${column} TEXT`);
  database.exec('COMMIT');
}

const unavailable = (error: unknown): ReadModelUnavailableError =>
  new ReadModelUnavailableError(`the read model failed: ${(error as Error).message}`, { cause: error });
