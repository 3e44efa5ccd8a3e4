import type { RecordedEvent } from '#domain';

/** How far to read: to the end, up to a position (inclusive), or up to a time of the log's clock (ms, inclusive). */
export type Until = { readonly position: bigint } | { readonly time: number };

/** Some events of a poll, and how much of the source is read with them, from 0 to 1. */
export interface SourcePage {
  readonly events: readonly RecordedEvent[];
  readonly fraction: number;
}

/** Where an audit reads a poll's events: a log, or an export of one. */
export interface EventSource {
  /** What it is, for the report. */
  readonly name: string;

  /** The events of both streams of a poll in log order, to the end that the source has now. */
  pages(pollId: string): AsyncIterable<SourcePage>;

  /** What does not agree within the source itself; known once the pages were read to the end. Undefined: nothing to check. */
  findings(): readonly string[] | undefined;
}
