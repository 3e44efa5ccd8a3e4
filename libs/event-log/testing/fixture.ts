import { randomBytes, randomUUID } from 'node:crypto';

import type { RecordedEvent } from '#domain';

import { type EventLog, type NewEvent, START } from '../event-log.ts';

/** What an adapter gives the contract suite. The store behind it is never empty and never emptied. */
export interface EventLogHarness {
  /** Opens the log for reading and writing. The suite closes it before it opens it again. */
  open(): Promise<EventLog>;
  /** Opens the same store as another process would that only reads, beside the writer. */
  openReader(): Promise<EventLog>;
  readonly capabilities: {
    /** Whether what `openReader` gives refuses to append. */
    readonly readerIsReadOnly: boolean;
    /** Events that fill several pages of a read. */
    readonly bigHistory: number;
  };
}

/** One test's view of the store: two clients, and names that no other test uses. */
export interface Fixture {
  readonly log: EventLog;
  readonly reader: EventLog;
  readonly capabilities: EventLogHarness['capabilities'];
  /** Closes the writer and opens it anew, as a restart does. */
  readonly reopen: () => Promise<EventLog>;
}

/** A prefix that no other stream of the store has. */
export const uniquePrefix = (): string => `contract-${randomBytes(6).toString('hex')}-`;

export const uniqueStream = (): string => `${uniquePrefix()}votes`;

export const newEvent = (text = '', type = 'VoteCast'): NewEvent => ({
  id: randomUUID(),
  type,
  version: 1,
  data: Buffer.from(text),
});

/** `count` events with the texts `label0`, `label1`, … */
export const newEvents = (count: number, label = ''): NewEvent[] =>
  Array.from({ length: count }, (_, index) => newEvent(`${label}${index}`));

const textOf = ({ data }: Pick<RecordedEvent, 'data'>): string => Buffer.from(data).toString();
export const textsOf = (events: readonly Pick<RecordedEvent, 'data'>[]): string[] => events.map(textOf);
export const idsOf = (events: readonly { readonly id: string }[]): string[] => events.map(({ id }) => id);

/** All pages, as they came. */
export async function pagesOf<T>(pages: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const page of pages) all.push(page);
  return all;
}

export const readAllOf = async (log: EventLog, prefix: string, after = START): Promise<RecordedEvent[]> =>
  (await pagesOf(log.readAll(after, [prefix]))).flat();

export const readStream = async (log: EventLog, stream: string, from = 0n): Promise<RecordedEvent[]> =>
  (await pagesOf(log.read(stream, from))).flat();

/** Appends many events, a thousand at a time. */
export async function appendMany(log: EventLog, stream: string, count: number, label = ''): Promise<NewEvent[]> {
  const events = newEvents(count, label);
  for (let at = 0; at < count; at += 1000) await log.append(stream, events.slice(at, at + 1000), 'any');
  return events;
}

/** Resolves once the condition holds. */
export async function until(condition: () => boolean, what: string, timeoutMs = 10_000): Promise<void> {
  const end = Date.now() + timeoutMs;
  while (!condition()) {
    if (Date.now() > end) throw new Error(`waited in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
