import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';

import { type RecordedEvent, ballotBoxStream, pollOfCheckpoints, pollStream } from '#domain';

import { type Finding, finding } from '../findings.ts';
import { isPhoto } from '../poll-pages.ts';
import type { SourcePage } from '../poll-pages.ts';
import type { EventSource } from '../source.ts';
import {
  type ExportFault,
  type ExportHeader,
  FORMAT,
  FORMAT_VERSION,
  InvalidExportError,
  type Manifest,
  decodeLine,
  parse,
} from './lines.ts';
import { ManifestBuilder, headerDifferences, manifestDifferences } from './manifest.ts';

const CHUNK_BYTES = 1 << 18;
const PAGE_SIZE = 1000;
/** No event is larger: an append is below 1 MiB, and base64 and JSON add half of that at most. */
const LONGEST_LINE = 1 << 22;
const LINE_FEED = 0x0a;
const GZIP_MAGIC = 0x1f8b;
const MANIFEST = Buffer.from('{"manifest":');

interface Line {
  readonly bytes: Buffer;
  /** How much of the file is read, from 0 to 1. */
  readonly fraction: number;
}

/**
 * The first line of an export.
 * @throws InvalidExportError when the file is no export
 */
export async function readHeader(path: string): Promise<ExportHeader> {
  for await (const { bytes } of linesOf(path)) return decodeHeader(bytes);
  throw new InvalidExportError('empty', path);
}

/** An export as a source: its events, and afterwards whether the file is what its manifest says. */
export function exportSource(path: string): EventSource {
  const reader = new ExportReader(path);
  return {
    name: { kind: 'export', path },
    findings: () => reader.findings,
    polls: () => Promise.resolve(undefined),
    isInUse: false,
    asOf: () => reader.asOf,
    async *read(name, from) {
      // what the file says of itself is for one reader alone
      for await (const { events } of new ExportReader(path).pages()) {
        yield events.filter(({ stream, revision }) => stream === name && revision >= from);
      }
    },
    async *pages(pollId) {
      const streams = new Set([pollStream(pollId), ballotBoxStream(pollId)]);
      for await (const { events, fraction } of reader.pages()) {
        yield {
          events: events.filter(
            ({ stream }) => streams.has(stream) || isPhoto(stream) || pollOfCheckpoints(stream) === pollId,
          ),
          fraction,
        };
      }
    },
  };
}

/** Reads an export to its end, or to where it is broken. */
export class ExportReader {
  /** What is wrong with the file. */
  readonly findings: Finding[] = [];
  /** When it was written, ms since the epoch, if it goes to the end that the log had then. */
  asOf: number | undefined;
  private readonly builder = new ManifestBuilder();
  private header: ExportHeader | undefined;
  private manifest: Manifest | undefined;
  private line = 0;

  constructor(private readonly path: string) {}

  /** All events, in the order of the file. A broken file ends early: see `findings`. */
  async *pages(): AsyncGenerator<SourcePage> {
    let events: RecordedEvent[] = [];
    let fraction = 0;
    try {
      for await (const line of linesOf(this.path)) {
        fraction = line.fraction;
        const event = this.take(line.bytes);
        if (event !== undefined) events.push(event);
        if (events.length < PAGE_SIZE) continue;
        yield { events, fraction };
        events = [];
      }
    } catch (error) {
      const fault = faultOf(error);
      if (fault === undefined) throw error;
      this.findings.push(finding('broken-line', { line: this.line }, null, fault));
    }
    yield { events, fraction };
    this.compare();
  }

  private take(bytes: Buffer): RecordedEvent | undefined {
    this.line++;
    if (this.manifest !== undefined) throw new InvalidExportError('behind-manifest');
    if (bytes.subarray(0, MANIFEST.length).equals(MANIFEST)) {
      this.manifest = decodeManifest(bytes);
      return undefined;
    }
    this.builder.addBytes(bytes);
    if (this.line === 1) {
      const { exportedAt, until } = (this.header = decodeHeader(bytes));
      if (until === undefined) this.asOf = Date.parse(exportedAt);
      return undefined;
    }
    const event = decodeLine(bytes);
    this.builder.addEvent(event);
    return event;
  }

  private compare(): void {
    if (this.manifest === undefined) this.findings.push(finding('missing-manifest', {}));
    else this.findings.push(...manifestDifferences(this.manifest, this.builder.manifest()));
    if (this.header !== undefined) this.findings.push(...headerDifferences(this.header, this.builder.manifest()));
  }
}

function decodeHeader(line: Buffer): ExportHeader {
  const header = parse<Partial<ExportHeader>>(line.toString('utf8'));
  if (header.format !== FORMAT) throw new InvalidExportError('not-an-export');
  if (header.version !== FORMAT_VERSION) throw new InvalidExportError('unknown-version', String(header.version));
  const { pollId, exportedAt } = header;
  if (pollId !== undefined && typeof pollId !== 'string') throw new InvalidExportError('bad-header');
  if (typeof exportedAt !== 'string' || Number.isNaN(Date.parse(exportedAt))) {
    throw new InvalidExportError('bad-header');
  }
  return header as ExportHeader;
}

function decodeManifest(line: Buffer): Manifest {
  const { manifest } = parse<{ manifest: Partial<Manifest> | null }>(line.toString('utf8'));
  const { events, streams, commitments, rehearsals, sha256 } = manifest ?? {};
  if (typeof events !== 'number' || typeof sha256 !== 'string' || !isObject(streams)) {
    throw new InvalidExportError('bad-manifest');
  }
  if (!Object.values(streams).every(isObject)) throw new InvalidExportError('bad-manifest');
  if (commitments !== undefined && !isObject(commitments)) throw new InvalidExportError('bad-manifest');
  if (rehearsals !== undefined && !Array.isArray(rehearsals)) throw new InvalidExportError('bad-manifest');
  return {
    events,
    streams,
    sha256,
    ...(commitments !== undefined && { commitments }),
    ...(rehearsals && { rehearsals }),
  };
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** Lines with their line feed, from a file that may be compressed. */
async function* linesOf(path: string): AsyncGenerator<Line> {
  let rest: Buffer[] = [];
  let waiting = 0;
  for await (const { bytes, fraction } of chunksOf(path)) {
    let from = 0;
    for (let at = bytes.indexOf(LINE_FEED); at !== -1; at = bytes.indexOf(LINE_FEED, from)) {
      const end = bytes.subarray(from, at + 1);
      yield { bytes: waiting === 0 ? end : Buffer.concat([...rest, end]), fraction };
      rest = [];
      waiting = 0;
      from = at + 1;
    }
    if (from < bytes.length) rest.push(bytes.subarray(from));
    waiting += bytes.length - from;
    if (waiting > LONGEST_LINE) throw new InvalidExportError('too-long');
  }
  if (waiting > 0) throw new InvalidExportError('no-end-of-line');
}

async function* chunksOf(path: string): AsyncGenerator<Line> {
  const { size, compressed } = await inspect(path);
  const file = createReadStream(path, { highWaterMark: CHUNK_BYTES });
  const gunzip = compressed ? createGunzip({ chunkSize: CHUNK_BYTES }) : undefined;
  if (gunzip !== undefined) file.on('error', (error) => gunzip.destroy(error)).pipe(gunzip);
  try {
    for await (const chunk of gunzip ?? file) {
      yield { bytes: chunk as Buffer, fraction: size === 0 ? 1 : file.bytesRead / size };
    }
  } finally {
    file.destroy();
    gunzip?.destroy();
  }
}

async function inspect(path: string): Promise<{ size: number; compressed: boolean }> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(2), 0, 2, 0);
    const { size } = await file.stat();
    return { size, compressed: bytesRead === 2 && buffer.readUInt16BE() === GZIP_MAGIC };
  } finally {
    await file.close();
  }
}

/** What a file may do to its reader, by the code of the error; undefined: it is not the file. */
function faultOf(error: unknown): ExportFault | undefined {
  if (error instanceof InvalidExportError) return error.fault;
  return (error as { code?: string }).code?.startsWith('Z_') === true ? 'compression' : undefined;
}
