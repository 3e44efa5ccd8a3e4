import { createHash } from 'node:crypto';

import { type CountedTally, TALLY_FORMAT, type TallySnapshot, canonicalTally } from '#domain';

import type { ScreenStore } from './screens.ts';
import type { TileStore } from './tiles.ts';

/** An event of the log, by which one log is told from another. */
export interface EventMark {
  readonly stream: string;
  readonly revision: string;
  readonly id: string;
}

/** As a store keeps it: JSON, or null in the place of an earlier one. */
export const textOfMark = (last: EventMark | undefined): string | null =>
  last === undefined ? null : JSON.stringify(last);

/** What a store kept of it; nothing where it has none, or is of an earlier version. */
export const markIn = (text: string | null | undefined): { readonly last?: EventMark } =>
  typeof text === 'string' ? { last: JSON.parse(text) as EventMark } : {};

/** A tally at rest, with the position of the log up to which it holds. */
export interface StoredTally {
  readonly position: bigint;
  /** SHA-256 of the canonical tally, hexadecimal. */
  readonly digest: string;
  readonly snapshot: TallySnapshot;
  /** The event at `position`. Absent in what an earlier version wrote. */
  readonly last?: EventMark;
}

/** How far a projector is. Every tally it changed up to `position` was stored before. */
export interface Checkpoint {
  readonly position: bigint;
  /** Running maximum of the log's recorded times up to there, ms since the epoch. */
  readonly clock: number;
  /** When this was written, ms since the epoch. */
  readonly at: number;
  /** Age of the oldest event not yet folded, s; 0 when caught up. */
  readonly lagSeconds: number;
  /** The polls that the log has: a tally of any other poll is foreign. Absent in what an earlier version wrote. */
  readonly polls?: readonly string[];
  /** The event at `position`. Absent in what an earlier version wrote. */
  readonly last?: EventMark;
}

/** Before the first event of the log. */
export const NO_CHECKPOINT: Checkpoint = { position: 0n, clock: 0, at: 0, lagSeconds: 0 };

/**
 * The tallies of one version of the read model: one a poll, written whole. Several projectors may write: a higher position
 * wins, a lower one is ignored. Every call throws ReadModelUnavailableError when the store cannot be reached.
 */
export abstract class TallyStore {
  constructor(readonly version: string) {}

  /**
   * Stores a tally if its position is higher than the stored one's.
   * @returns whether it was stored (or the very same tally was there already)
   * @throws TallyConflictError when another tally is stored at the same position: one of the two folds is wrong
   */
  abstract save(tally: StoredTally): Promise<boolean>;

  abstract load(pollId: string): Promise<StoredTally | undefined>;

  async all(): Promise<StoredTally[]> {
    const tallies: StoredTally[] = [];
    for (const pollId of (await this.positions()).keys()) {
      const tally = await this.load(pollId);
      if (tally !== undefined) tallies.push(tally);
    }
    return tallies;
  }

  /** Position of every stored tally by poll id: cheap enough to ask ten times a second. */
  abstract positions(): Promise<ReadonlyMap<string, bigint>>;

  /** Stores how far the projector is; a lower position than the stored one is ignored. */
  abstract saveCheckpoint(checkpoint: Checkpoint): Promise<void>;

  /** The stored checkpoint, or `NO_CHECKPOINT`. */
  abstract checkpoint(): Promise<Checkpoint>;
}

/** A version that somebody has begun to write. */
export interface VersionState {
  readonly version: string;
  /** Readers of this format are pointed to it. */
  readonly isActive: boolean;
  readonly checkpoint: Checkpoint;
}

/**
 * Where tallies are kept for reading, in versions beside each other. Everything in it can be rebuilt from the log. For each
 * format of tallies a pointer says which version readers and projectors use: the first one until another is activated.
 * Every call throws ReadModelUnavailableError when the store cannot be reached.
 */
export abstract class ReadModel {
  /** @param format of the tallies that this program folds and reads; programs of other formats have versions of their own */
  constructor(protected readonly format = TALLY_FORMAT) {}

  /** Which screens show the stage: what the query APIs tell one another. */
  abstract readonly screens: ScreenStore;

  /** The tiles of the logs that ballot boxes are: of all formats of tallies the same. */
  abstract readonly tiles: TileStore;

  /** The version that this format's programs use now: cheap enough to ask ten times a second. */
  abstract active(): Promise<string>;

  /** The tallies of a version, which need not exist yet. */
  abstract tallies(version: string): TallyStore;

  /** The tallies that are active now. Who reads for longer asks again: the pointer moves. */
  async current(): Promise<TallyStore> {
    return this.tallies(await this.active());
  }

  /** Makes a new, empty version of this format. */
  abstract create(): Promise<string>;

  /**
   * Points this format's programs to another version, in one atomic step, if `expectedActive` is the active one.
   * @returns whether the version is the active one now
   */
  abstract activate(version: string, expectedActive: string): Promise<boolean>;

  /** What there is, of all formats, the oldest first. */
  abstract versions(): Promise<VersionState[]>;

  /**
   * Deletes a version.
   * @throws VersionActiveError when it is the active one
   */
  async drop(version: string): Promise<void> {
    if (version === (await this.active())) throw new VersionActiveError(`version ${version} is active`);
    await this.delete(version);
  }

  /** Frees everything. Later calls, also those of its tallies, throw ReadModelUnavailableError. */
  abstract close(): Promise<void>;

  protected abstract delete(version: string): Promise<void>;
}

/** Two folds of the same prefix of the log disagree. */
export class TallyConflictError extends Error {
  override readonly name = 'TallyConflictError';
  readonly code = 'tally-conflict';

  constructor(tally: StoredTally, storedDigest: string) {
    const at = `poll ${tally.snapshot.pollId} at position ${String(tally.position)}`;
    super(`${at}: digest ${tally.digest}, but ${storedDigest} is stored`);
  }
}

/** The read model cannot be reached now. Nothing is lost: the log has it all. */
export class ReadModelUnavailableError extends Error {
  override readonly name = 'ReadModelUnavailableError';
  readonly code = 'read-model-unavailable';
}

/** The version is in use and stays. */
class VersionActiveError extends Error {
  override readonly name = 'VersionActiveError';
  readonly code = 'version-active';
}

/** Digest of what was counted: SHA-256 over the canonical tally, hexadecimal. */
export function digestOf(snapshot: CountedTally): string {
  return createHash('sha256').update(canonicalTally(snapshot)).digest('hex');
}
