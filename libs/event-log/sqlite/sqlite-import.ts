import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';

import type { RecordedEvent } from '#domain';
import { settleFile } from '#files';

import { DirectoryLock } from './directory-lock.ts';
import { EventInserter } from './event-inserter.ts';
import { IMPORTED, SCHEMA } from './sqlite-writer.ts';

/** Events that no log could hold in this order, or a directory that has a log already. */
class InvalidImportError extends Error {
  override readonly name = 'InvalidImportError';
  readonly code = 'invalid-import';
}

/**
 * Writes recorded events into a new SQLite log as they were recorded elsewhere: with their positions, revisions, ids and
 * times. Not for anything that happens now: that is appended.
 */
export class SqliteImport {
  private readonly inserter: EventInserter;
  private readonly begin: StatementSync;
  private readonly commit: StatementSync;
  private readonly streams = new Map<string, { readonly id: bigint; revision: bigint }>();
  private position = 0n;

  private constructor(
    private readonly lock: DirectoryLock,
    private readonly database: DatabaseSync,
    private readonly path: string,
    private readonly finalPath: string,
  ) {
    database.exec(SCHEMA);
    database.exec(`PRAGMA user_version = ${String(IMPORTED)}`);
    // a crash leaves a draft, or a rehearsal that is started anew: nothing that an fsync would have saved
    database.exec('PRAGMA synchronous = NORMAL');
    this.begin = database.prepare('BEGIN IMMEDIATE');
    this.commit = database.prepare('COMMIT');
    this.inserter = new EventInserter(database);
  }

  /**
   * @param place `draft`: the log appears when it is finished; `visible`: readers see it grow
   * @throws InvalidImportError when the directory has a log
   * @throws DirectoryLockedError when another process writes to the directory
   */
  static begin(directory: string, place: 'draft' | 'visible'): SqliteImport {
    const lock = DirectoryLock.acquire(directory);
    try {
      const finalPath = join(directory, 'events.db');
      if (existsSync(finalPath)) throw new InvalidImportError(`${directory} has an event log already`);
      const path = place === 'draft' ? `${finalPath}.draft` : finalPath;
      removeDatabase(path);
      return new SqliteImport(lock, new DatabaseSync(path), path, finalPath);
    } catch (error) {
      lock.release();
      throw error;
    }
  }

  /**
   * Adds events behind those that are there, in one transaction. After a refusal nothing can be added any more.
   * @throws InvalidImportError when a revision or a position is not the next one
   */
  add(events: readonly RecordedEvent[]): void {
    this.begin.run();
    try {
      for (let from = 0; from < events.length;) {
        let to = from + 1;
        while (to < events.length && events[to]!.stream === events[from]!.stream) to++;
        this.addRun(events.slice(from, to));
        from = to;
      }
      this.commit.run();
    } catch (error) {
      // a full disk may have ended it already
      if (this.database.isTransaction) this.database.exec('ROLLBACK');
      throw error;
    }
  }

  /** The log is complete, and in its place, also after a power cut. */
  finish(): void {
    this.database.exec('PRAGMA synchronous = FULL; PRAGMA wal_checkpoint(TRUNCATE)');
    this.database.close();
    if (this.path !== this.finalPath) settleFile(this.path, this.finalPath);
    this.lock.release();
  }

  /** Removes what was written. */
  discard(): void {
    if (this.database.isOpen) this.database.close();
    removeDatabase(this.path);
    this.lock.release();
  }

  /** Events of one stream that follow one another. */
  private addRun(events: readonly RecordedEvent[]): void {
    const state = this.stream(events[0]!.stream);
    for (const { stream, revision, position } of events) {
      if (revision !== state.revision + 1n || position <= this.position) {
        const place = `revision ${String(revision)} at position ${String(position)}`;
        const before = `revision ${String(state.revision)} and position ${String(this.position)}`;
        throw new InvalidImportError(`${stream}: ${place} cannot follow ${before}`);
      }
      state.revision = revision;
      this.position = position;
    }
    this.inserter.insert(state.id, events);
  }

  private stream(name: string): { readonly id: bigint; revision: bigint } {
    let state = this.streams.get(name);
    if (state === undefined) {
      const { lastInsertRowid } = this.database.prepare('INSERT INTO streams (name) VALUES (?)').run(name);
      state = { id: BigInt(lastInsertRowid), revision: -1n };
      this.streams.set(name, state);
    }
    return state;
  }
}

function removeDatabase(path: string): void {
  for (const suffix of ['', '-wal', '-shm']) rmSync(path + suffix, { force: true });
}
