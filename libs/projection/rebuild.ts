import { setTimeout as delay } from 'node:timers/promises';

import type { EventLog, SubscriptionPage } from '#event-log';
import type { ReadModel, TallyStore } from '#read-model';

import { beatingVersions } from './beats.ts';
import { Comparison, type Difference } from './comparison.ts';
import { follow } from './follow.ts';
import { assertOfThisLog } from './foreign-read-model.ts';
import { Projection } from './projection.ts';

export type { Difference } from './comparison.ts';

/** A projector writes a heartbeat every second: with one while we look for so long, ms, there is somebody to hand over to. */
const WATCH_MS = 3000;
/** How long to wait for the active version to advance before the comparison, ms. It may stand still, or have no writer. */
const ACTIVE_LIMIT_MS = 2000;
const ACTIVE_PAUSE_MS = 10;
/** A release may need a while to bring its projectors up, ms. */
const HANDOVER_LIMIT_MS = 600_000;

/** Folding the log; comparing with the active version at the end of it; switched, and kept up to date until a projector does. */
export type RebuildPhase = 'folding' | 'comparing' | 'handing over';

export interface RebuildProgress {
  readonly phase: RebuildPhase;
  readonly version: string;
  readonly events: number;
  readonly position: bigint;
  /** The end of the log when the rebuild began. */
  readonly head: bigint;
}

export interface RebuildOptions {
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: RebuildProgress) => void;
  /** Switch although the new version counts otherwise than the active one: that is what a repair is for. */
  readonly acceptDifferences?: boolean;
  readonly handoverLimitMs?: number;
  /** How long to look whether a projector runs, while it folds. */
  readonly watchMs?: number;
}

export interface RebuildResult {
  readonly version: string;
  readonly previousVersion: string;
  readonly events: number;
  /** The tallies of the active version that were compared, and the last position at which they were, by poll. */
  readonly compared: ReadonlyMap<string, bigint>;
  readonly differences: readonly Difference[];
  /** Whether readers use the new version. If not, there were differences that were not accepted, and it was dropped. */
  readonly switched: boolean;
  /** A projector keeps the new version up to date, or the service is down and the next one that starts will. */
  readonly handedOver: boolean;
}

/**
 * Builds a new version of the read model beside the active one while votes go on, compares the two at the same positions of the
 * log, switches in one step, and keeps the new version up to date until a projector has taken over. Until the switch
 * nothing of the active version is touched: whatever breaks before leaves it as it was.
 */
export async function rebuild(log: EventLog, readModel: ReadModel, options: RebuildOptions): Promise<RebuildResult> {
  const active = await readModel.current();
  const version = await readModel.create();
  const attempt = new Attempt(log, readModel, active, readModel.tallies(version), options);
  try {
    await attempt.run();
  } finally {
    // a store that is away keeps it until it is dropped by hand
    if (!attempt.switched) await readModel.drop(version).catch(() => undefined);
  }
  return attempt.result();
}

class Attempt {
  switched = false;
  private handedOver = false;
  /** Whether somebody keeps a version up to date: a projector, or another rebuild. */
  private isProjected = Promise.resolve(false);
  private phase: RebuildPhase = 'folding';
  private events = 0;
  private head = 0n;
  private readonly done = new AbortController();
  private projection!: Projection;
  private comparison!: Comparison;

  constructor(
    private readonly log: EventLog,
    private readonly readModel: ReadModel,
    private readonly active: TallyStore,
    private readonly store: TallyStore,
    private readonly options: RebuildOptions,
  ) {}

  async run(): Promise<void> {
    this.isProjected = this.hasProjector();
    // it is awaited at the end of the log, if it comes to that
    this.isProjected.catch(() => undefined);
    const tallies = await this.active.all();
    this.head = (await this.log.head()).position;
    await assertOfThisLog(await this.active.checkpoint(), tallies, this.log);
    this.projection = await Projection.restore(this.store, this.log);
    this.comparison = new Comparison(this.projection);
    this.comparison.expect(tallies);
    await follow(this.log, this.projection, AbortSignal.any([this.options.signal, this.done.signal]), {
      fold: (page) => this.fold(page),
      onSave: () => this.saved(),
      onBeat: () => this.lookForProjector(),
    });
    if (!this.switched) this.options.signal.throwIfAborted();
  }

  result(): RebuildResult {
    const { events, switched, handedOver } = this;
    const { compared, differences } = this.comparison;
    return {
      version: this.store.version,
      previousVersion: this.active.version,
      events,
      compared,
      differences,
      switched,
      handedOver,
    };
  }

  private async fold(page: SubscriptionPage): Promise<void> {
    await this.comparison.fold(page);
    this.events += page.events.length;
  }

  private async saved(): Promise<void> {
    if (this.projection.isCaughtUp && !this.switched) await this.advance();
    const { phase, events } = this;
    const { version } = this.store;
    this.options.onProgress?.({ phase, version, events, position: this.projection.position, head: this.head });
  }

  /** At the end of the log: once more compared with the active version, then switched. */
  private async advance(): Promise<void> {
    // first, since it may take a while, in which the active version goes on
    this.handedOver = !(await this.isProjected);
    if (this.phase === 'folding') await this.compareWithActive();
    this.phase = 'comparing';
    if (!this.comparison.isDone) return;
    const differs = this.comparison.differences.length > 0;
    if (differs && this.options.acceptDifferences !== true) return this.done.abort();
    // readers never go back: what they have seen is in the new version
    if ((await this.active.checkpoint()).position > this.projection.position) return;
    const { version } = this.store;
    this.switched = await this.readModel.activate(version, this.active.version);
    if (!this.switched) throw new OvertakenError(`another rebuild was faster; version ${version} is not used`);
    this.phase = 'handing over';
    if (this.handedOver) this.done.abort();
    else this.limitHandover();
  }

  private async hasProjector(): Promise<boolean> {
    const { readModel, store, options } = this;
    const isOther = (beating: ReadonlySet<string>): boolean =>
      [...beating].some((version) => version !== store.version);
    return isOther(await beatingVersions(readModel, options.watchMs ?? WATCH_MS, isOther));
  }

  /**
   * The active version is let past us, so that every tally of it holds at our position or at one that we are about to pass. Where
   * nobody writes it, what it had at the beginning was compared on the way.
   */
  private async compareWithActive(): Promise<void> {
    const { position } = this.projection;
    const limit = performance.now() + ACTIVE_LIMIT_MS;
    while ((await this.active.checkpoint()).position < position) {
      if (performance.now() > limit) return;
      await delay(ACTIVE_PAUSE_MS, undefined, { signal: this.options.signal });
    }
    const tallies = await this.active.all();
    for (const tally of tallies) if (tally.position <= position) this.comparison.compare(tally);
    this.comparison.expect(tallies.filter((tally) => tally.position > position));
  }

  /** Since our last heartbeat the checkpoint was written by somebody else, who must have folded at least as far. */
  private async lookForProjector(): Promise<void> {
    if (!this.switched) return;
    if (this.projection.hasWritten(await this.store.checkpoint())) return;
    this.handedOver = true;
    this.done.abort();
  }

  private limitHandover(): void {
    const timer = setTimeout(() => this.done.abort(), this.options.handoverLimitMs ?? HANDOVER_LIMIT_MS);
    this.done.signal.addEventListener('abort', () => clearTimeout(timer));
  }
}

/** Of several rebuilds at once, another one was the first to switch. */
class OvertakenError extends Error {
  override readonly name = 'OvertakenError';
  readonly code = 'rebuild-overtaken';
}
