import {
  type RecordedEvent,
  CHECKPOINT_PREFIX,
  PHOTO_PREFIX,
  POLL_STREAM_PREFIXES,
  ballotBoxStream,
  decodeVoteCast,
  UnreadableEventError,
  isoTime,
} from '#domain';
import type { EventLog } from '#event-log';

import { isoOf } from '../order-check.ts';
import type { SourcePage } from '../poll-pages.ts';
import { isRehearsal } from '../polls.ts';
import { type Until, isBehind, logSource } from '../source.ts';
import { GaplessStreams } from './gapless.ts';
import { type ExportHeader, FORMAT, FORMAT_VERSION, encodeLine } from './lines.ts';
import { ManifestBuilder } from './manifest.ts';

export interface ExportOptions {
  readonly log: EventLog;
  /** Without it the polls of the whole log. */
  readonly pollId?: string | undefined;
  readonly until?: Until | undefined;
  readonly onProgress?: ((events: number, fraction: number) => void) | undefined;
}

/**
 * An export, line by line: a header, the events in log order, and the manifest. Text in chunks of a page, not compressed.
 * @throws EventLogUnavailableError, IncompleteLogError
 */
export async function* exportNdjson(options: ExportOptions): AsyncGenerator<string> {
  const builder = new ManifestBuilder();
  const { pollId, until } = options;
  const header: ExportHeader = {
    format: FORMAT,
    version: FORMAT_VERSION,
    ...(pollId !== undefined && { pollId }),
    ...(pollId !== undefined && (await isRehearsal(options.log, pollId)) && { rehearsal: true }),
    ...(until !== undefined && { until: 'position' in until ? String(until.position) : isoOf(until.time) }),
    exportedAt: isoTime(Date.now()),
  };
  const first = `${JSON.stringify(header)}\n`;
  builder.addBytes(first);
  yield first;
  for await (const events of exportedPages(options)) {
    let text = '';
    for (const event of events) {
      text += encodeLine(event);
      builder.addEvent(event);
    }
    builder.addBytes(text);
    yield text;
  }
  yield `${JSON.stringify({ manifest: builder.manifest() })}\n`;
}

const CSV_HEADER = 'revision,position,recorded_at,event_id,type,version,vote_id,participant,cast_at,expires_at\r\n';

/**
 * The ballot box of a poll as CSV (RFC 4180), an event a line, for spreadsheets and other people's programs. Times are
 * UTC ISO-8601; the fields of a vote are empty where an event is none. Each line of a rehearsal begins with `ENSAIO`, so that no
 * line that somebody takes out of it passes for a vote.
 * @throws EventLogUnavailableError, IncompleteLogError
 */
export async function* exportCsv(options: ExportOptions & { readonly pollId: string }): AsyncGenerator<string> {
  const box = ballotBoxStream(options.pollId);
  const [heading, mark] = (await isRehearsal(options.log, options.pollId)) ? ['rehearsal,', 'ENSAIO,'] : ['', ''];
  yield heading + CSV_HEADER;
  for await (const events of exportedPages(options)) {
    const lines = events.filter(({ stream }) => stream === box).map((event) => mark + csvLine(event));
    if (lines.length > 0) yield lines.join('');
  }
}

/** What an export of these options holds, in log order: a log that lacks revisions is none. */
export async function* exportedPages({
  log,
  pollId,
  until,
  onProgress,
}: ExportOptions): AsyncGenerator<RecordedEvent[]> {
  let count = 0;
  const streams = new GaplessStreams();
  const pages = pollId === undefined ? wholeLog(log) : logSource(log).pages(pollId);
  for await (const { events, fraction } of pages) {
    const end = until === undefined ? -1 : events.findIndex((event) => isBehind(event, until));
    const taken = end === -1 ? [...events] : events.slice(0, end);
    count += taken.length;
    for (const event of taken) streams.add(event);
    if (taken.length > 0) yield taken;
    onProgress?.(count, fraction);
    if (end !== -1) return;
  }
}

async function* wholeLog(log: EventLog): AsyncGenerator<SourcePage> {
  const { position: end } = await log.head();
  for await (const events of log.readAll(0n, [...POLL_STREAM_PREFIXES, PHOTO_PREFIX, CHECKPOINT_PREFIX])) {
    yield { events, fraction: Number(events.at(-1)!.position) / Math.max(1, Number(end)) };
  }
}

function csvLine(event: RecordedEvent): string {
  const { revision, position, recordedAt, id, type, version } = event;
  const head = [revision, position, isoOf(recordedAt), id, type, version].map(csvField);
  return `${[...head, ...voteFields(event)].join(',')}\r\n`;
}

function voteFields(event: RecordedEvent): string[] {
  try {
    if (event.type !== 'VoteCast') return ['', '', '', ''];
    const { voteId, participantId, castAt, expiresAt } = decodeVoteCast(event);
    return [voteId, String(participantId), isoTime(castAt), isoTime(expiresAt)];
  } catch (error) {
    if (!(error instanceof UnreadableEventError)) throw error;
    return ['', '', '', ''];
  }
}

/** Quoted where it must be; a spreadsheet must not take a foreign text for a formula. */
function csvField(value: bigint | string | number): string {
  const text = String(value);
  const safe = /^[=+\-@\t\r]/.test(text) && typeof value === 'string' ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
