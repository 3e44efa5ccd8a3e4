import { DatabaseSync, type StatementSync } from 'node:sqlite';

import type { RecordedEvent } from '#domain';

import type { Head, LogExtent } from '../event-log.ts';
import { IMPORTED } from './sqlite-writer.ts';

type Row = [
  position: bigint,
  stream: bigint,
  revision: bigint,
  recordedAt: bigint,
  id: string,
  type: string,
  version: bigint,
  data: Uint8Array,
];

/** Events a query fetches at most. Pages, not `.iterate()`: an open cursor would keep the WAL from being checkpointed. */
export const PAGE_SIZE = 250;

/** No event has a lower place, and none that a log gave has one below 0. */
const LOWEST = -(2n ** 63n);

const COLUMNS = 'position, stream, revision, recorded_at, id, type, version, data';

/** Reads pages from the SQLite file, beside its writer, in this process or another. */
export class SqliteReader {
  private readonly database: DatabaseSync;
  private readonly statements = new Map<string, StatementSync>();
  private readonly names = new Map<bigint, string>();

  constructor(path: string) {
    this.database = new DatabaseSync(path, { readOnly: true });
  }

  /** One page of a stream from a revision on; from 0 on it is all of the stream, also what no log can have written there. */
  streamPage(stream: string, from: bigint): RecordedEvent[] {
    const sql = `SELECT ${COLUMNS} FROM events
      WHERE stream = (SELECT id FROM streams WHERE name = ?) AND revision >= ? ORDER BY revision LIMIT ${String(PAGE_SIZE)}`;
    return this.query(sql, stream, from === 0n ? LOWEST : from);
  }

  /** One page of the streams with one of the prefixes, behind `after` and up to `until` inclusive. */
  page(after: bigint, until: bigint, prefixes: readonly string[]): RecordedEvent[] {
    const anyPrefix = prefixes.map(() => 'substr(name, 1, length(?)) = ?').join(' OR ');
    // +stream: by the index of streams every page would sort all of their events
    const sql = `SELECT ${COLUMNS} FROM events
      WHERE position > ? AND position <= ? AND +stream IN (SELECT id FROM streams WHERE ${anyPrefix || 'FALSE'})
      ORDER BY position LIMIT ${String(PAGE_SIZE)}`;
    return this.query(sql, after, until, ...prefixes.flatMap((prefix) => [prefix, prefix]));
  }

  /** Names of the streams that have events; `?9` where somebody took the name of stream 9 away. */
  streams(): string[] {
    // from one stream to the next: the events of each are not looked at
    const sql = `WITH RECURSIVE used (id) AS (
        SELECT min(stream) FROM events
        UNION ALL SELECT (SELECT min(stream) FROM events WHERE stream > used.id) FROM used WHERE id NOT NULL)
      SELECT coalesce(name, '?' || used.id) FROM used LEFT JOIN streams USING (id) WHERE used.id NOT NULL ORDER BY used.id`;
    return (this.statement(sql).all() as unknown as [string][]).map(([name]) => name);
  }

  /** Undefined where the log was imported: it has the positions of another one. */
  extent(): LogExtent | undefined {
    const sql = `SELECT (SELECT user_version FROM pragma_user_version),
      (SELECT coalesce(sum((SELECT max(revision) + 1 FROM events WHERE stream = streams.id)), 0) FROM streams),
      (SELECT coalesce(max(position), 0) FROM events)`;
    const [origin, events, positions] = this.statement(sql).get() as unknown as [bigint, bigint, bigint];
    return origin === IMPORTED ? undefined : { events, positions };
  }

  head(): Head {
    const sql = 'SELECT position, recorded_at FROM events ORDER BY position DESC LIMIT 1';
    const [position, recordedAt] = (this.statement(sql).get() ?? [0n, 0n]) as unknown as [bigint, bigint];
    return { position, recordedAt: Number(recordedAt) };
  }

  close(): void {
    if (this.database.isOpen) this.database.close();
  }

  private query(sql: string, ...parameters: (string | bigint)[]): RecordedEvent[] {
    const rows = this.statement(sql).all(...parameters) as unknown as Row[];
    return rows.map(([position, stream, revision, recordedAt, id, type, version, data]) => ({
      position,
      stream: this.nameOf(stream),
      revision,
      recordedAt: Number(recordedAt),
      id,
      type,
      version: Number(version),
      data,
    }));
  }

  private statement(sql: string): StatementSync {
    let statement = this.statements.get(sql);
    if (statement === undefined) {
      statement = this.database.prepare(sql);
      statement.setReadBigInts(true);
      // arrays are made faster than objects
      statement.setReturnArrays(true);
      this.statements.set(sql, statement);
    }
    return statement;
  }

  private nameOf(id: bigint): string {
    let name = this.names.get(id);
    if (name === undefined) {
      [name] = this.statement('SELECT name FROM streams WHERE id = ?').get(id) as unknown as [string];
      this.names.set(id, name);
    }
    return name;
  }
}
