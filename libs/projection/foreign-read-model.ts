import type { Checkpoint, StoredTally } from '#read-model';

/** The read model holds more than the log has: the log was restored from a backup, or it is another one. */
export class ForeignReadModelError extends Error {
  override readonly name = 'ForeignReadModelError';
  readonly code = 'foreign-read-model';
}

/** A node of a cluster is not behind another one for longer, ms. */
const BEHIND_MS = 5000;

/** Whether a log still reaches as far as it was folded: it may be restored while everybody who reads it waits for its connection. */
export class LogReach {
  /** On the clock of `performance.now()`, ms. */
  private shortSince: number | undefined;

  /**
   * To be called again and again: a log that is too short for a moment is a node of a cluster that is behind the one that was read before.
   * @param head where it ends
   * @param position up to which it was folded
   * @throws ForeignReadModelError
   */
  assert(head: bigint, position: bigint): void {
    this.shortSince = head >= position ? undefined : (this.shortSince ?? performance.now());
    if (this.shortSince === undefined || performance.now() - this.shortSince < BEHIND_MS) return;
    const ends = `the log ends at ${String(head)}, but was folded up to position ${String(position)}`;
    throw new ForeignReadModelError(`${ends}: it was restored, or is another one; delete the read model`);
  }
}

/**
 * A fold that went on from such tallies would skip every new event up to their position, without a word.
 * @param head where the log ends
 * @throws ForeignReadModelError
 */
export function assertOfThisLog(checkpoint: Checkpoint, tallies: readonly StoredTally[], head: bigint): void {
  const refuse = (what: string, position: bigint): never => {
    const where = `${what} holds up to position ${String(position)}`;
    throw new ForeignReadModelError(
      `${where}, but the log ends at ${String(head)}: the read model is of another log; delete it`,
    );
  };
  for (const { position, snapshot } of tallies) {
    if (position > head) refuse(`the tally of poll ${snapshot.pollId}`, position);
  }
  if (checkpoint.position > head) refuse('the checkpoint', checkpoint.position);
}
