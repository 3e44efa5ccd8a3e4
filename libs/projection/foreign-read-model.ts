import type { Checkpoint, StoredTally } from '#read-model';

/** The read model holds more than the log has: the log was restored from a backup, or it is another one. */
class ForeignReadModelError extends Error {
  override readonly name = 'ForeignReadModelError';
  readonly code = 'foreign-read-model';
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
