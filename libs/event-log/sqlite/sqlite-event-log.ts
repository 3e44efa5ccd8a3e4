import { EventEmitter } from 'node:events';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { isAborted, whileBusy } from '#async';
import type { RecordedEvent } from '#domain';

import {
  type AppendResult,
  EventLog,
  EventLogUnavailableError,
  type ExpectedRevision,
  type Head,
  type LogExtent,
  type NewEvent,
  type SubscriptionPage,
  assertAppendable,
} from '../event-log.ts';
import { Bell } from './bell.ts';
import { DirectoryLock } from './directory-lock.ts';
import { RecentEvents } from './recent-events.ts';
import { PAGE_SIZE, SqliteReader } from './sqlite-reader.ts';
import type { LogWriter } from './log-writer.ts';
import { SCHEMA } from './sqlite-writer.ts';
import { WriterThread } from './writer-thread.ts';

/** How often a subscription of another process looks for new events, ms. */
const POLL_INTERVAL_MS = 50;
/** How long a read may wait for a lock of somebody else, ms: with a write-ahead log only a recovery or a foreign program has one. */
const LOCK_LIMIT_MS = 2000;

/**
 * The embedded event log: one SQLite file in a data directory. One process opens it for writing; any number of others
 * may open it read-only beside it, as audits do.
 */
export class SqliteEventLog extends EventLog {
  override readonly isShared = false;
  /** The file is written by one transaction after the other: what waits is better off in a larger one. */
  override readonly parallelAppends = 1;
  private readonly news = new EventEmitter().setMaxListeners(0);
  private readonly recent = new RecentEvents();
  private closed = false;

  private constructor(
    /** Where it is. */
    readonly file: string,
    private opened?: SqliteReader,
    private readonly writer?: LogWriter,
    private readonly lock?: DirectoryLock,
  ) {
    super();
  }

  /**
   * @param startWriter given the file and the end of its log
   * @throws DirectoryLockedError when another process writes to the directory
   * @throws EventLogUnavailableError when the files cannot be used
   */
  static open(
    directory: string,
    startWriter = (path: string, end: Head): LogWriter => new WriterThread(path, end),
  ): SqliteEventLog {
    const lock = DirectoryLock.acquire(directory);
    try {
      const path = join(directory, 'events.db');
      prepare(path);
      const reader = new SqliteReader(path);
      return new SqliteEventLog(path, reader, startWriter(path, reader.head()), lock);
    } catch (error) {
      lock.release();
      throw unavailable(error);
    }
  }

  /** Opens the log of a directory that another process may be writing to. */
  static openReadOnly(directory: string): SqliteEventLog {
    const path = join(directory, 'events.db');
    return new SqliteEventLog(path, readerOf(path));
  }

  /** The same of a log that may be made later: until then it is unavailable. */
  static openWhenThere(directory: string): SqliteEventLog {
    return new SqliteEventLog(join(directory, 'events.db'));
  }

  override get canAppend(): boolean {
    return this.writer !== undefined;
  }

  override async append(
    stream: string,
    events: readonly NewEvent[],
    expected: ExpectedRevision,
  ): Promise<AppendResult> {
    assertAppendable(stream, events, expected);
    if (this.closed || this.writer === undefined) {
      throw new EventLogUnavailableError('the log is not open for writing');
    }
    const { result, recorded } = await this.writer.append(stream, events, expected);
    this.recent.add(recorded);
    this.news.emit('append', stream);
    return result;
  }

  override async *read(stream: string, from: bigint): AsyncIterable<readonly RecordedEvent[]> {
    let next = from;
    for (;;) {
      const page = await this.query(() => this.reader.streamPage(stream, next));
      if (page.length > 0) yield page;
      if (page.length < PAGE_SIZE) return;
      next = (page.at(-1)?.revision ?? next) + 1n;
    }
  }

  override async *readAll(after: bigint, prefixes: readonly string[]): AsyncIterable<readonly RecordedEvent[]> {
    const { position: until } = await this.head();
    for (let next = after; next < until;) {
      const page = await this.query(() => this.reader.page(next, until, prefixes));
      if (page.length > 0) yield page;
      if (page.length < PAGE_SIZE) return;
      next = page.at(-1)?.position ?? until;
    }
  }

  override async *subscribe(
    after: bigint,
    prefixes: readonly string[],
    signal: AbortSignal,
  ): AsyncIterable<SubscriptionPage> {
    const subscription = this.listen(prefixes, signal);
    let next = after;
    let announced = false;
    try {
      while (!isAborted(signal)) {
        const until = await this.announced();
        const events = next < until ? await this.newPage(next, until, prefixes) : [];
        const caughtUp = events.length < PAGE_SIZE;
        if (events.length > 0 || (caughtUp && !announced)) yield { events, caughtUp };
        announced = caughtUp;
        // an incomplete page reached `until`: what it skipped were other streams
        next = caughtUp ? until : (events.at(-1)?.position ?? until);
        if (caughtUp && !isAborted(signal)) await subscription.bell.wait();
      }
    } finally {
      subscription.end();
    }
  }

  override streams(): Promise<readonly string[]> {
    return this.query(() => this.reader.streams());
  }

  override extent(): Promise<LogExtent | undefined> {
    return this.query(() => this.reader.extent());
  }

  override head(): Promise<Head> {
    return this.query(() => this.reader.head());
  }

  override async close(): Promise<void> {
    this.closed = true;
    this.news.emit('close');
    await this.writer?.close();
    this.opened?.close();
    this.lock?.release();
  }

  /** @throws EventLogUnavailableError while there is no file */
  private get reader(): SqliteReader {
    return (this.opened ??= readerOf(this.file));
  }

  /**
   * Where the log ends as far as this process has heard: an append that is in the file may not be answered yet, and other processes
   * may have read it already.
   */
  private announced(): Promise<bigint> {
    return this.query(() => (this.writer ?? this.reader).head().position);
  }

  /** Subscribers who keep up are given what was just appended; the file is read by those who do not. */
  private newPage(after: bigint, until: bigint, prefixes: readonly string[]): Promise<readonly RecordedEvent[]> {
    return this.query(() => {
      return this.recent.between(after, until, prefixes, PAGE_SIZE) ?? this.reader.page(after, until, prefixes);
    });
  }

  private async query<T>(run: () => T): Promise<T> {
    try {
      return await whileBusy(() => {
        if (this.closed) throw new EventLogUnavailableError('the log is closed');
        return run();
      }, LOCK_LIMIT_MS);
    } catch (error) {
      throw unavailable(error);
    }
  }

  /** A bell that rings when there may be news for these prefixes, and when the subscription or the log ends. */
  private listen(prefixes: readonly string[], signal: AbortSignal): { bell: Bell; end: () => void } {
    const bell = new Bell();
    const ring = (): void => {
      bell.ring();
    };
    const onAppend = (stream: string): void => {
      if (prefixes.some((prefix) => stream.startsWith(prefix))) bell.ring();
    };
    this.news.on('append', onAppend).on('close', ring);
    signal.addEventListener('abort', ring);
    // another process writes: all that a reader can do is look again
    const poll = this.writer === undefined ? setInterval(ring, POLL_INTERVAL_MS) : undefined;
    const end = (): void => {
      this.news.off('append', onAppend).off('close', ring);
      signal.removeEventListener('abort', ring);
      clearInterval(poll);
    };
    return { bell, end };
  }
}

/** Makes the file of a new log, and finds out whether it is one. */
function prepare(path: string): void {
  const database = new DatabaseSync(path);
  try {
    database.exec(SCHEMA);
  } finally {
    database.close();
  }
}

function readerOf(path: string): SqliteReader {
  if (!existsSync(path)) throw new EventLogUnavailableError(`there is no event log in ${dirname(path)}`);
  return new SqliteReader(path);
}

function unavailable(error: unknown): EventLogUnavailableError {
  if (error instanceof EventLogUnavailableError) return error;
  return new EventLogUnavailableError(`the event log cannot be read: ${(error as Error).message}`, { cause: error });
}
