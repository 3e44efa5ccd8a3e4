import { DatabaseSync, type StatementSync } from 'node:sqlite';

import {
  type AppendResult,
  EventLogUnavailableError,
  type ExpectedRevision,
  type Head,
  type NewEvent,
  WrongExpectedRevisionError,
} from '../event-log.ts';
import { EventInserter } from './event-inserter.ts';
import type { Stored } from './log-writer.ts';

/**
 * `data` holds the canonical bytes as they came; `position` is the total order. Revisions are gapless per stream.
 * WAL with synchronous=FULL: a commit returns after the fsync of the write-ahead log.
 */
export const SCHEMA = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  CREATE TABLE IF NOT EXISTS streams (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
  CREATE TABLE IF NOT EXISTS events (
    position INTEGER PRIMARY KEY,
    stream INTEGER NOT NULL REFERENCES streams(id),
    revision INTEGER NOT NULL,
    recorded_at INTEGER NOT NULL,
    id TEXT NOT NULL,
    type TEXT NOT NULL,
    version INTEGER NOT NULL,
    data BLOB NOT NULL,
    UNIQUE (stream, revision)
  ) STRICT;
`;

/** `user_version` of a log that was made of another one's events, at their positions. */
export const IMPORTED = 1n;

interface StreamState {
  readonly id: bigint;
  revision: bigint;
}

/** Appends to the SQLite file, one transaction an append. One writer a file: the directory lock sees to that. */
export class SqliteWriter {
  private readonly database: DatabaseSync;
  private readonly begin: StatementSync;
  private readonly commit: StatementSync;
  private readonly inserter: EventInserter;
  private readonly streams = new Map<string, StreamState>();
  private position = 0n;
  private clock = 0;

  constructor(path: string) {
    this.database = new DatabaseSync(path);
    this.database.exec(SCHEMA);
    this.begin = this.database.prepare('BEGIN IMMEDIATE');
    this.commit = this.database.prepare('COMMIT');
    this.inserter = new EventInserter(this.database);
    this.reload();
  }

  /**
   * See {@link EventLog.append}; the batch was checked before.
   * @param now when the append was asked for, ms since the epoch
   */
  append(stream: string, events: readonly NewEvent[], expected: ExpectedRevision, now = Date.now()): Stored {
    try {
      const state = this.stream(stream);
      const actual = state?.revision ?? -1n;
      if (!isAsExpected(expected, actual)) {
        return { result: this.earlierResult(stream, state, events, expected), recorded: [] };
      }
      return this.store(stream, events, now);
    } catch (error) {
      if (error instanceof WrongExpectedRevisionError) throw error;
      this.recover();
      throw new EventLogUnavailableError(`the event log cannot store: ${(error as Error).message}`, { cause: error });
    }
  }

  /** The end of the log, as of the last commit. */
  head(): Head {
    return { position: this.position, recordedAt: this.clock };
  }

  close(): void {
    if (this.database.isOpen) this.database.close();
  }

  private store(stream: string, events: readonly NewEvent[], now: number): Stored {
    this.begin.run();
    const state = this.stream(stream) ?? this.createStream(stream);
    // the log's clock never runs backwards, even where the host's does
    const recordedAt = Math.max(now, this.clock);
    let { revision } = state;
    let { position } = this;
    const recorded = events.map(({ id, type, version, data }) => {
      return { stream, revision: ++revision, position: ++position, recordedAt, id, type, version, data };
    });
    this.inserter.insert(state.id, recorded);
    this.commit.run();
    state.revision = revision;
    this.position = position;
    this.clock = recordedAt;
    return { result: { position, revision }, recorded };
  }

  /** The same batch sent again after an unknown outcome finds its own events behind the expected revision. */
  private earlierResult(
    stream: string,
    state: StreamState | undefined,
    events: readonly NewEvent[],
    expected: ExpectedRevision,
  ): AppendResult {
    const first = typeof expected === 'bigint' ? expected + 1n : 0n;
    const rows = state === undefined || first > state.revision ? [] : this.batchAt(state, first, events.length);
    const last = rows.at(-1);
    if (last === undefined || !events.every(({ id }, index) => rows[index]?.id === id)) {
      throw new WrongExpectedRevisionError(stream, expected, state?.revision ?? -1n);
    }
    return { position: last.position, revision: last.revision };
  }

  private batchAt(state: StreamState, first: bigint, length: number): (AppendResult & { id: string })[] {
    const sql =
      'SELECT id, position, revision FROM events WHERE stream = ? AND revision >= ? ORDER BY revision LIMIT ?';
    return this.prepare(sql).all(state.id, first, length) as unknown as (AppendResult & { id: string })[];
  }

  private stream(name: string): StreamState | undefined {
    const known = this.streams.get(name);
    if (known !== undefined) return known;
    const sql =
      'SELECT s.id, max(e.revision) AS revision FROM streams s JOIN events e ON e.stream = s.id WHERE s.name = ?';
    const { id, revision } = this.prepare(sql).get(name) as { id: bigint | null; revision: bigint | null };
    if (id === null) return undefined;
    const state = { id, revision: revision ?? -1n };
    this.streams.set(name, state);
    return state;
  }

  private createStream(name: string): StreamState {
    const { lastInsertRowid } = this.database.prepare('INSERT INTO streams (name) VALUES (?)').run(name);
    const state = { id: BigInt(lastInsertRowid), revision: -1n };
    this.streams.set(name, state);
    return state;
  }

  /** After a failed transaction nothing held in memory is trusted. */
  private recover(): void {
    this.streams.clear();
    try {
      if (this.database.isTransaction) this.database.exec('ROLLBACK');
      this.reload();
    } catch {
      // the next append meets the same trouble and reports it
    }
  }

  private reload(): void {
    const sql = 'SELECT position, recorded_at FROM events ORDER BY position DESC LIMIT 1';
    const head = this.prepare(sql).get() as { position: bigint; recorded_at: bigint } | undefined;
    this.position = head?.position ?? 0n;
    this.clock = Number(head?.recorded_at ?? 0n);
  }

  /** Positions may pass 2^53: as numbers they could not even be read. */
  private prepare(sql: string): StatementSync {
    const statement = this.database.prepare(sql);
    statement.setReadBigInts(true);
    return statement;
  }
}

function isAsExpected(expected: ExpectedRevision, actual: bigint): boolean {
  return expected === 'any' || (expected === 'no-stream' ? actual < 0n : actual === expected);
}
