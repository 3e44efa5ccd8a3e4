import type { EventContent, RecordedEvent } from '#domain';

/** An event to append. `id` is a UUID; it stays the same when the same batch is sent again. */
export type NewEvent = EventContent & { readonly id: string };

/** What the stream must look like for an append: anything, not existing, or ending at this revision. */
export type ExpectedRevision = 'any' | 'no-stream' | bigint;

/** Where the last event of an append stands. */
export interface AppendResult {
  readonly position: bigint;
  readonly revision: bigint;
}

/** The end of the log. An empty log has position 0 and recorded time 0. */
export interface Head {
  readonly position: bigint;
  /** The log's clock when it took its last event, ms since the epoch. */
  readonly recordedAt: number;
}

/**
 * What a subscription delivers: events in log order, and whether they reach the end of the log. `caughtUp` is false without
 * events when the subscription broke: from then on it is unknown whether the log has more.
 */
export interface SubscriptionPage {
  readonly events: readonly RecordedEvent[];
  readonly caughtUp: boolean;
}

/** Position before every event. */
export const START = 0n;

/** Largest append, in events and in bytes of data: with types and metadata it stays below the 1 MiB of EventStoreDB. */
export const MAX_APPEND_EVENTS = 2048;
export const MAX_APPEND_BYTES = 917_504;

/**
 * The log of events: the only truth. Streams are ordered and gapless; all of them share one total order.
 *
 * Reads are async iterables of pages, handled strictly one after another: what is read ahead of the consumer is one page at
 * most. A page never splits events that share a position, so that "after this position" is always exact.
 */
export abstract class EventLog {
  /** Whether other processes append as well, and the log has a clock that is not this host's. */
  abstract readonly isShared: boolean;

  /** Whether this process may append at all. */
  abstract readonly canAppend: boolean;

  /** Appends that are worth having on their way at a time. */
  abstract readonly parallelAppends: number;

  /**
   * Appends events to the end of a stream, all or none, durably. An identical batch sent again (same ids, same
   * expected revision) is never refused; under `any` it may be stored a second time. While the first is not answered yet, the
   * second may be left without an answer until EventLogUnavailableError.
   * @throws WrongExpectedRevisionError when the stream is not as expected: nothing was stored
   * @throws InvalidAppendError for a batch that no log could take: nothing was stored
   * @throws AppendTooLargeError: nothing was stored
   * @throws EventLogUnavailableError when the outcome is unknown or nothing could be stored: send the same batch again
   */
  abstract append(stream: string, events: readonly NewEvent[], expected: ExpectedRevision): Promise<AppendResult>;

  /** Pages of a stream's events from a revision (inclusive) to its present end. An unknown stream is empty. */
  abstract read(stream: string, from: bigint): AsyncIterable<readonly RecordedEvent[]>;

  /** Pages of the events after a position in the streams with one of the prefixes, up to the present end of the log. */
  abstract readAll(after: bigint, prefixes: readonly string[]): AsyncIterable<readonly RecordedEvent[]>;

  /**
   * The same, and then what comes later, until `signal` aborts (the iteration then simply ends). An empty page only
   * says whether the subscriber has caught up. While a server is away the iteration waits; it goes on behind the last event
   * and says again when it has caught up.
   */
  abstract subscribe(after: bigint, prefixes: readonly string[], signal: AbortSignal): AsyncIterable<SubscriptionPage>;

  /**
   * The end of the whole log, which may be an event of the server's own: a subscriber need not ever see that position.
   * @throws EventLogUnavailableError
   */
  abstract head(): Promise<Head>;

  /** The names of all streams that have events, where the store keeps a list of them; undefined where it does not. */
  streams(): Promise<readonly string[] | undefined> {
    return Promise.resolve(undefined);
  }

  /** How much there is, where positions have no gaps: each event has the next one. Undefined where they may have. */
  extent(): Promise<LogExtent | undefined> {
    return Promise.resolve(undefined);
  }

  /** Waits for appends in flight, then frees everything. Later calls throw EventLogUnavailableError. */
  abstract close(): Promise<void>;
}

/** A log's size, in two ways. */
export interface LogExtent {
  /** By the streams, whose revisions have no gaps. */
  readonly events: bigint;
  /** By the last position, of which the first is 1. */
  readonly positions: bigint;
}

/** The stream does not end where the caller expected. */
export class WrongExpectedRevisionError extends Error {
  override readonly name = 'WrongExpectedRevisionError';
  readonly code = 'wrong-expected-revision';
  /** Revision at which the stream ends; -1 when there is none. */
  readonly actual: bigint;

  constructor(stream: string, expected: ExpectedRevision, actual: bigint) {
    super(`${stream}: expected ${String(expected)}, is at ${actual < 0n ? 'no-stream' : String(actual)}`);
    this.actual = actual;
  }
}

/** The log cannot be reached or cannot store now; whether the append was stored may be unknown. */
export class EventLogUnavailableError extends Error {
  override readonly name = 'EventLogUnavailableError';
  readonly code = 'log-unavailable';
}

/** The log lets this account not in, or not do what the product needs: to wait does not help. */
export class LogAccessDeniedError extends EventLogUnavailableError {}

/** More bytes than the log takes in one append. Nothing was stored; fewer events may go. */
export class AppendTooLargeError extends Error {
  override readonly name = 'AppendTooLargeError';
  readonly code = 'append-too-large';

  /** @param limit bytes of one append, where the store says it */
  constructor(limit?: number, options?: ErrorOptions) {
    super(
      `more than the ${limit === undefined ? '' : `${String(limit)} `}bytes that the log takes in one append`,
      options,
    );
  }
}

/** A batch that no log could take: empty, too large, or with malformed events. */
export class InvalidAppendError extends Error {
  override readonly name = 'InvalidAppendError';
  readonly code = 'invalid-append';
}

/** Longest name of an event type, characters: an event is a leaf of 65,535 bytes at most. The longest of ours has 25. */
const MAX_TYPE_LENGTH = 200;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/**
 * Checks what every adapter must refuse before it touches its store.
 * @throws InvalidAppendError, AppendTooLargeError
 */
export function assertAppendable(stream: string, events: readonly NewEvent[], expected: ExpectedRevision): void {
  if (stream === '' || stream.startsWith('$')) throw new InvalidAppendError(`not a stream name: "${stream}"`);
  if (typeof expected === 'bigint' && expected < 0n) throw new InvalidAppendError('a revision is not negative');
  if (events.length === 0 || events.length > MAX_APPEND_EVENTS) {
    throw new InvalidAppendError(
      `an append has 1 to ${String(MAX_APPEND_EVENTS)} events, not ${String(events.length)}`,
    );
  }
  events.forEach(assertStorable);
  const bytes = events.reduce((sum, { data }) => sum + data.byteLength, 0);
  if (bytes > MAX_APPEND_BYTES) throw new AppendTooLargeError(MAX_APPEND_BYTES);
}

function assertStorable({ id, type, version }: NewEvent): void {
  if (!UUID.test(id)) throw new InvalidAppendError(`not a UUID: ${id}`);
  if (type === '' || type.startsWith('$') || type.length > MAX_TYPE_LENGTH)
    throw new InvalidAppendError(`not an event type: "${type.slice(0, MAX_TYPE_LENGTH)}"`);
  if (!Number.isSafeInteger(version)) throw new InvalidAppendError(`not a version: ${String(version)}`);
}
