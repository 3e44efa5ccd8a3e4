import {
  type AllStreamResolvedEvent,
  BACKWARDS,
  END,
  type ResolvedEvent,
  type StreamingRead,
} from '@eventstore/db-client';

import { withinLimit } from '#async';
import type { RecordedEvent } from '#domain';

import { type AppendResult, EventLogUnavailableError, type Head } from '../event-log.ts';
import { isStreamNotFound, unavailable } from './client-errors.ts';
import type { Connection } from './connection.ts';
import { decodeEvent, isPosition } from './event-codec.ts';
import { noAnswer } from './limits.ts';
import { StreamPages } from './stream-pages.ts';

/** Reads of streams, each of a known size or a page within the time limit. */
export class StreamReader {
  constructor(
    private readonly connection: Connection,
    private readonly limitMs: number,
  ) {}

  /** Up to `count` events of a stream from a revision on; none of an unknown stream. */
  async page(stream: string, from: bigint, count: number): Promise<RecordedEvent[]> {
    const read = this.connection.client.readStream(stream, { fromRevision: from < 0n ? 0n : from, maxCount: count });
    try {
      return await this.collect(read, decodeEvent, `read ${stream}`);
    } catch (error) {
      if (isStreamNotFound(error)) return [];
      throw unavailable(error, `read ${stream}`);
    }
  }

  /** All events of a stream from a revision on, in one call; one page at most is read ahead. None of an unknown stream. */
  async *pages(stream: string, from: bigint): AsyncGenerator<readonly RecordedEvent[]> {
    const doing = `read ${stream}`;
    const read = this.connection.client.readStream(stream, { fromRevision: from < 0n ? 0n : from });
    const pages = new StreamPages(read);
    try {
      for (let isLast = false; !isLast;) {
        const page = await withinLimit(pages.next(), this.limitMs, noAnswer(doing));
        this.connection.reached();
        isLast = page.isLast;
        if (page.events.length > 0) yield page.events;
      }
    } catch (error) {
      if (!isStreamNotFound(error)) throw unavailable(error, doing);
    } finally {
      void read.cancel().catch(() => {});
    }
  }

  /** Where the event with this revision stands. */
  async resultAt(stream: string, revision: bigint): Promise<AppendResult> {
    const [event] = await this.page(stream, revision, 1);
    if (event === undefined) throw new EventLogUnavailableError(`${stream} has no revision ${String(revision)} yet`);
    return { revision, position: event.position };
  }

  /** The end of `$all`: the last event may be one of the server's own. */
  async head(): Promise<Head> {
    const read = this.connection.client.readAll({ direction: BACKWARDS, fromPosition: END, maxCount: 1 });
    try {
      const [last] = await this.collect(read, ({ event }) => event, 'read the head');
      const { position, created } = last ?? {};
      const commit = position?.commit ?? 0n;
      if (!isPosition(commit)) throw new EventLogUnavailableError('the server does not know where its log ends');
      return { position: commit, recordedAt: created?.getTime() ?? 0 };
    } catch (error) {
      throw unavailable(error, 'read the head');
    }
  }

  private async collect<E extends ResolvedEvent | AllStreamResolvedEvent, T>(
    read: StreamingRead<E>,
    convert: (event: E) => T | undefined,
    doing: string,
  ): Promise<T[]> {
    try {
      const events = await withinLimit(allOf(read, convert), this.limitMs, noAnswer(doing));
      this.connection.reached();
      return events;
    } catch (error) {
      void read.cancel().catch(() => {});
      throw error;
    }
  }
}

/** By its events: as an iterable it would take a promise for each of them. Late errors are listened to as well. */
function allOf<E, T>(read: StreamingRead<E>, convert: (event: E) => T | undefined): Promise<T[]> {
  const events: T[] = [];
  return new Promise((resolve, reject) => {
    read
      .on('data', (event: E) => {
        const converted = convert(event);
        if (converted !== undefined) events.push(converted);
      })
      .on('end', () => resolve(events))
      .on('error', reject)
      .on('close', () => reject(new Error('the read was closed')));
  });
}
