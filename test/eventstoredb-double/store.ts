import { EventEmitter } from 'node:events';

/** An event as an append brings it. */
export interface ProposedEvent {
  readonly id: string;
  readonly type: string;
  readonly contentType: string;
  readonly data: Uint8Array;
  readonly metadata: Uint8Array;
}

/** An event as it stands in the log. Position and revision are numbers here: no test log outgrows them. */
export interface StoredEvent extends ProposedEvent {
  readonly stream: string;
  readonly revision: number;
  readonly position: number;
  /** ms since the epoch */
  readonly created: number;
}

/** One append as it is kept. */
export interface Append {
  readonly stream: string;
  readonly created: number;
  readonly events: readonly ProposedEvent[];
}

export type Expected = 'any' | 'no-stream' | 'stream-exists' | number;

export type Outcome =
  | { readonly kind: 'stored' | 'known'; readonly revision: number; readonly position: number }
  | { readonly kind: 'wrong-version'; readonly current: number };

/** What each record takes in the log besides its own bytes: positions are offsets in a file, as on the real server. */
const RECORD_OVERHEAD = 64;
/** The log begins with a record that is no event. */
const FIRST_POSITION = 128;

/**
 * The log of the double: streams in order, one total order, and the real server's rules for repeated event ids
 * (`IndexWriter.CheckCommit` of its source).
 */
export class Store {
  readonly all: StoredEvent[] = [];
  /** Emits `news` after every append. */
  readonly news = new EventEmitter().setMaxListeners(0);
  /** Events that left through subscriptions. */
  delivered = 0;
  /** Events that subscriptions looked at. */
  searched = 0;
  /** Appends that are not answered yet, by stream and ids. */
  readonly committing = new Set<string>();
  private readonly streams = new Map<string, StoredEvent[]>();
  private readonly limits = new Map<string, number>();
  private readonly tombstoned = new Set<string>();
  /** Ids of this life of the server: all that `any` looks at. */
  private recentIds = new Map<string, StoredEvent>();
  private nextPosition = FIRST_POSITION;

  /** @param keep makes an append durable before it is answered */
  constructor(private readonly keep: (append: Append) => void = () => {}) {}

  /** Bytes of the log so far. */
  get written(): number {
    return this.nextPosition;
  }

  stream(name: string): readonly StoredEvent[] | undefined {
    return this.streams.get(name);
  }

  /** `$maxCount`: reads of the stream give its last events only, without a word; `$all` has them until a scavenge. */
  limit(name: string, count: number): void {
    this.limits.set(name, count);
  }

  /** Revision of the first event that reads of the stream still give. */
  firstRevision(name: string): number {
    return Math.max(0, (this.streams.get(name)?.length ?? 0) - (this.limits.get(name) ?? Infinity));
  }

  /** A hard delete: the stream takes nothing any more, and has an event of the server as its last. */
  tombstone(name: string): void {
    const metadata = new Uint8Array();
    const event = { id: crypto.randomUUID(), type: '$streamDeleted', contentType: '', data: metadata, metadata };
    this.append(name, [event], 'any');
    this.tombstoned.add(name);
  }

  isTombstoned(name: string): boolean {
    return this.tombstoned.has(name);
  }

  append(stream: string, events: readonly ProposedEvent[], expected: Expected): Outcome {
    const existing = this.streams.get(stream) ?? [];
    const current = existing.length - 1;
    const known =
      typeof expected === 'number' || expected === 'no-stream'
        ? this.behind(existing, events, expected)
        : this.recent(stream, events);
    if (known === 'all') return this.knownResult(stream, events, expected);
    if (known === 'some' || !isAsExpected(expected, current)) return { kind: 'wrong-version', current };
    const append = { stream, created: Date.now(), events };
    this.keep(append);
    const last = this.add(append);
    this.news.emit('news');
    return { kind: 'stored', revision: last.revision, position: last.position };
  }

  /** Takes an append that is durable already. */
  restore(append: Append): void {
    this.add(append);
  }

  /** What a restart does to a real server: `any` no longer knows the ids. */
  forgetIds(): void {
    this.recentIds = new Map();
  }

  /** Index in `all` of the first event behind a position. */
  indexBehind(position: number): number {
    let low = 0;
    for (let high = this.all.length; low < high;) {
      const middle = (low + high) >>> 1;
      if (this.all[middle]!.position <= position) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Whether a record of the log begins there; the real server fails to read from anywhere else. */
  isRecord(position: number): boolean {
    return position >= this.nextPosition || this.all[this.indexBehind(position) - 1]?.position === position;
  }

  private add({ stream, created, events }: Append): StoredEvent {
    const existing = this.streams.get(stream) ?? [];
    this.streams.set(stream, existing);
    for (const event of events) {
      const stored = { ...event, stream, created, revision: existing.length, position: this.nextPosition };
      this.nextPosition += RECORD_OVERHEAD + stream.length + sizeOf(event);
      existing.push(stored);
      this.all.push(stored);
      this.recentIds.set(event.id, stored);
    }
    return existing.at(-1)!;
  }

  /** `any`: ids are looked up in memory, in the order of the batch, until one is not known. */
  private recent(stream: string, events: readonly ProposedEvent[]): 'none' | 'some' | 'all' {
    const unknown = events.findIndex(({ id }) => this.recentIds.get(id)?.stream !== stream);
    if (unknown === -1) return 'all';
    return unknown === 0 ? 'none' : 'some';
  }

  /** An explicit revision that the stream has passed: the events there are compared, however old they are. */
  private behind(
    existing: readonly StoredEvent[],
    events: readonly ProposedEvent[],
    expected: number | 'no-stream',
  ): 'none' | 'some' | 'all' {
    const first = expected === 'no-stream' ? 0 : expected + 1;
    if (first >= existing.length) return 'none';
    const unknown = events.findIndex(({ id }, index) => existing[first + index]?.id !== id);
    if (unknown === -1) return 'all';
    return unknown === 0 ? 'none' : 'some';
  }

  private knownResult(stream: string, events: readonly ProposedEvent[], expected: Expected): Outcome {
    const last =
      typeof expected === 'number' || expected === 'no-stream'
        ? this.streams.get(stream)![(expected === 'no-stream' ? -1 : expected) + events.length]!
        : this.recentIds.get(events.at(-1)!.id)!;
    return { kind: 'known', revision: last.revision, position: last.position };
  }
}

/** Bytes of an event as the real server counts them against its limits. */
export const sizeOf = ({ type, data, metadata }: ProposedEvent): number =>
  data.byteLength + metadata.byteLength + 2 * type.length;

function isAsExpected(expected: Expected, current: number): boolean {
  if (expected === 'any') return true;
  if (expected === 'stream-exists') return current >= 0;
  return current === (expected === 'no-stream' ? -1 : expected);
}
