import { Injectable } from '@nestjs/common';

import { RecentMap } from '#collections';
import { ProblemError } from '#platform';
import { ReadModel } from '#read-model';
import { type ClosingLeaf, bitsFor, formatVotesFile, indexIn } from '#receipts';
import type { SealedLog } from '#seal';
import { type NodeReader, hashesOf, nodesFromTiles, spansBeside } from '#transparency';

import { PublishedLogs } from './published-logs.ts';
import { Turns } from './turns.ts';
import { VoteIndex } from './vote-index.ts';

/** A file has up to one megabyte. */
const MAX_REMEMBERED = 16;
/** A file is some 2,700 tiles read and 300,000 hashes, a second of the thread: one is made at a time, and none is waited for longer than a client does. */
const TURNS = { atATime: 1, waiting: 12 };
/** Hashes that are computed in one go: some ms of the thread. */
const SPANS_AT_ONCE = 128;

/** Which file is asked for. */
export interface AskedVotes {
  /** Leaves of the ballot box. */
  readonly leaves: number;
  readonly bits: number;
  readonly prefix: number;
}

/**
 * The files in which a vote of a final ballot box is looked up: all votes whose ids begin alike, a thousand at least, with what
 * proves that they are in the box. Who asks for one says no more than that.
 */
@Injectable()
export class VotesFiles {
  private readonly files = new RecentMap<string, Promise<Uint8Array>>(MAX_REMEMBERED);
  private readonly turns = new Turns(TURNS);

  constructor(
    private readonly readModel: ReadModel,
    private readonly published: PublishedLogs,
    private readonly index: VoteIndex,
  ) {}

  /**
   * @param cut index of the leaf that closes the box; null before it is counted
   * @throws ProblemError `tile-not-found`, `urna-not-sealed` before the end of the box is sealed, `urna-busy`; what the stores throw
   */
  async file(log: SealedLog, cut: string | null, asked: AskedVotes): Promise<Uint8Array> {
    const { leaves, bits, prefix } = asked;
    const size = await this.published.size(log, leaves);
    if (cut === null || size <= Number(cut)) throw new ProblemError('urna-not-sealed');
    if (leaves !== size || bits !== bitsFor(size) || prefix >= 2 ** bits) throw new ProblemError('tile-not-found');
    const key = `${log.name} ${size} ${prefix}`;
    const making = this.files.get(key) ?? this.begin(log, size, { prefix, cut: Number(cut) });
    this.files.set(key, making);
    try {
      return await making;
    } catch (error) {
      if (this.files.get(key) === making) this.files.delete(key);
      throw error;
    }
  }

  /** Whoever waits for the index has no turn yet. */
  private async begin(
    log: SealedLog,
    size: number,
    { prefix, cut }: { readonly prefix: number; readonly cut: number },
  ): Promise<Uint8Array> {
    const records = await this.index.records(log, size, prefix);
    const closing = await this.index.closing(log, cut);
    return this.turns.take(() => this.make(log, size, closing, records));
  }

  private async make(
    log: SealedLog,
    size: number,
    closing: ClosingLeaf,
    records: readonly Uint8Array[],
  ): Promise<Uint8Array> {
    const indexes = records.map(indexIn);
    const known = [...indexes, closing.index].sort((one, other) => one - other);
    const read = nodesFromTiles(size, (tiles) => this.readModel.tiles.read(log.name, tiles));
    try {
      const hashes = await this.hashes(
        indexes.map((index) => [index, index + 1] as const),
        read,
      );
      return formatVotesFile(closing, records, hashes, await this.hashes(spansBeside(known, size), read));
    } catch (error) {
      if (error instanceof RangeError) throw new ProblemError('urna-not-sealed', 'tiles are being built again');
      throw error;
    }
  }

  private async hashes(spans: Parameters<typeof hashesOf>[0], read: NodeReader): Promise<Uint8Array[]> {
    const hashes: Uint8Array[] = [];
    for (let from = 0; from < spans.length; from += SPANS_AT_ONCE) {
      hashes.push(...(await hashesOf(spans.slice(from, from + SPANS_AT_ONCE), read)));
      await new Promise(setImmediate);
    }
    return hashes;
  }
}
