import { setImmediate as nextTurn } from 'node:timers/promises';

import { type EventContent, type RecordedEvent } from '#domain';
import type { EventLog } from '#event-log';
import { type Verifier, openNote, parseCheckpoint, withoutWrong } from '#transparency';

/** What stands in a stream of checkpoints: each of them before anybody saw it, and what an operator set aside: some of them, and witnesses. */
const CHECKPOINT_SIGNED = 'CheckpointSigned';
const SEAL_OVERRULED = 'SealOverruled';
const WITNESS_OVERRULED = 'WitnessOverruled';

/** A checkpoint with its signatures. */
export interface SealedCheckpoint {
  /** Leaves that it covers. */
  readonly size: number;
  readonly root: Uint8Array;
  /** As it was signed (C2SP signed-note). */
  readonly note: string;
}

/** Who decided that a log is sealed on, and why. */
export interface Decision {
  readonly by: string;
  /** UTC ISO-8601 with milliseconds. */
  readonly at: string;
  readonly reason: string;
}

/** An operator says that a checkpoint is not to be gone on from, although it was published. */
interface Overruling extends Decision {
  /** The checkpoint, as it was signed. */
  readonly note: string;
}

/** An operator says that a witness is not to be asked about a log any more, although it has seen another one. */
interface WitnessOverruling extends Decision {
  /** Its verifier key. */
  readonly witness: string;
  /** Leaves that it has seen. */
  readonly size: number;
}

const encoded = (type: string, data: object): EventContent => ({
  type,
  version: 1,
  data: Buffer.from(JSON.stringify(data)),
});

export const encodeCheckpointSigned = (note: string): EventContent => encoded(CHECKPOINT_SIGNED, { note });

export const encodeSealOverruled = ({ by, at, reason, note }: Overruling): EventContent =>
  encoded(SEAL_OVERRULED, { by, at, reason, note });

export const encodeWitnessOverruled = ({ by, at, reason, witness, size }: WitnessOverruling): EventContent =>
  encoded(WITNESS_OVERRULED, { by, at, reason, witness, size });

/** Verifier key of the witness that an event sets aside; undefined where it sets none aside. */
export function setAsideIn({ type, version, data }: EventContent): string | undefined {
  if (version !== 1 || type !== WITNESS_OVERRULED) return undefined;
  const witness = fieldOf(data, 'witness');
  return typeof witness === 'string' ? witness : undefined;
}

function fieldOf(data: Uint8Array, field: string): unknown {
  try {
    const value = JSON.parse(Buffer.from(data).toString()) as Record<string, unknown> | null;
    return value?.[field];
  } catch {
    return undefined;
  }
}

/** The note that an event of such a stream is about; undefined for what cannot be read. */
export function noteIn({
  type,
  version,
  data,
}: EventContent): { readonly note: string; readonly overruled: boolean } | undefined {
  if (version !== 1 || (type !== CHECKPOINT_SIGNED && type !== SEAL_OVERRULED)) return undefined;
  const note = fieldOf(data, 'note');
  return typeof note === 'string' ? { note, overruled: type === SEAL_OVERRULED } : undefined;
}

/** What a note says, if it is a checkpoint of the log whose key this is, and by it; else undefined. */
export function checkpointIn(note: string, key: Verifier): SealedCheckpoint | undefined {
  try {
    const { origin, size, root } = parseCheckpoint(openNote(note, [key]).text);
    return origin === key.name ? { size, root, note } : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The same of a note that was published: whoever writes into its store can add signatures. Wrong ones of the log and of these witnesses are left
 * out; whoever knows one of those keys would refuse the whole note.
 */
export function publishedIn(
  note: string | undefined,
  log: Verifier,
  witnesses: readonly Verifier[] = [],
): SealedCheckpoint | undefined {
  try {
    return note === undefined ? undefined : checkpointIn(withoutWrong(note, [log, ...witnesses]), log);
  } catch {
    return undefined;
  }
}

/** A stream of checkpoints, as far as it was read. What others wrote into it is passed over. */
export class CheckpointTrail {
  /** Revision of the last event; -1 before the first. */
  revision = -1n;
  /** The last checkpoint that nobody overruled. */
  last: SealedCheckpoint | undefined;
  /** Verifier keys of the witnesses that an operator set aside. */
  readonly setAside = new Set<string>();
  private readonly overruled = new Set<string>();

  constructor(private readonly key: Verifier) {}

  /** Reads what a stream has beyond what is known. @returns the checkpoints that were new */
  async read(log: EventLog, stream: string): Promise<SealedCheckpoint[]> {
    const found: SealedCheckpoint[] = [];
    for await (const page of log.read(stream, this.revision + 1n)) {
      for (const event of page) found.push(...this.add(event));
    }
    return found;
  }

  /**
   * Reads a stream from its start, for its last checkpoint alone: of each page only that one is verified, and what was overruled. What an
   * operator set aside is known by the second time, so that the last one before it is found.
   */
  async skim(log: EventLog, stream: string): Promise<void> {
    for (let known = -1; known < this.overruled.size;) {
      known = this.overruled.size;
      this.last = undefined;
      for await (const page of log.read(stream, 0n)) {
        this.skimPage(page);
        // a day has 86,400 checkpoints, and others wait for the thread
        await nextTurn();
      }
    }
  }

  /** Whether an operator set a checkpoint aside: of that size, with that root. */
  isOverruled({ size, root }: SealedCheckpoint): boolean {
    return this.overruled.has(keyOf(size, root));
  }

  private skimPage(page: readonly RecordedEvent[]): void {
    for (const event of page) if (event.type !== CHECKPOINT_SIGNED) this.add(event);
    for (const event of page.toReversed()) {
      const checkpoint = event.type === CHECKPOINT_SIGNED ? this.checkpointOf(event) : undefined;
      if (checkpoint === undefined || this.isOverruled(checkpoint)) continue;
      this.last = checkpoint;
      break;
    }
    this.revision = page.at(-1)?.revision ?? this.revision;
  }

  private checkpointOf(event: RecordedEvent): SealedCheckpoint | undefined {
    const said = noteIn(event);
    return said && checkpointIn(said.note, this.key);
  }

  private add(event: RecordedEvent): SealedCheckpoint[] {
    this.revision = event.revision;
    const witness = setAsideIn(event);
    if (witness !== undefined) this.setAside.add(witness);
    const checkpoint = this.checkpointOf(event);
    if (checkpoint === undefined) return [];
    if (event.type === SEAL_OVERRULED) {
      this.overruled.add(keyOf(checkpoint.size, checkpoint.root));
      if (this.last && this.isOverruled(this.last)) this.last = undefined;
      return [];
    }
    this.last = checkpoint;
    return [checkpoint];
  }
}

const keyOf = (size: number, root: Uint8Array): string => `${size} ${Buffer.from(root).toString('hex')}`;
