import { createHash } from 'node:crypto';

import { type TallySnapshot, canonicalTally } from '#domain';

/** A tally at rest, with the position of the log up to which it holds. */
export interface StoredTally {
  readonly position: bigint;
  /** SHA-256 of the canonical tally, hexadecimal. */
  readonly digest: string;
  readonly snapshot: TallySnapshot;
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
}

/** Before the first event of the log. */
export const NO_CHECKPOINT: Checkpoint = { position: 0n, clock: 0, at: 0, lagSeconds: 0 };

/**
 * Where tallies are kept for reading: one a poll, written whole. Everything in it can be rebuilt from the log. Several
 * projectors may write: a higher position wins, a lower one is ignored.
 */
export abstract class ReadModel {
  /**
   * Stores a tally if its position is higher than the stored one's.
   * @returns whether it was stored (or the very same tally was there already)
   * @throws TallyConflictError when another tally is stored at the same position: one of the two folds is wrong
   * @throws ReadModelUnavailableError
   */
  abstract save(tally: StoredTally): Promise<boolean>;

  /** @throws ReadModelUnavailableError */
  abstract load(pollId: string): Promise<StoredTally | undefined>;

  /** Position of every stored tally by poll id: cheap enough to ask ten times a second. */
  abstract positions(): Promise<ReadonlyMap<string, bigint>>;

  /** Stores how far the projector is; a lower position than the stored one is ignored. */
  abstract saveCheckpoint(checkpoint: Checkpoint): Promise<void>;

  /** The stored checkpoint, or `NO_CHECKPOINT`. */
  abstract checkpoint(): Promise<Checkpoint>;

  /** Frees everything. Later calls throw ReadModelUnavailableError. */
  abstract close(): Promise<void>;
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

/** Digest of what was counted: SHA-256 over the canonical tally, hexadecimal. */
export function digestOf(snapshot: TallySnapshot): string {
  return createHash('sha256').update(canonicalTally(snapshot)).digest('hex');
}
