import type { RecordedEvent } from '#domain';

/** The log lacks events that it must have had: what is left of it is no copy of the poll. */
class IncompleteLogError extends Error {
  override readonly name = 'IncompleteLogError';
  readonly code = 'log-incomplete';
}

/** Refuses a log in which revisions are missing: somebody limited, truncated or deleted what it held. */
export class GaplessStreams {
  private readonly revisions = new Map<string, bigint>();

  /** @throws IncompleteLogError */
  add({ stream, revision }: RecordedEvent): void {
    const expected = (this.revisions.get(stream) ?? -1n) + 1n;
    if (revision !== expected) {
      throw new IncompleteLogError(`${stream} has revision ${String(revision)} where ${String(expected)} should be`);
    }
    this.revisions.set(stream, revision);
  }
}
