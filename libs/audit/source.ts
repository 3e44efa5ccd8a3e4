import { dirname } from 'node:path';

import type { ReadStream, RecordedEvent } from '#domain';
import { type EventLog, SqliteEventLog } from '#event-log';

import type { Finding } from './findings.ts';
import { type SourcePage, pollPages } from './poll-pages.ts';
import { type LoggedPolls, pollsOf } from './polls.ts';

/** How far to read: to the end, up to a position (inclusive), or up to a time of the log's clock (ms, inclusive). */
export type Until = { readonly position: bigint } | { readonly time: number };

/** What was read, for the report. */
export interface SourceName {
  readonly kind: 'sqlite' | 'eventstoredb' | 'export';
  /** Directory or file, where there is one to name. */
  readonly path?: string;
}

/** Where an audit reads a poll's events: a log, or an export of one. */
export interface EventSource {
  readonly name: SourceName;

  /** A SQLite log that has these events in its table: there they can be counted where they are. */
  readonly file?: string | undefined;

  /** A stream of the poll once more, from a revision on, beside `pages`. */
  readonly read: ReadStream;

  /** The events of both streams of a poll and its photos in log order, to the end that the source has when this is called. */
  pages(pollId: string): AsyncIterable<SourcePage>;

  /**
   * What does not agree within the source itself; complete when the pages were read to their end. Undefined
   * where a source says nothing of itself.
   */
  findings(): readonly Finding[] | undefined;

  /**
   * Every poll that it has; undefined where it is of one poll alone. Asked after the reading.
   * @param known ids that somebody knows of
   */
  polls(known: Iterable<string>): Promise<LoggedPolls | undefined>;

  /** Whether services may be appending to it. */
  readonly isInUse: boolean;

  /** Up to when it tells what happened, ms since the epoch; undefined where it does not say. Asked after the reading. */
  asOf(): number | undefined;
}

/** Whether an event is after the end. */
export function isBehind(event: RecordedEvent, until: Until): boolean {
  return 'position' in until ? event.position > until.position : event.recordedAt > until.time;
}

/** The events that are not. */
export function upTo(until: Until | undefined, events: readonly RecordedEvent[]): readonly RecordedEvent[] {
  const behind = until === undefined ? -1 : events.findIndex((event) => isBehind(event, until));
  return behind < 0 ? events : events.slice(0, behind);
}

/** The streams of polls in a log; it may be in use. */
export function logSource(log: EventLog): EventSource {
  const file = log instanceof SqliteEventLog ? log.file : undefined;
  return {
    name: file === undefined ? { kind: 'eventstoredb' } : { kind: 'sqlite', path: dirname(file) },
    file,
    read: (stream, from) => log.read(stream, from),
    pages: (pollId) => pollPages(log, pollId),
    findings: () => undefined,
    isInUse: true,
    polls: (known) => pollsOf(log, known),
    asOf: () => Date.now(),
  };
}
