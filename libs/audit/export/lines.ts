import type { RecordedEvent } from '#domain';

/** What can be wrong with a file, and how a command says it. */
const FAULTS = {
  empty: 'the file is empty',
  'not-json': 'not a JSON object',
  'not-an-export': 'the file is no export of Paredão',
  'unknown-version': 'the export is of an unknown version',
  'bad-header': 'the header is not complete',
  'bad-event': 'fields of an event are missing, or of another type',
  'bad-manifest': 'the manifest is none',
  'behind-manifest': 'there is something after the manifest',
  'no-end-of-line': 'the last line has no end',
  'too-long': 'a line without an end',
  compression: 'the compressed file is damaged',
  'differs-from-manifest': 'the file is not what its manifest says',
} as const;

export type ExportFault = keyof typeof FAULTS;

/** A file that is no export, or not one that this version can read. */
export class InvalidExportError extends Error {
  override readonly name = 'InvalidExportError';
  readonly code = 'invalid-export';

  constructor(
    readonly fault: ExportFault,
    what?: string,
  ) {
    super(what === undefined ? FAULTS[fault] : `${FAULTS[fault]}: ${what}`);
  }
}

export const FORMAT = 'paredao-export';
export const FORMAT_VERSION = 1;

/** The first line of an export. */
export interface ExportHeader {
  readonly format: typeof FORMAT;
  readonly version: typeof FORMAT_VERSION;
  /** Without it, the export is of the whole log. */
  readonly pollId?: string;
  /** That poll is a rehearsal: its votes count for nothing. */
  readonly rehearsal?: true;
  /** The point in time up to which it goes: a position, or UTC ISO-8601. Without it, it goes to the end that there was. */
  readonly until?: string;
  /** UTC ISO-8601. */
  readonly exportedAt: string;
}

/** What an export says of one stream in it. */
export interface StreamSummary {
  readonly events: number;
  readonly firstRevision: string;
  readonly lastRevision: string;
  readonly firstPosition: string;
  readonly lastPosition: string;
  /** See {@link StreamHash}. */
  readonly sha256: string;
}

/** The last line of an export: `{"manifest": …}`. */
export interface Manifest {
  readonly events: number;
  /** By the name of the stream, in the order of their first events. */
  readonly streams: Readonly<Record<string, StreamSummary>>;
  /** By poll; absent in files of earlier versions. */
  readonly commitments?: Readonly<Record<string, string>>;
  /** Those of the polls whose votes count for nothing; absent where there are none. */
  readonly rehearsals?: readonly string[];
  /** SHA-256 of all the bytes before this line. */
  readonly sha256: string;
}

const DATA = Buffer.from(',"data":');
const END_OF_LINE = 1;

/**
 * An event as a line: `{"stream":…,"revision":"…","position":"…","recordedAt":<ms>,"id":…,"type":…,"version":…,"data":<the
 * bytes themselves>}`. Bytes that are no JSON, or more than one line, are in `data64` instead.
 */
export function encodeLine({ stream, revision, position, recordedAt, id, type, version, data }: RecordedEvent): string {
  const text = Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('utf8');
  const content = isVerbatim(text, data) ? `"data":${text}` : `"data64":"${Buffer.from(data).toString('base64')}"`;
  return (
    `{"stream":${JSON.stringify(stream)},"revision":"${String(revision)}","position":"${String(position)}",` +
    `"recordedAt":${recordedAt},"id":${JSON.stringify(id)},"type":${JSON.stringify(type)},"version":${version},${content}}\n`
  );
}

/** Whether a reader who takes what stands in the line gets these very bytes. */
function isVerbatim(text: string, data: Uint8Array): boolean {
  if (text.includes('\n')) return false;
  try {
    JSON.parse(text);
  } catch {
    return false;
  }
  return Buffer.byteLength(text) === data.byteLength && Buffer.compare(Buffer.from(text), data) === 0;
}

/**
 * Reads an event's line, end of line included. Its data are the bytes in the line: nothing is parsed and written again.
 * @throws InvalidExportError
 */
export function decodeLine(line: Buffer): RecordedEvent {
  const at = line.indexOf(DATA);
  const end = line.length - END_OF_LINE - 1;
  const head = at === -1 ? line.toString('utf8') : `${line.toString('utf8', 0, at)}}`;
  if (at !== -1 && line[end] !== BRACE) throw new InvalidExportError('bad-event');
  const { stream, revision, position, recordedAt, id, type, version, data64 } = parse<Fields>(head);
  const data = at === -1 ? decodeBase64(data64) : line.subarray(at + DATA.length, end);
  const isWhole = [stream, id, type].every((text) => typeof text === 'string');
  if (!isWhole || !Number.isSafeInteger(recordedAt) || !Number.isSafeInteger(version)) {
    throw new InvalidExportError('bad-event');
  }
  return { stream, revision: int64(revision), position: int64(position), recordedAt, id, type, version, data };
}

/** @throws InvalidExportError */
export function parse<T>(text: string): T {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value as T;
  } catch {
    // reported below, with what is JSON but no object
  }
  throw new InvalidExportError('not-json');
}

interface Fields extends Pick<RecordedEvent, 'stream' | 'recordedAt' | 'id' | 'type' | 'version'> {
  readonly revision: unknown;
  readonly position: unknown;
  readonly data64: unknown;
}

const BRACE = 0x7d;
const MAX_INT64 = 2n ** 63n - 1n;

function int64(text: unknown): bigint {
  const number = typeof text === 'string' && /^(0|[1-9]\d{0,18})$/.test(text) ? BigInt(text) : undefined;
  if (number === undefined || number > MAX_INT64)
    throw new InvalidExportError('bad-event', `${JSON.stringify(text)} is no place`);
  return number;
}

function decodeBase64(text: unknown): Uint8Array {
  const bytes = Buffer.from(typeof text === 'string' ? text : '', 'base64');
  if (bytes.toString('base64') !== text) throw new InvalidExportError('bad-event');
  return bytes;
}
