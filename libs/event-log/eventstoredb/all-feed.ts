import { isAborted } from '#async';
import {
  type AllStreamResolvedEvent,
  type EventStoreDBClient,
  type Filter,
  type Position,
  START as FROM_START,
  streamNameFilter,
} from '@eventstore/db-client';
import type { Duplex } from 'node:stream';
import { setImmediate } from 'node:timers/promises';

import type { RecordedEvent } from '#domain';

import { EventLogUnavailableError, START, type SubscriptionPage } from '../event-log.ts';
import { isTooSlow, unavailable } from './client-errors.ts';
import type { Connection } from './connection.ts';
import { decodeEvent, isPosition } from './event-codec.ts';

/** Events of a page at most, and how many the client holds ready before the server has to wait. */
const PAGE_SIZE = 500;
/** How long a page of the past waits for more, ms. */
const GATHER_MS = 20;
/** Events that the server searches between two signs of life. */
const MAX_SEARCH_WINDOW = 1000;

/** Nothing came for as long as may be: the server has nothing, or nobody hears it. */
export class SilentFeedError extends EventLogUnavailableError {}

/** The server ended a feed that is behind: opened again, it goes on from the log in pages. */
export class BehindFeedError extends EventLogUnavailableError {}

/** One filtered subscription to `$all`, from a position (exclusive) until it breaks or is closed. It never resumes. */
export class AllFeed {
  private readonly subscription: ReturnType<EventStoreDBClient['subscribeToAll']>;
  private live = false;
  private failure: Error | undefined;
  private checkpoint: Position | undefined;
  private reached: Position;
  private news = Promise.withResolvers<'something' | 'nothing'>();
  private heardAt = 0;

  constructor(
    private readonly connection: Connection,
    after: Position,
    prefixes: readonly string[],
  ) {
    this.reached = after;
    const onCheckpoint = (checkpoint: Position): void => {
      // 24.10.0 to 24.10.4 send the largest number there is where nothing matched: a feed opened there would skip everything
      if (isPosition(checkpoint.commit) && isPosition(checkpoint.prepare)) this.checkpoint = checkpoint;
      this.ring();
    };
    this.subscription = connection.client.subscribeToAll(
      { fromPosition: after.commit <= START ? FROM_START : after, filter: filterOf(prefixes, onCheckpoint) },
      { highWaterMark: PAGE_SIZE },
    );
    this.listen();
  }

  /** Whether the end of the log was reached. */
  get isLive(): boolean {
    return this.live;
  }

  /**
   * Everything up to here was delivered: the last event, or a checkpoint behind it, so that a subscription to a few streams need
   * not search again what the others have in between.
   */
  get resumeFrom(): Position {
    return this.reached;
  }

  /**
   * Pages until the signal aborts. The server sends no faster than they are taken.
   * @param idleLimitMs how long the server may give no sign of life
   * @throws EventLogUnavailableError when the subscription broke; what came before was delivered
   * @throws SilentFeedError
   */
  async *pages(signal: AbortSignal, idleLimitMs: number): AsyncGenerator<SubscriptionPage> {
    const ring = (): void => this.ring();
    signal.addEventListener('abort', ring);
    try {
      for (let told = false; !isAborted(signal);) {
        const page = await this.nextPage(signal, told, idleLimitMs);
        if (page === undefined) return;
        yield page;
        told = page.caughtUp;
      }
    } finally {
      signal.removeEventListener('abort', ring);
      this.close();
    }
  }

  /** A page with events, or an empty one that only says that the end of the log is reached, once. */
  private async nextPage(
    signal: AbortSignal,
    told: boolean,
    idleLimitMs: number,
  ): Promise<SubscriptionPage | undefined> {
    const events: RecordedEvent[] = [];
    this.heardAt = performance.now();
    while (!isAborted(signal)) {
      this.takeInto(events);
      this.noteReached(events.at(-1));
      const caughtUp = this.live && events.length < PAGE_SIZE && this.isDrained();
      if (this.isDue(events, caughtUp, told)) return { events, caughtUp };
      if (await this.hasNews(events.length > 0 ? GATHER_MS : idleLimitMs)) continue;
      if (events.length > 0) return { events, caughtUp };
      throw new SilentFeedError('the server gives no sign of life');
    }
    return undefined;
  }

  private isDue({ length }: readonly RecordedEvent[], caughtUp: boolean, told: boolean): boolean {
    if (length === 0) return caughtUp && !told;
    return caughtUp || length >= PAGE_SIZE || this.failure !== undefined;
  }

  private close(): void {
    this.subscription.unsubscribe().catch(() => {});
    this.subscription.destroy();
  }

  /** The `error` listener stays for good: without one, a late error would end the process. */
  private listen(): void {
    this.subscription
      .on('readable', () => this.ring())
      .on('confirmation', () => {
        this.connection.reached();
        this.ring();
      })
      .on('caughtUp', () => {
        this.live = true;
        this.ring();
      })
      .on('fellBehind', () => {
        this.live = false;
        this.ring();
      })
      .on('error', (error: Error) => this.fail(error))
      .on('end', () => this.fail(new Error('the server ended the subscription')))
      .on('close', () => this.fail(new Error('the subscription was closed')));
  }

  /** Fills a page with what is there. */
  private takeInto(events: RecordedEvent[]): void {
    while (events.length < PAGE_SIZE) {
      const resolved = this.subscription.read() as AllStreamResolvedEvent | null;
      if (resolved === null) return;
      const event = decodeEvent(resolved);
      if (event !== undefined) events.push(event);
    }
  }

  /** A checkpoint counts only when all that came before it was taken; what is in a broken subscription may be lost. */
  private noteReached(last: RecordedEvent | undefined): void {
    if (last !== undefined) this.reached = positionOf(last.position);
    const { checkpoint, failure } = this;
    if (checkpoint === undefined || failure !== undefined || !this.isDrained()) return;
    if (checkpoint.commit > this.reached.commit) this.reached = checkpoint;
  }

  /** Whether all that came from the server was taken. */
  private isDrained(): boolean {
    const { readableLength, writableLength, destroyed } = this.subscription as unknown as Duplex;
    return destroyed || (readableLength === 0 && writableLength === 0);
  }

  /**
   * Waits for something to do. False when the time is up.
   * @throws EventLogUnavailableError when the subscription broke and all that came was taken
   */
  private async hasNews(limitMs: number): Promise<boolean> {
    const waits = this.isDrained();
    if (waits) {
      const { failure } = this;
      if (isTooSlow(failure)) throw new BehindFeedError('the server ended a subscription that is behind');
      if (failure !== undefined) throw unavailable(failure, 'subscribe');
      const timer = setTimeout(() => this.news.resolve('nothing'), limitMs);
      const news = await this.news.promise;
      clearTimeout(timer);
      this.news = Promise.withResolvers();
      if (news === 'nothing') return false;
    }
    // what came together is converted together: one turn later it is all there, unless the client lost an error on the way
    await setImmediate();
    return waits || performance.now() - this.heardAt < limitMs;
  }

  private fail(error: Error): void {
    this.failure ??= error;
    this.ring();
  }

  private ring(): void {
    this.heardAt = performance.now();
    this.news.resolve('something');
  }
}

/** The position of an event, as the server takes it. */
export const positionOf = (position: bigint): Position => ({ commit: position, prepare: position });

/** No prefix is no stream; an empty prefix is every stream but the server's own. */
function filterOf(prefixes: readonly string[], onCheckpoint: (position: Position) => void): Filter {
  const checkpointReached = (_subscription: unknown, position: Position): void => onCheckpoint(position);
  const signs = { maxSearchWindow: MAX_SEARCH_WINDOW, checkpointReached };
  if (prefixes.length === 0) return streamNameFilter({ ...signs, regex: '^$' });
  if (prefixes.includes('')) return streamNameFilter({ ...signs, regex: '^[^$]' });
  return streamNameFilter({ ...signs, prefixes: [...prefixes] });
}
