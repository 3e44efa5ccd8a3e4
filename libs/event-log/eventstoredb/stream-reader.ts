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
import { decodeEvent } from './event-codec.ts';
import { noAnswer } from './limits.ts';

/** Reads of a known size, each within the time limit. */
export class StreamReader {
  constructor(
    private readonly connection: Connection,
    private readonly limitMs: number,
  ) {}

  /** Up to `count` events of a stream from a revision on; none of an unknown stream. */
  async page(stream: string, from: bigint, count: number): Promise<RecordedEvent[]> {
    const read = this.connection.client.readStream(stream, { fromRevision: from < 0n ? 0n : from, maxCount: count });
    try {
      const events = await this.collect(read, `read ${stream}`);
      return events.map(decodeEvent).filter((event) => event !== undefined);
    } catch (error) {
      if (isStreamNotFound(error)) return [];
      throw unavailable(error, `read ${stream}`);
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
      const [last] = await this.collect(read, 'read the head');
      const { position, created } = last?.event ?? {};
      return { position: position?.commit ?? 0n, recordedAt: created?.getTime() ?? 0 };
    } catch (error) {
      throw unavailable(error, 'read the head');
    }
  }

  private async collect<E extends ResolvedEvent | AllStreamResolvedEvent>(
    read: StreamingRead<E>,
    doing: string,
  ): Promise<E[]> {
    try {
      const events = await withinLimit(allOf(read), this.limitMs, noAnswer(doing));
      this.connection.reached();
      return events;
    } catch (error) {
      void read.cancel().catch(() => {});
      throw error;
    }
  }
}

async function allOf<E>(read: AsyncIterable<E>): Promise<E[]> {
  const events: E[] = [];
  for await (const event of read) events.push(event);
  return events;
}
