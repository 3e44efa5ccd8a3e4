import type { RecordedEvent } from '#domain';
import type { EventLog } from '#event-log';
import type { ReadModel } from '#read-model';

import type { Counts } from './counts.ts';
import type { AuditReport } from './report.ts';
import type { EventSource, Until } from './source.ts';

export type { Counts } from './counts.ts';
export type { AuditReport, Check, CheckId } from './report.ts';
export type { EventSource, SourcePage, Until } from './source.ts';

/** What somebody published: the fields of `/total` that are compared. */
export interface Published {
  /** Where it was read, for the report. */
  readonly name: string;
  readonly digest: string;
  readonly counts: Pick<Counts, 'revision' | 'votes' | 'hours' | 'duplicates' | 'late' | 'expired' | 'quarantined'>;
}

export interface AuditOptions {
  readonly source: EventSource;
  readonly pollId: string;
  /** Compared at the position that it has when the audit begins. */
  readonly readModel?: Pick<ReadModel, 'load'>;
  /** Asked when the audit begins; compared at the revision that it says. */
  readonly published?: () => Promise<Published>;
  /** Point in time; then neither of them is compared. */
  readonly until?: Until;
  /** The commitment of an earlier report, `<sha256>@<revision>`. */
  readonly expected?: string;
  /** Off: the second recount, in SQL, is left out. */
  readonly independent?: boolean;
  readonly onProgress?: (events: number, fraction: number) => void;
  readonly signal?: AbortSignal;
}

/** Reads a poll once, counts it twice and compares. Lets other work of the process go on. */
export declare function audit(options: AuditOptions): Promise<AuditReport>;

/** The poll's streams in a log that may be in use. */
export declare function logSource(log: EventLog, name: string): EventSource;
/** An export, compressed or not. */
export declare function exportSource(path: string): EventSource;

/** What `GET /total` answered. @throws TypeError when it is something else */
export declare function publishedTotal(name: string, json: unknown): Published;

export interface ExportOptions {
  readonly log: EventLog;
  /** Without it the whole log. */
  readonly pollId?: string;
  readonly until?: Until;
  readonly onProgress?: (events: number, fraction: number) => void;
}
/** NDJSON text in chunks, the manifest as its last line; not compressed. */
export declare function exportNdjson(options: ExportOptions): AsyncIterable<Uint8Array>;
/** CSV (RFC 4180, a header line) of a poll's ballot box in chunks; not compressed. */
export declare function exportCsv(options: ExportOptions & { pollId: string }): AsyncIterable<Uint8Array>;

/** The report as text, and as one self-contained HTML page with charts, made for printing. Brazilian Portuguese. */
export declare function renderText(report: AuditReport): string;
export declare function renderHtml(report: AuditReport): string;

/** The fold alone. */
export declare function recount(pollId: string, events: Iterable<RecordedEvent>): Counts;
