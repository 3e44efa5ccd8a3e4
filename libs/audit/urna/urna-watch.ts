import type { RecordedEvent } from '#domain';

import type { AuditOptions } from '../evidence.ts';
import { checkpointIn } from './anchors.ts';
import { ReceiptWatch } from './receipt-watch.ts';
import { LogTree } from './log-tree.ts';
import { SignedHeads } from './signed-heads.ts';
import { type Urna, type UrnaLog, urnaOf } from './urna-logs.ts';

/** One of the logs of a poll: what was signed of it, and what it is. */
export class WatchedLog {
  readonly tree: LogTree;
  /** When the first event was recorded that no checkpoint has, ms since the epoch. */
  unsealedSince: number | undefined;
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
    if (this.tree.size === this.sealed) this.unsealedSince = event.recordedAt;
    this.tree.add(event);
  }
}

/** Builds the trees of a poll's logs as its events are read, to compare them with everything that was signed of them. */
export class UrnaWatch {
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
    const sizes = anchors.flatMap(({ notes }) => notes).map((note) => checkpointIn(note).size);
    const watch = async (log: UrnaLog): Promise<WatchedLog> =>
      new WatchedLog(log, await SignedHeads.of(source.read, log, signal), sizes);
    const receiptWatch = new ReceiptWatch(receipts.map(({ receipt }) => receipt));
    return new UrnaWatch(urna, await watch(urna.box), await watch(urna.acts), receiptWatch);
  }

  /** Takes the next event of the poll: leaves of its logs, and others, which are none. */
  add(event: RecordedEvent): void {
    if (event.stream === this.box.log.stream) {
      this.box.add(event);
      this.receipts.add(event);
    } else if (event.stream === this.acts.log.stream) this.acts.add(event);
  }
}
