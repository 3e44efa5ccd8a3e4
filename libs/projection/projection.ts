import {
  type ReadStream,
  type RecordedEvent,
  Tally,
  type TallySnapshot,
  foldNext,
  isBallotBox,
  pollIdOf,
} from '#domain';
import type { EventLog } from '#event-log';
import { type Checkpoint, type PollTally, type StoredTally, type TallyStore, digestOf, lastOpened } from '#read-model';

import { LogReach, assertOfThisLog } from './foreign-read-model.ts';
import { Lag } from './lag.ts';
import { LoggedPolls } from './logged-polls.ts';
import { type QuarantineNews, type Totals, quarantineNews, totalsOf } from './projection-news.ts';
import { type SkippedEvents, StreamGaps, Turns } from './skipped.ts';

/** A server whose clock was set back records times below those it has: ids are refilled this much longer than needed. */
const CLOCK_MARGIN_MS = 3_600_000;
/** Heartbeat and save may be on their way at the same time. */
const WRITTEN_KEPT = 8;

interface Tracked {
  readonly tally: Tally;
  /** Position up to which the tally already has the events; later ones are folded. */
  readonly foldedTo: bigint;
  dirty: boolean;
}

/** The tallies of all polls, folded from the log and stored in the read model. */
export class Projection {
  private readonly polls = new Map<string, Tracked>();
  private readonly stored = new Map<string, StoredTally>();
  private clock = 0;
  /** The event at `position`; empty while it is not known. */
  private mark: Pick<Checkpoint, 'last'> = {};
  private unreported: QuarantineNews[] = [];
  private readonly turns = new Turns();
  private readonly gaps: StreamGaps;
  /** The log once more, for ids that are not in memory, and what its subscription left out. */
  private readonly read: ReadStream = (stream, from) => this.log.read(stream, from);
  private readonly reach = new LogReach();
  /** Times of the last checkpoints, also of those that are on their way. */
  private written: number[] = [];

  private constructor(
    private readonly store: TallyStore,
    /** Everything up to here is folded. */
    public position: bigint,
    /** Where the log has to be read from: early enough to refill the ids that may come again. */
    readonly resumeFrom: bigint,
    private readonly lag: Lag,
    private readonly log: EventLog,
    private readonly logged: LoggedPolls,
  ) {
    this.gaps = new StreamGaps(this.read, {
      lastRevision: (pollId) => this.polls.get(pollId)?.tally.lastRevision ?? -1n,
      underWay: () => [...this.polls].filter(([, { tally }]) => !tally.isOver).map(([pollId]) => pollId),
    });
  }

  /** Whoever is to hear of events that the log did not bring by itself. */
  set onSkipped(listener: (skipped: SkippedEvents) => void) {
    this.gaps.onSkipped = listener;
  }

  /**
   * Takes up where the stored tallies and the checkpoint of a version left off.
   * @throws ForeignReadModelError when they hold more than the log has
   */
  static async restore(store: TallyStore, log: EventLog): Promise<Projection> {
    const checkpoint = await store.checkpoint();
    const logged = new LoggedPolls(log);
    const tallies = await logged.own(await store.all());
    await assertOfThisLog(checkpoint, tallies, log);
    let resumeFrom = checkpoint.position;
    for (const { snapshot } of tallies) {
      const from = BigInt(snapshot.windowFrom);
      if (snapshot.windowUntil + CLOCK_MARGIN_MS >= checkpoint.clock && from < resumeFrom) resumeFrom = from;
    }
    const projection = new Projection(store, checkpoint.position, resumeFrom, new Lag(checkpoint), log, logged);
    projection.clock = checkpoint.clock;
    if (checkpoint.last !== undefined) projection.mark = { last: checkpoint.last };
    for (const stored of tallies) projection.adopt(stored);
    return projection;
  }

  /**
   * Folds a page of events; those that a tally holds already only refill its ids.
   * @throws EventLogUnavailableError when ids have to be read again, and cannot
   */
  fold(events: readonly RecordedEvent[], caughtUp: boolean): Promise<void> {
    return this.turns.take(async () => {
      await this.foldAll(events);
      this.lag.folded(caughtUp);
    });
  }

  /**
   * What the log has of polls that are not over after the last event of each of their streams, at most a page of each, in log order. Gaps
   * before that event were found when it was folded. Only this finds what is missing after it.
   * @throws EventLogUnavailableError, and ForeignReadModelError where the log has something else in the place of the last event
   */
  missing(): Promise<readonly RecordedEvent[]> {
    return this.gaps.behind();
  }

  /**
   * Folds what the subscription passed by, and tells the listener: it brings events in the order of the log.
   * @param missing what the log has; some of it may have come since
   * @param passedTo position up to which it has come although it brought nothing from there
   * @returns whether there was any
   */
  takeLeftOut(missing: readonly RecordedEvent[], passedTo: bigint): Promise<boolean> {
    return this.turns.take(async () => {
      const to = passedTo > this.position ? passedTo : this.position;
      const leftOut = missing.filter((event) => event.position <= to && this.gaps.isNew(event));
      await this.foldAll(leftOut);
      for (const { stream, revision } of leftOut)
        this.gaps.onSkipped({ stream, from: revision, to: revision, found: 1 });
      return leftOut.length > 0;
    });
  }

  /**
   * Stores the tallies that changed, all at the same position, and then the checkpoint.
   * @returns what was quarantined since the last time
   */
  save(): Promise<readonly QuarantineNews[]> {
    return this.turns.take(() => this.saveAll());
  }

  private async saveAll(): Promise<readonly QuarantineNews[]> {
    const { position } = this;
    for (const [pollId, tracked] of this.polls) {
      tracked.tally.forgetIdsBefore(this.clock - CLOCK_MARGIN_MS);
      if (!tracked.dirty) continue;
      const snapshot = tracked.tally.snapshot();
      const stored = { position, digest: digestOf(snapshot), snapshot, ...this.mark };
      await this.store.save(stored);
      const news = quarantineNews(this.stored.get(pollId)?.snapshot, snapshot);
      if (news !== undefined) this.unreported.push(news);
      this.stored.set(pollId, stored);
      tracked.dirty = false;
    }
    await this.saveCheckpoint(position);
    return this.unreported.splice(0);
  }

  /**
   * Asks the log whether it still has what was folded of it.
   * @throws ForeignReadModelError, EventLogUnavailableError
   */
  async assertOfThisLog(): Promise<void> {
    // before the head: the subscription goes on meanwhile
    const { position } = this;
    this.reach.assert((await this.log.head()).position, position);
  }

  /** Tells readers how far the stored tallies are. */
  async saveCheckpoint(position = this.savedPosition()): Promise<void> {
    if (position === undefined) return;
    const at = Date.now();
    this.written = [...this.written.slice(1 - WRITTEN_KEPT), at];
    const { clock, logged } = this;
    const how = { clock, at, lagSeconds: this.lagSeconds(), polls: logged.list };
    await this.store.saveCheckpoint({ position, ...how, ...this.mark });
  }

  /** Polls that have a tally and are not in the log, each of them once. */
  async foreign(): Promise<string[]> {
    return this.logged.foreignOf((await this.store.positions()).keys());
  }

  /** Whether the end of the log was reached by the last page. */
  get isCaughtUp(): boolean {
    return this.lag.isCaughtUp;
  }

  /** Whether a checkpoint that is stored is one of this projection, and not of another projector. */
  hasWritten({ at }: Checkpoint): boolean {
    return this.written.includes(at);
  }

  /** The tally of a poll as it is folded now. */
  snapshotOf(pollId: string): TallySnapshot | undefined {
    return this.polls.get(pollId)?.tally.snapshot();
  }

  /** Age of what is not folded yet, s. */
  lagSeconds(): number {
    return this.lag.seconds;
  }

  /** The stored tally of the real poll that was opened last. */
  latest(): PollTally['snapshot'] | undefined {
    return lastOpened(this.stored.values())?.snapshot;
  }

  totals(): Totals {
    return totalsOf([...this.stored.values()].map(({ snapshot }) => snapshot));
  }

  private foldOne(
    pollId: string,
    event: RecordedEvent,
    upcoming: () => readonly RecordedEvent[],
  ): Promise<void> | undefined {
    const tracked = this.tracked(pollId);
    const isBox = isBallotBox(event.stream);
    if (isBox ? this.gaps.isNew(event) : event.position > tracked.foldedTo) {
      tracked.dirty = true;
      return foldNext(tracked.tally, event, upcoming, this.read);
    }
    tracked.tally.remember(event);
    return undefined;
  }

  private async foldAll(events: readonly RecordedEvent[]): Promise<void> {
    for (const [index, event] of events.entries()) {
      if (pollIdOf(event.stream) === undefined) continue;
      if (this.gaps.precedes(event)) for await (const skipped of this.gaps.before(event)) await this.take(skipped);
      await this.take(event, () => events.slice(index).filter(({ stream }) => stream === event.stream));
    }
  }

  /** @param upcoming this event and what is known to come after it in its stream */
  private take(event: RecordedEvent, upcoming = (): readonly RecordedEvent[] => [event]): Promise<void> | undefined {
    const pending = this.foldOne(pollIdOf(event.stream)!, event, upcoming);
    if (pending !== undefined) return pending.then(() => this.passed(event));
    this.passed(event);
    return undefined;
  }

  private passed(event: RecordedEvent): void {
    this.gaps.passed(event);
    this.logged.passed(event);
    if (event.position >= this.position) {
      const { position, stream, revision, id } = event;
      this.position = position;
      this.mark = { last: { stream, revision: String(revision), id } };
    }
    if (event.recordedAt > this.clock) this.clock = event.recordedAt;
    this.lag.recordedAt = event.recordedAt;
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
