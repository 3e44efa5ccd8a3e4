import { ANY, type AppendResult as ClientResult, NO_STREAM } from '@eventstore/db-client';

import { withinLimit } from '#async';

import {
  type AppendResult,
  AppendTooLargeError,
  EventLogUnavailableError,
  type ExpectedRevision,
  type NewEvent,
  WrongExpectedRevisionError,
} from '../event-log.ts';
import { appendLimitOf, isBeforeSending, isTooLarge, refusedAt, unavailable } from './client-errors.ts';
import { Connection } from './connection.ts';
import { encodeEvent, isPosition } from './event-codec.ts';
import { noAnswer } from './limits.ts';
import type { StreamReader } from './stream-reader.ts';

/**
 * The client names the server a moment on its own clock, which may be hours behind: then every append came too late. The server
 * has a limit of its own (2 s), and so has the adapter.
 */
const SERVER_DEADLINE_MS = 30 * 86_400_000;

/** Two event logs want to append in one process. */
export class SecondAppenderError extends Error {
  override readonly name = 'SecondAppenderError';
  readonly code = 'second-appender';
}

/**
 * Appends batches, several at a time, over one client. All clients of a process share one table of pending appends: if
 * one of them loses its server, appends of the others fail. So only one may append in a process, from its first append
 * until it is closed.
 */
export class Appender {
  private static owner: Appender | undefined;
  private connection: Connection | undefined;
  private retired: Promise<void> = Promise.resolve();
  private readonly inFlight = new Set<Promise<unknown>>();

  constructor(
    private readonly connectionString: string,
    private readonly limitMs: number,
    private readonly reader: StreamReader,
    private readonly onTrouble: (what: string, error: Error) => void,
  ) {}

  /** See {@link EventLog.append}; the batch was checked before. */
  append(stream: string, events: readonly NewEvent[], expected: ExpectedRevision): Promise<AppendResult> {
    Appender.owner ??= this;
    if (Appender.owner !== this) {
      throw new SecondAppenderError('another event log of this process appends already: close it first, or share it');
    }
    const append = this.appendOnce(stream, events, expected);
    this.inFlight.add(append);
    const settled = (): void => void this.inFlight.delete(append);
    append.then(settled, settled);
    return append;
  }

  async close(): Promise<void> {
    await Promise.allSettled(this.inFlight);
    await this.retired;
    await this.connection?.close();
    if (Appender.owner === this) Appender.owner = undefined;
  }

  private async appendOnce(
    stream: string,
    events: readonly NewEvent[],
    expected: ExpectedRevision,
  ): Promise<AppendResult> {
    try {
      const { nextExpectedRevision: revision, position } = await this.send(stream, events, expected);
      // a server that finds a batch stored already may not know where
      if (!isPosition(revision)) throw new EventLogUnavailableError(`append to ${stream}: the server says no revision`);
      if (isPosition(position?.commit)) return { revision, position: position.commit };
      return await this.reader.resultAt(stream, revision);
    } catch (error) {
      const actual = refusedAt(error);
      if (actual !== undefined) return await this.earlierResult(stream, events, expected, actual);
      if (isTooLarge(error)) throw new AppendTooLargeError(appendLimitOf(error), { cause: error });
      throw unavailable(error, `append to ${stream}`);
    }
  }

  private async send(stream: string, events: readonly NewEvent[], expected: ExpectedRevision): Promise<ClientResult> {
    // the last client must be gone: its end fails all that is pending, whoever sent it
    await this.retired;
    const connection = (this.connection ??= Connection.create(this.connectionString));
    const expectedRevision = expected === 'any' ? ANY : expected === 'no-stream' ? NO_STREAM : expected;
    try {
      const sent = connection.client.appendToStream(stream, events.map(encodeEvent), {
        expectedRevision,
        deadline: SERVER_DEADLINE_MS,
      });
      const result = await withinLimit(sent, this.limitMs, noAnswer(`append to ${stream}`));
      connection.reached();
      return result;
    } catch (error) {
      if (isBeforeSending(error)) this.retire(connection, error as Error);
      throw error;
    }
  }

  /** A client that failed to find its server may never find it again: the next append gets a new one. */
  private retire(connection: Connection, error: Error): void {
    if (this.connection !== connection) return;
    this.connection = undefined;
    this.retired = connection.dispose();
    this.onTrouble('the appending client was replaced', error);
  }

  /** The same batch sent again after an unknown outcome finds its own events behind the expected revision. */
  private async earlierResult(
    stream: string,
    events: readonly NewEvent[],
    expected: ExpectedRevision,
    actual: bigint,
  ): Promise<AppendResult> {
    if (expected !== 'any') {
      const first = expected === 'no-stream' ? 0n : expected + 1n;
      const stored = first <= actual ? await this.reader.page(stream, first, events.length) : [];
      const last = stored.at(-1);
      if (last !== undefined && events.every(({ id }, index) => stored[index]?.id === id)) {
        return { position: last.position, revision: last.revision };
      }
    }
    throw new WrongExpectedRevisionError(stream, expected, actual);
  }
}
