import type { EventContent } from '#domain';
import { type Verifier, TransparencyError, openNote, parseCheckpoint } from '#transparency';

/** How many leaves a log had and the root of its tree, as its key signed it. */
export interface SignedCheckpoint {
  readonly size: number;
  readonly root: Uint8Array;
  /** The whole note, with its signatures. */
  readonly note: string;
}

/** Type of the events that hold one. */
export const CHECKPOINT_SIGNED = 'CheckpointSigned';

/** The note that an event of a stream of checkpoints holds; undefined for what holds none. */
export function noteIn({ data }: Pick<EventContent, 'data'>): string | undefined {
  try {
    const { note } = JSON.parse(Buffer.from(data).toString('utf8')) as { note?: unknown };
    return typeof note === 'string' ? note : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Reads a checkpoint of a log and checks who signed it.
 * @param verifiers the key of the log first, then those of witnesses
 * @throws TransparencyError that says what is wrong with it
 */
export function openCheckpoint(note: string, [log, ...witnesses]: readonly [Verifier, ...Verifier[]]): SignedCheckpoint {
  const { text } = openNote(note, [log]);
  if (witnesses.length > 0) openNote(note, [log, ...witnesses]);
  const { origin, size, root } = parseCheckpoint(text);
  if (origin !== log.name) throw new TransparencyError('other-origin', `this is a checkpoint of ${origin}`);
  return { size, root, note };
}
