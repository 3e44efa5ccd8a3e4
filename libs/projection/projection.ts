import { type RecordedEvent, Tally, type TallySnapshot, pollIdOf, totalOf } from '#domain';
import { type Checkpoint, type PollTally, type StoredTally, type TallyStore, digestOf, lastOpened } from '#read-model';

/** A server whose clock was set back records times below those it has: ids are refilled this much longer than needed. */
const CLOCK_MARGIN_MS = 3_600_000;
/** Heartbeat and save may be on their way at the same time. */
const WRITTEN_KEPT = 8;

interface Tracked {
  readonly tally: Tally;
  /** Position up to which events are in the tally already; behind it they are folded. */
  readonly foldedTo: bigint;
  dirty: boolean;
}

/** What the projection counted over all polls, by outcome. */
export type Totals = Record<'counted' | 'duplicate' | 'late' | 'expired' | 'quarantined', number>;

/** The tallies of all polls, folded from the log and stored in the read model. */
export class Projection {
  private readonly polls = new Map<string, Tracked>();
  private readonly stored = new Map<string, StoredTally>();
  private clock = 0;
  private caughtUp = false;
  private lastRecordedAt = 0;
  /** Times of the last checkpoints, also of those that are on their way. */
  private written: number[] = [];

  private constructor(
    private readonly store: TallyStore,
    /** Everything up to here is folded. */
    public position: bigint,
    /** Where the log has to be read from: early enough to refill the ids that may come again. */
    readonly resumeFrom: bigint,
  ) {}

  /** Takes up where the stored tallies and the checkpoint of a version left off. */
  static async restore(store: TallyStore): Promise<Projection> {
    const checkpoint = await store.checkpoint();
    const tallies = await store.all();
    let resumeFrom = checkpoint.position;
    for (const { snapshot } of tallies) {
      const from = BigInt(snapshot.windowFrom);
      if (snapshot.windowUntil + CLOCK_MARGIN_MS >= checkpoint.clock && from < resumeFrom) resumeFrom = from;
    }
    const projection = new Projection(store, checkpoint.position, resumeFrom);
    projection.clock = checkpoint.clock;
    for (const stored of tallies) projection.adopt(stored);
    return projection;
  }

  /** Folds a page of events; those that a tally holds already only refill its ids. */
  fold(events: readonly RecordedEvent[], caughtUp: boolean): void {
    for (const event of events) this.foldOne(event);
    this.caughtUp = caughtUp;
  }

  /**
   * Stores the tallies that changed, all at the same position, and then the checkpoint.
   * @returns what was quarantined since the last time
   */
  async save(): Promise<TallySnapshot['quarantine']> {
    const { position } = this;
    const quarantined: TallySnapshot['quarantine'] = [];
    for (const [pollId, tracked] of this.polls) {
      if (!tracked.dirty) continue;
      const snapshot = tracked.tally.snapshot();
      const stored = { position, digest: digestOf(snapshot), snapshot };
      await this.store.save(stored);
      quarantined.push(...snapshot.quarantine.slice(this.stored.get(pollId)?.snapshot.quarantine.length));
      this.stored.set(pollId, stored);
      tracked.dirty = false;
    }
    await this.saveCheckpoint(position);
    return quarantined;
  }

  /** Tells readers how far the stored tallies are. */
  async saveCheckpoint(position = this.savedPosition()): Promise<void> {
    if (position === undefined) return;
    const at = Date.now();
    this.written = [...this.written.slice(1 - WRITTEN_KEPT), at];
    await this.store.saveCheckpoint({ position, clock: this.clock, at, lagSeconds: this.lagSeconds() });
  }

  /** Whether the end of the log was reached by the last page. */
  get isCaughtUp(): boolean {
    return this.caughtUp;
  }

  /** Whether a checkpoint that is stored is one of this projection, and not of another projector. */
  hasWritten({ at }: Checkpoint): boolean {
    return this.written.includes(at);
  }

  /** The tally of a poll as it is folded now. */
  snapshotOf(pollId: string): TallySnapshot | undefined {
    return this.polls.get(pollId)?.tally.snapshot();
  }

  /** Age of what is not folded yet, s: 0 when the end of the log is reached. */
  lagSeconds(now = Date.now()): number {
    return this.caughtUp ? 0 : Math.max(0, (now - this.lastRecordedAt) / 1000);
  }

  /** The stored tally of the poll that was opened last. */
  latest(): PollTally['snapshot'] | undefined {
    return lastOpened(this.stored.values())?.snapshot;
  }

  totals(): Totals {
    const totals: Totals = { counted: 0, duplicate: 0, late: 0, expired: 0, quarantined: 0 };
    for (const { snapshot } of this.stored.values()) {
      totals.counted += totalOf(snapshot);
      totals.duplicate += snapshot.duplicates;
      totals.late += snapshot.late;
      totals.expired += snapshot.expired;
      totals.quarantined += snapshot.quarantined;
    }
    return totals;
  }

  private foldOne(event: RecordedEvent): void {
    const pollId = pollIdOf(event.stream);
    if (pollId === undefined) return;
    const tracked = this.tracked(pollId);
    if (event.position <= tracked.foldedTo) tracked.tally.remember(event);
    else {
      tracked.tally.fold(event);
      tracked.dirty = true;
    }
    if (event.position > this.position) this.position = event.position;
    if (event.recordedAt > this.clock) this.clock = event.recordedAt;
    this.lastRecordedAt = event.recordedAt;
  }

  private tracked(pollId: string): Tracked {
    let tracked = this.polls.get(pollId);
    if (tracked === undefined) {
      tracked = { tally: new Tally(pollId), foldedTo: -1n, dirty: false };
      this.polls.set(pollId, tracked);
    }
    return tracked;
  }

  private adopt(stored: StoredTally): void {
    const { snapshot, position } = stored;
    this.polls.set(snapshot.pollId, { tally: Tally.from(snapshot), foldedTo: position, dirty: false });
    this.stored.set(snapshot.pollId, stored);
  }

  /** Undefined while something folded is not stored: a checkpoint must never be ahead of the tallies. */
  private savedPosition(): bigint | undefined {
    for (const { dirty } of this.polls.values()) if (dirty) return undefined;
    return this.position;
  }
}
