import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import type { RecordedEvent } from '#domain';
import type { EventLog } from '#event-log';
import { CheckpointTrail, type SealedCheckpoint, leafOf, logName, publishedIn } from '#seal';
import {
  type BuiltTile,
  TILE_WIDTH,
  TileBuilder,
  type Verifier,
  bundlePath,
  formatEntries,
  leafHash,
  signedOnlyBy,
  tileAt,
  tilePath,
} from '#transparency';

import { readmeOf } from './readme.ts';
import { type UrnaLog, urnaOf } from './urna-logs.ts';

/** What cannot be exported as a transparency log, and why. */
class NoUrnaError extends Error {
  override readonly name = 'NoUrnaError';
  readonly code = 'no-urna';
}

export interface UrnaExportOptions {
  readonly log: EventLog;
  readonly pollId: string;
  /** A folder that is there and empty. */
  readonly directory: string;
  /** Keys of the witnesses whose signatures are exported as well. */
  readonly witnesses?: readonly Verifier[] | undefined;
  /** The last checkpoint that was published of a log (`7/1`), which has those signatures: the event log has not. */
  readonly published?: ((log: string) => Promise<string | undefined>) | undefined;
  readonly onProgress?: ((events: number, fraction: number) => void) | undefined;
}

/**
 * Writes the ballot box of a poll and its acts as static logs (C2SP tlog-tiles), each up to the last checkpoint that was signed of
 * it: `1/` and `atos/`, with their keys and a text for whoever finds the folder. The same log and the same witnesses give the same bytes.
 *
 * That they are on the disk is for the caller to see to.
 * @throws NoUrnaError for a poll of an earlier version, one of which nothing was signed yet, and a log that is not what was signed
 */
export async function exportUrna(options: UrnaExportOptions): Promise<void> {
  const { log, pollId, directory, onProgress } = options;
  const urna = await urnaOf((stream, from) => log.read(stream, from), pollId);
  if (urna === undefined)
    throw new NoUrnaError(
      `poll ${pollId} has no sealed ballot box: it was opened by an earlier version, or was not opened at all. Without --urna it is exported as a file`,
    );
  const [box, acts] = [await lastSigned(options, urna.box), await lastSigned(options, urna.acts)];
  await writeLog(log, urna.box, box, join(directory, '1'), onProgress);
  await writeLog(log, urna.acts, acts, join(directory, 'atos'));
  writeFileSync(join(directory, 'chaves'), urna.opened.keys);
  writeFileSync(join(directory, 'LEIAME.txt'), readmeOf(urna, { box, acts }));
}

/** The last checkpoint that nobody set aside, with the signatures of the witnesses who signed it. */
async function lastSigned(
  { log, pollId, published, witnesses = [] }: UrnaExportOptions,
  of: UrnaLog,
): Promise<SealedCheckpoint> {
  const trail = new CheckpointTrail(of.verifier);
  await trail.skim(log, of.checkpoints);
  const { last } = trail;
  if (last === undefined)
    throw new NoUrnaError(`no checkpoint of ${of.verifier.name} was signed yet: the sealer runs in the projector`);
  const copy = publishedIn(await published?.(logName(pollId, of.log)), of.verifier, witnesses);
  if (copy?.size !== last.size || Buffer.compare(copy.root, last.root) !== 0) return last;
  return { ...last, note: signedOnlyBy(copy.note, [of.verifier, ...witnesses]) };
}

async function writeLog(
  log: EventLog,
  { stream, verifier, vkey }: UrnaLog,
  { size, root, note }: SealedCheckpoint,
  directory: string,
  onProgress?: UrnaExportOptions['onProgress'],
): Promise<void> {
  const writer = new LogWriter(directory);
  for await (const page of log.read(stream, 0n)) {
    writer.add(page.slice(0, size - writer.size));
    onProgress?.(writer.size, writer.size / size);
    if (writer.size === size) break;
  }
  if (Buffer.compare(writer.finish(), root) !== 0)
    throw new NoUrnaError(
      `${stream} is not what the last checkpoint of ${verifier.name} says of its first ${size} events: npm run audit finds out more`,
    );
  writeFileSync(join(directory, 'vkey'), `${vkey}\n`);
  writeFileSync(join(directory, 'checkpoint'), note);
}

/** Writes tiles and bundles of entries as the leaves come; holds the last of each level. */
class LogWriter {
  private readonly builder = new TileBuilder();
  private entries: Uint8Array[] = [];
  /** By level: the last tile that was not full. */
  private readonly partial = new Map<number, BuiltTile>();
  private readonly folders = new Set<string>();

  constructor(private readonly directory: string) {}

  get size(): number {
    return this.builder.size;
  }

  add(events: readonly RecordedEvent[]): void {
    for (const event of events) {
      const leaf = leafOf(event);
      this.builder.append(leafHash(leaf));
      this.entries.push(leaf);
      if (this.entries.length === TILE_WIDTH) this.writeBundle();
    }
    for (const built of this.builder.take()) {
      if (built.tile.width === TILE_WIDTH) this.write(tilePath(built.tile), built.hashes);
      else this.partial.set(built.tile.level, built);
    }
  }

  /** @returns the root */
  finish(): Uint8Array {
    if (this.entries.length > 0) this.writeBundle();
    // one that became full has been written
    for (const { tile, hashes } of this.partial.values())
      if (tileAt(tile.level, tile.index, this.size)?.width === tile.width) this.write(tilePath(tile), hashes);
    return this.builder.root();
  }

  private writeBundle(): void {
    const index = Math.ceil(this.size / TILE_WIDTH) - 1;
    this.write(bundlePath({ index, width: this.entries.length }), formatEntries(this.entries));
    this.entries = [];
  }

  private write(path: string, bytes: Uint8Array): void {
    const file = join(this.directory, path);
    const folder = dirname(file);
    if (!this.folders.has(folder)) mkdirSync(folder, { recursive: true });
    this.folders.add(folder);
    writeFileSync(file, bytes);
  }
}
