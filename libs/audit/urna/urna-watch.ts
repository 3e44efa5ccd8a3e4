import { setTimeout as delay } from 'node:timers/promises';

import type { ReadStream, RecordedEvent } from '#domain';
import { isSealedAt } from '#seal';
import { checkpointOf } from '#transparency';

import type { AuditOptions } from '../evidence.ts';
import type { EventSource } from '../source.ts';
import { ReceiptWatch } from './receipt-watch.ts';
import { LogTree } from './log-tree.ts';
import { SignedHeads } from './signed-heads.ts';
import { type Urna, type UrnaLog, urnaOf } from './urna-logs.ts';

/** A checkpoint a second is signed while there are new leaves, and one at each decision, ms: what is older and not signed will not be. */
const SIGNED_WITHIN_MS = 60_000;
/** So often is looked for one that is about to be signed, ms. */
const LOOK_MS = 250;

/** One of the logs of a poll: what was signed of it, and what it is. */
export class WatchedLog {
  readonly tree: LogTree;
  /** When the first of the events was recorded that no checkpoint has, ms since the epoch. Who writes the log says so. */
  private unsealedSince: number | undefined;
  private readonly sealed: number;

  /** @param anchored sizes at which somebody outside knows the root */
  constructor(
    readonly log: UrnaLog,
    readonly signed: SignedHeads,
    anchored: readonly number[],
  ) {
    this.tree = new LogTree([...signed.heads.map(({ size }) => size), ...anchored]);
    this.sealed = signed.sealed;
  }

  add(event: RecordedEvent): void {
    if (this.tree.size >= this.sealed) this.unsealedSince = Math.min(this.unsealedSince ?? Infinity, event.recordedAt);
    this.tree.add(event, isSealedAt(event));
  }

  /** Whether so many leaves are in a checkpoint. */
  isSealedTo(leaves: number): boolean {
    return this.signed.sealed >= leaves;
  }

  /** Whether something has been waiting for its checkpoint for longer than a sealer takes. @param asOf by the clock of the log, ms since the epoch */
  isOverdue(asOf: number): boolean {
    return this.unsealedSince !== undefined && asOf - this.unsealedSince > SIGNED_WITHIN_MS;
  }

  /** Waits until so many leaves are in a checkpoint, for as long as that may still come. */
  async awaitSealed(leaves: number, read: ReadStream, signal?: AbortSignal): Promise<void> {
    const end = performance.now() + SIGNED_WITHIN_MS;
    while (!this.isSealedTo(leaves) && !this.isOverdue(Date.now()) && performance.now() < end) {
      await delay(LOOK_MS);
      await this.signed.readOn(read, signal, (size) => this.tree.rootAt(size) !== undefined);
    }
  }
}

/** Builds the trees of a poll's logs as its events are read, to compare them with everything that was signed of them. */
export class UrnaWatch {
  /** When the last event was recorded, ms since the epoch; 0 before the first. */
  recordedTo = 0;

  private constructor(
    readonly urna: Urna,
    readonly box: WatchedLog,
    readonly acts: WatchedLog,
    readonly receipts: ReceiptWatch,
  ) {}

  /**
   * Reads what was signed: first that, then the log, so the log has at least as much.
   * @returns undefined for a poll without such logs
   */
  static async begin({
    source,
    pollId,
    anchors = [],
    receipts = [],
    signal,
  }: AuditOptions): Promise<UrnaWatch | undefined> {
    const urna = await urnaOf(source.read, pollId);
    if (urna === undefined) return undefined;
    const sizes = anchors.flatMap(({ notes }) => notes).map((note) => checkpointOf(note).size);
    const watch = async (log: UrnaLog): Promise<WatchedLog> =>
      new WatchedLog(log, await SignedHeads.of(source.read, log, signal), sizes);
    const receiptWatch = new ReceiptWatch(receipts.map(({ receipt }) => receipt));
    return new UrnaWatch(urna, await watch(urna.box), await watch(urna.acts), receiptWatch);
  }

  /** Takes the next event of the poll: leaves of its logs, and others, which are none. */
  add(event: RecordedEvent): void {
    this.recordedTo = Math.max(this.recordedTo, event.recordedAt);
    if (event.stream === this.box.log.stream) {
      this.box.add(event);
      this.receipts.add(event);
    } else if (event.stream === this.acts.log.stream) this.acts.add(event);
  }

  /**
   * What must be signed once the votes are cut, whatever any clock says: the box up to its cut, behind which nothing counts, and every act.
   * @param cut revision of what closes the box
   */
  due(cut: string): (readonly [log: WatchedLog, leaves: number])[] {
    return [
      [this.box, Number(cut) + 1],
      [this.acts, this.acts.tree.size],
    ];
  }

  /**
   * Waits for the checkpoints that are due and may be signed at this moment: a log that is in use may have been read within the second that a
   * sealer needs. A clock says here how long is waited, and never that nothing is missing.
   */
  async settle({ isInUse, read }: EventSource, cut: string | null, signal?: AbortSignal): Promise<void> {
    if (!isInUse || cut === null) return;
    for (const [log, leaves] of this.due(cut)) await log.awaitSealed(leaves, read, signal);
  }
}
