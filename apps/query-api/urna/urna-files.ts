import { Injectable } from '@nestjs/common';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

import { RecentMap } from '#collections';
import { EventLog } from '#event-log';
import { ProblemError } from '#platform';
import { ReadModel } from '#read-model';
import { type SealedLog, leafOf } from '#seal';
import {
  type Bundle,
  HASH_BYTES,
  TILE_WIDTH,
  type Tile,
  formatEntries,
  parseTilePath,
  tileAt,
  tilePath,
} from '#transparency';

import { PublishedLogs } from './published-logs.ts';
import { Turns } from './turns.ts';

/** A bundle of 256 votes has some 90 kB; a stranger's entries may have up to 16 MB. */
const MAX_REMEMBERED = 32;
/** The log is read for so many at a time; more than these may wait. */
const TURNS = { atATime: 2, waiting: 256 };

const packed = promisify(gzip);

/** A file of a log: its bytes, and packed. */
export interface UrnaFile {
  readonly plain: Uint8Array;
  /** Entries are text; hashes cannot be packed. */
  packed?: () => Promise<Buffer>;
}

/**
 * The files of a static log (C2SP tlog-tiles), up to its published checkpoint: tiles are kept in the read model, entries are read from the
 * event log. A request reads one tile, or the 256 events of one bundle, whatever the size of the log.
 */
@Injectable()
export class UrnaFiles {
  private readonly bundles = new RecentMap<string, Promise<UrnaFile>>(MAX_REMEMBERED);
  private readonly turns = new Turns(TURNS);

  constructor(
    private readonly log: EventLog,
    private readonly readModel: ReadModel,
    private readonly published: PublishedLogs,
  ) {}

  /**
   * @param path below `tile/`
   * @throws ProblemError `tile-not-found`, `urna-not-sealed`, `urna-busy`; what the stores throw
   */
  async file(log: SealedLog, path: string): Promise<UrnaFile> {
    const asked = parseTilePath(`tile/${path}`);
    if (asked === undefined) throw new ProblemError('tile-not-found');
    const level = asked.level === 'entries' ? 0 : asked.level;
    const wanted = (asked.index * TILE_WIDTH + asked.width) * TILE_WIDTH ** level;
    const size = await this.published.size(log, wanted);
    // a part of a tile is as good as the whole: hashes are only ever added
    if ((tileAt(level, asked.index, size)?.width ?? 0) < asked.width) throw new ProblemError('tile-not-found');
    return asked.level === 'entries' ? this.bundle(log, asked) : this.tile(log, { ...asked, level });
  }

  private async tile({ name }: SealedLog, tile: Tile): Promise<UrnaFile> {
    const [hashes] = await this.readModel.tiles.read(name, [tile]);
    const bytes = tile.width * HASH_BYTES;
    if (hashes === undefined || hashes.length < bytes)
      throw new ProblemError('urna-not-sealed', `${tilePath(tile)} is being built again`);
    return { plain: hashes.subarray(0, bytes) };
  }

  private async bundle(log: SealedLog, bundle: Bundle): Promise<UrnaFile> {
    const key = `${log.name} ${bundle.index} ${bundle.width}`;
    const reading = this.bundles.get(key) ?? this.turns.take(() => this.entries(log, bundle));
    this.bundles.set(key, reading);
    try {
      return await reading;
    } catch (error) {
      if (this.bundles.get(key) === reading) this.bundles.delete(key);
      throw error;
    }
  }

  private async entries({ leaves }: SealedLog, { index, width }: Bundle): Promise<UrnaFile> {
    const from = BigInt(index * TILE_WIDTH);
    const entries: Uint8Array[] = [];
    for await (const page of this.log.read(leaves, from)) {
      const next = page.slice(0, width - entries.length);
      if (next[0]?.revision !== from + BigInt(entries.length)) break;
      entries.push(...next.map(leafOf));
      if (entries.length === width) break;
    }
    // a log that was restored from a backup
    if (entries.length < width) throw new ProblemError('urna-not-sealed', 'the log has fewer events than were sealed');
    const plain = formatEntries(entries);
    let once: Promise<Buffer> | undefined;
    return { plain, packed: () => (once ??= packed(plain)) };
  }
}
