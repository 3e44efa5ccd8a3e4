import { BackOff, isAborted } from '#async';
import type { RecordedEvent } from '#domain';

import {
  type AppendResult,
  EventLog,
  EventLogUnavailableError,
  type ExpectedRevision,
  type Head,
  type NewEvent,
  type SubscriptionPage,
} from '../event-log.ts';
import { AllFeed, BehindFeedError, SilentFeedError, positionOf } from './all-feed.ts';
import { Appender } from './appender.ts';
import { unavailable } from './client-errors.ts';
import { Connection } from './connection.ts';
import { assertSendable } from './event-codec.ts';
import { DEFAULT_LIMITS, type Limits } from './limits.ts';
import { containStrayRejections } from './stray-rejections.ts';
import { StreamReader } from './stream-reader.ts';

export interface EventStoreDbOptions {
  readonly limits?: Partial<Limits>;
  /** Refuses to append. */
  readonly readOnly?: boolean;
  /** Hears of what the log gets over by itself: a lost subscription, a replaced client, a stray error of the client. */
  readonly onTrouble?: (what: string, error: Error) => void;
}

/**
 * The event log in EventStoreDB 23.10 and later (KurrentDB). Connects with its first call. Positions are those of the server's
 * transaction file: they grow, but not by ones, and only positions of events (or START) can be resumed from. The head
 * may be an event of the server itself. Reading all streams needs an account that may read `$all`.
 */
export class EventStoreDbEventLog extends EventLog {
  override readonly isShared = true;
  /** Appends that may be on their way at a time: together they fill the pipe, alone each waits for its own fsync. */
  override readonly parallelAppends = 8;
  private readonly closing = new AbortController();
  private readonly reading: Connection;
  private readonly reader: StreamReader;
  private readonly appender: Appender | undefined;
  private readonly limits: Limits;
  private readonly onTrouble: (what: string, error: Error) => void;
  private readonly release: () => void;

  private constructor(connectionString: string, options: EventStoreDbOptions) {
    super();
    this.limits = { ...DEFAULT_LIMITS, ...options.limits };
    const onTrouble = (this.onTrouble = options.onTrouble ?? (() => {}));
    this.reading = Connection.create(connectionString);
    this.reader = new StreamReader(this.reading, this.limits.readMs);
    if (options.readOnly !== true) {
      this.appender = new Appender(connectionString, this.limits.appendMs, this.reader, onTrouble);
    }
    this.release = containStrayRejections((error) => onTrouble('the client lost an error', error));
  }

  /**
   * @param connectionString `esdb://…` or `esdb+discover://…`, with credentials, TLS and keep-alive as the client knows them
   * @throws TypeError when it cannot be understood
   */
  static connect(connectionString: string, options: EventStoreDbOptions = {}): EventStoreDbEventLog {
    return new EventStoreDbEventLog(connectionString, options);
  }

  override get canAppend(): boolean {
    return this.appender !== undefined;
  }

  /** @throws SecondAppenderError when another log of this process appends already */
  override append(stream: string, events: readonly NewEvent[], expected: ExpectedRevision): Promise<AppendResult> {
    return Promise.try(() => {
      assertSendable(stream, events, expected);
      this.assertOpen();
      if (this.appender === undefined) throw new EventLogUnavailableError('the log is not open for writing');
      return this.appender.append(stream, events, expected);
    });
  }

  override async *read(stream: string, from: bigint): AsyncIterable<readonly RecordedEvent[]> {
    this.assertOpen();
    for await (const page of this.reader.pages(stream, from)) {
      yield page;
      this.assertOpen();
    }
  }

  /** The client's own read of `$all` takes no filter; a subscription that ends at the head does. */
  override async *readAll(after: bigint, prefixes: readonly string[]): AsyncIterable<readonly RecordedEvent[]> {
    const { position: until } = await this.head();
    if (after >= until || prefixes.length === 0) return;
    const feed = new AllFeed(this.reading, positionOf(after), prefixes);
    for await (const { events, caughtUp } of feed.pages(this.closing.signal, this.limits.readMs)) {
      const page = events.filter(({ position }) => position <= until);
      if (page.length > 0) yield page;
      if (caughtUp || page.length < events.length || page.at(-1)?.position === until) return;
    }
    this.assertOpen();
  }

  /**
   * Never ends while the store is away: it says so, waits, and goes on behind the last event when the store is back. A silent
   * subscription is opened anew now and then: only that tells a log to which nothing happens from a dead connection.
   */
  override async *subscribe(
    after: bigint,
    prefixes: readonly string[],
    signal: AbortSignal,
  ): AsyncIterable<SubscriptionPage> {
    const ended = AbortSignal.any([signal, this.closing.signal]);
    const backOff = new BackOff(this.limits);
    for (let from = positionOf(after); !isAborted(ended);) {
      const feed = new AllFeed(this.reading, from, prefixes);
      try {
        for await (const page of feed.pages(ended, this.limits.idleMs)) {
          backOff.reset();
          yield page;
        }
      } catch (error) {
        if (error instanceof BehindFeedError && feed.resumeFrom.commit > from.commit) {
          yield { events: [], caughtUp: false };
        } else if (!(error instanceof SilentFeedError && feed.isLive)) {
          this.onTrouble('a subscription broke and is opened again', unavailable(error, 'subscribe'));
          yield { events: [], caughtUp: false };
          await backOff.wait(ended);
        }
      }
      from = feed.resumeFrom;
    }
    if (!signal.aborted) this.assertOpen();
  }

  override head(): Promise<Head> {
    return Promise.try(() => {
      this.assertOpen();
      return this.reader.head();
    });
  }

  override async close(): Promise<void> {
    if (this.closing.signal.aborted) return;
    this.closing.abort();
    await this.appender?.close();
    await this.reading.close();
    this.release();
  }

  private assertOpen(): void {
    if (this.closing.signal.aborted) throw new EventLogUnavailableError('the log is closed');
  }
}
