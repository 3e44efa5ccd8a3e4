import type { EventLog } from '#event-log';
import type { Checkpoint, EventMark, StoredTally } from '#read-model';

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
 * A fold that went on from tallies of another log would skip every new event up to their position, without a word. Such a log ends before
 * it, or it was restored from a backup and has grown again: then another event stands where the last one was.
 * @throws ForeignReadModelError, EventLogUnavailableError
 */
export async function assertOfThisLog(
  checkpoint: Checkpoint,
  tallies: readonly StoredTally[],
  log: EventLog,
): Promise<void> {
  const { position: head } = await log.head();
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
  const last = lastOf([checkpoint, ...tallies]);
  if (last !== undefined && !(await hasEvent(log, last))) throw replaced(last);
}

/** What stands in the place of an event that was folded. */
export const replaced = ({ stream, revision }: Pick<EventMark, 'stream' | 'revision'>): ForeignReadModelError =>
  new ForeignReadModelError(
    `revision ${revision} of ${stream} is not what was folded: the log was restored, or is another one; delete the read model`,
  );

/** The last event that any of them has: a log that has this one has all before it. */
function lastOf(stored: readonly Pick<StoredTally, 'position' | 'last'>[]): EventMark | undefined {
  const marked = stored.filter(({ last }) => last !== undefined);
  return marked.toSorted((one, other) => (one.position > other.position ? -1 : 1))[0]?.last;
}

/** Also where it was removed since, as later ones of its stream tell: a store may be scavenged. */
async function hasEvent(log: EventLog, { stream, revision, id }: EventMark): Promise<boolean> {
  for await (const [event] of log.read(stream, BigInt(revision))) {
    return event !== undefined && (event.id === id || event.revision > BigInt(revision));
  }
  return false;
}
