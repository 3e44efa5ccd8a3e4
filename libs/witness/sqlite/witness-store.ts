import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';

import { makeFolder } from '#files';
import type { Checkpoint } from '#transparency';

import type { KnownLog } from '../log-keys.ts';

const FILE = 'witness.db';

/**
 * Each checkpoint that was cosigned is kept: the last one of a log is what the next one must go on from, and any of them is an
 * anchor for an audit. WAL with synchronous=FULL: a commit returns after the fsync of the write-ahead log.
 */
const SCHEMA = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  CREATE TABLE IF NOT EXISTS logs (origin TEXT PRIMARY KEY, vkey TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS checkpoints (
    origin TEXT NOT NULL, size INTEGER NOT NULL, root BLOB NOT NULL, note TEXT NOT NULL,
    PRIMARY KEY (origin, size)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS refused (
    origin TEXT NOT NULL, size INTEGER NOT NULL, root BLOB NOT NULL, reason TEXT NOT NULL, note TEXT NOT NULL,
    PRIMARY KEY (origin, size, root)
  ) STRICT, WITHOUT ROWID;
`;

/** While another process has the file. Then the request fails, and nothing is signed. */
const BUSY_LIMIT_MS = 2_000;
/** Checkpoints of a log that are kept for each reason to refuse them. */
const MAX_REFUSED = 100;

/** Why a checkpoint that a log signed was not cosigned. */
export type Reason =
  /** The log signed another tree of the same size: two such checkpoints prove a fork. */
  | 'fork'
  /** Nothing shows that it goes on from the last one. Whoever has a checkpoint can send it with a wrong proof. */
  | 'unproven';

/** A checkpoint that is kept. */
export interface KeptCheckpoint extends Checkpoint {
  /** Signed by the log; cosigned unless it was refused. */
  readonly note: string;
}

/** A log and what was made of its checkpoints. */
export interface LogSummary {
  readonly origin: string;
  /** How many were cosigned. */
  readonly checkpoints: number;
  /** Leaves of the last one; null before the first. */
  readonly size: number | null;
  readonly forks: number;
  readonly unproven: number;
}

/** What a witness must not forget: a file in its directory. Several processes may use it: each decision is one transaction. */
export class WitnessStore {
  private constructor(private readonly database: DatabaseSync) {}

  /** Opens the file of a directory; makes both when they are not there. */
  static open(directory: string): WitnessStore {
    makeFolder(directory, 0o700);
    const database = new DatabaseSync(join(directory, FILE), { timeout: BUSY_LIMIT_MS });
    database.exec(SCHEMA);
    return new WitnessStore(database);
  }

  /** Opens the file of a directory for reading, also while its witness runs; undefined where there is none. */
  static openExisting(directory: string): WitnessStore | undefined {
    const path = join(directory, FILE);
    return existsSync(path) ? new WitnessStore(new DatabaseSync(path, { readOnly: true })) : undefined;
  }

  close(): void {
    this.database.close();
  }

  /** Runs a decision alone: no other one is made meanwhile, and what it keeps is on the disk before this returns, or not at all. */
  alone<T>(decide: () => T): T {
    this.database.exec('BEGIN IMMEDIATE');
    try {
      const result = decide();
      this.database.exec('COMMIT');
      return result;
    } catch (error) {
      // a failed commit may have ended the transaction already
      if (this.database.isTransaction) this.database.exec('ROLLBACK');
      throw error;
    }
  }

  /** The verifier key of a log. */
  keyOf(origin: string): string | undefined {
    return this.row<{ vkey: string }>('SELECT vkey FROM logs WHERE origin = ?', origin)?.vkey;
  }

  addLog({ origin, vkey }: KnownLog): void {
    this.run('INSERT INTO logs (origin, vkey) VALUES (?, ?)', origin, vkey);
  }

  /** The last checkpoint that was cosigned, or the one of a size. */
  find(origin: string, size?: number): KeptCheckpoint | undefined {
    const columns = 'SELECT origin, size, root, note FROM checkpoints WHERE origin = ?';
    return size === undefined
      ? this.row<KeptCheckpoint>(`${columns} ORDER BY size DESC LIMIT 1`, origin)
      : this.row<KeptCheckpoint>(`${columns} AND size = ?`, origin, size);
  }

  /** Keeps a checkpoint that is cosigned. */
  keep({ origin, size, root, note }: KeptCheckpoint): void {
    this.run('INSERT INTO checkpoints (origin, size, root, note) VALUES (?, ?, ?, ?)', origin, size, root, note);
    this.run('DELETE FROM refused WHERE origin = ? AND size = ? AND root = ?', origin, size, root);
  }

  /**
   * Keeps a checkpoint that is refused.
   * @returns whether it is a new one
   */
  keepRefused({ origin, size, root, note }: KeptCheckpoint, reason: Reason): boolean {
    const { count } = this.row<{ count: number }>(
      'SELECT count(*) AS count FROM refused WHERE origin = ? AND reason = ?',
      ...[origin, reason],
    )!;
    if (count >= MAX_REFUSED) return false;
    const insert = 'INSERT OR IGNORE INTO refused (origin, size, root, reason, note) VALUES (?, ?, ?, ?, ?)';
    return this.run(insert, origin, size, root, reason, note) > 0;
  }

  /** Those of a log that were cosigned, the smallest first. */
  cosigned(origin: string): KeptCheckpoint[] {
    return this.rows('SELECT origin, size, root, note FROM checkpoints WHERE origin = ? ORDER BY size', origin);
  }

  /** Those of a log that were refused, the smallest first. */
  refused(origin: string): (KeptCheckpoint & { readonly reason: Reason })[] {
    return this.rows('SELECT origin, size, root, reason, note FROM refused WHERE origin = ? ORDER BY size', origin);
  }

  /** All logs that are known, by their origin. */
  logs(): LogSummary[] {
    return this.rows<LogSummary>(`
      SELECT origin,
        (SELECT count(*) FROM checkpoints c WHERE c.origin = l.origin) AS checkpoints,
        (SELECT max(size) FROM checkpoints c WHERE c.origin = l.origin) AS size,
        (SELECT count(*) FROM refused r WHERE r.origin = l.origin AND reason = 'fork') AS forks,
        (SELECT count(*) FROM refused r WHERE r.origin = l.origin AND reason = 'unproven') AS unproven
      FROM logs l ORDER BY origin`);
  }

  private row<T>(sql: string, ...values: SQLInputValue[]): T | undefined {
    return this.database.prepare(sql).get(...values) as T | undefined;
  }

  private rows<T>(sql: string, ...values: SQLInputValue[]): T[] {
    return this.database.prepare(sql).all(...values) as T[];
  }

  private run(sql: string, ...values: SQLInputValue[]): number | bigint {
    return this.database.prepare(sql).run(...values).changes;
  }
}
