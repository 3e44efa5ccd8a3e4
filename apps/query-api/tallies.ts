import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { InjectMetric, makeGaugeProvider } from '@willsoto/nestjs-prometheus';
import { PinoLogger } from 'nestjs-pino';
import type { Gauge } from 'prom-client';

import { DomainError, type Poll, totalOf } from '#domain';
import {
  type Checkpoint,
  NO_CHECKPOINT,
  type PollTally,
  ReadModel,
  ReadModelUnavailableError,
  type StoredTally,
  type TallyOf,
  type TallyStore,
  isOpened,
  isPrepared,
  lastOpened,
  newestFirst,
  nextScheduled,
} from '#read-model';
import { Readiness, collectFrom } from '#platform';

import { RateMeter } from './rate-meter.ts';
import { Waiters } from './waiters.ts';

const REFRESH_INTERVAL_MS = 100;
/** A projector writes a heartbeat every second; when it is older than this, the projector is taken for dead. */
const HEARTBEAT_LIMIT_SECONDS = 3;
/** Without a refresh for this long the numbers are too old to be called current. */
const STALE_AFTER_MS = 5000;
const LOG_INTERVAL_MS = 5000;

/** The tallies in memory, refreshed from the read model ten times a second: requests never wait for a database. */
@Injectable()
export class Tallies implements OnApplicationBootstrap, OnModuleDestroy {
  private tallies = new Map<string, StoredTally>();
  /** The version that the tallies are of. */
  private version = '';
  private readonly rates = new Map<string, RateMeter>();
  private readonly waiters: Waiters;
  private latest: PollTally | undefined;
  private checkpoint: Checkpoint = NO_CHECKPOINT;
  // on the clock of `performance.now()`, ms: one that is set makes no tally fresh or stale
  private heardAt = -Infinity;
  private refreshedAt = -Infinity;
  private loggedAt = -Infinity;
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;

  constructor(
    private readonly readModel: ReadModel,
    readiness: Readiness,
    private readonly logger: PinoLogger,
    @InjectMetric('result_waiters') waitersGauge: Gauge,
  ) {
    logger.setContext('tallies');
    this.waiters = new Waiters();
    readiness.add('read-model', () =>
      this.isStale() ? Promise.reject(new Error('the tallies are stale')) : Promise.resolve(),
    );
    collectFrom(waitersGauge, () => [[{}, this.waiters.size]]);
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.refresh();
  }

  onModuleDestroy(): void {
    this.stopped = true;
    clearTimeout(this.timer);
    this.waiters.releaseAll();
  }

  /**
   * The tally of a poll, or of the real one that was opened last.
   * @throws DomainError `poll-not-found`, ReadModelUnavailableError when nothing could be read lately
   */
  get(pollId?: string): PollTally {
    const tally = pollId === undefined ? this.latest : this.find(pollId);
    if (tally !== undefined) return tally;
    this.assertFresh();
    throw new DomainError(
      'poll-not-found',
      pollId === undefined ? 'no poll was ever opened' : `there is no poll "${pollId}"`,
    );
  }

  /** The tally of a poll that was opened; undefined also while nothing can be read, see `assertFresh`. */
  find(pollId: string): PollTally | undefined {
    const tally = this.tallies.get(pollId);
    return isOpened(tally) ? tally : undefined;
  }

  /**
   * The tally of a poll, which may be a draft.
   * @throws as `get` does
   */
  prepared(pollId: string): TallyOf<Poll> {
    const tally = this.tallies.get(pollId);
    return isPrepared(tally) ? tally : this.get(pollId);
  }

  /**
   * The poll that voters shall see: the one that is open or still being counted, else the one that opens next, else the
   * one that was opened last.
   * @throws as `get` does
   */
  currentOrNext(): TallyOf<Poll> {
    const isOver = this.latest?.snapshot.cut !== null;
    return (isOver ? nextScheduled(this.tallies.values()) : undefined) ?? this.get();
  }

  /**
   * Every poll, those that are prepared too and no discarded drafts, the newest first.
   * @throws ReadModelUnavailableError
   */
  all(): TallyOf<Poll>[] {
    if (this.tallies.size === 0) this.assertFresh();
    return newestFirst(this.tallies.values());
  }

  /**
   * Resolves when the events up to a position are in the tallies, or the time is over, or too many wait already.
   * @returns whether they are
   */
  async includes(position: bigint, timeoutMs: number): Promise<boolean> {
    if (this.position >= position) return true;
    return this.waiters.wait(position, timeoutMs);
  }

  /** Position up to which the tallies in memory hold. */
  get position(): bigint {
    return this.checkpoint.position;
  }

  /** Votes counted a second, over the last seconds. */
  ratePerSecond(pollId: string): number {
    return this.rates.get(pollId)?.perSecond(performance.now()) ?? 0;
  }

  /** Age of the projector's last sign of life, s. */
  ageSeconds(): number {
    return (performance.now() - this.heardAt) / 1000;
  }

  /** How far the tallies are behind the log, s; 0 when caught up. A silent projector is behind by its silence. */
  lagSeconds(): number {
    const silence = this.ageSeconds();
    return this.checkpoint.lagSeconds + (silence > HEARTBEAT_LIMIT_SECONDS ? silence : 0);
  }

  /** @throws ReadModelUnavailableError when nothing could be read lately: a poll that is not here may be there */
  assertFresh(): void {
    if (this.isStale()) throw new ReadModelUnavailableError('the read model was not read lately');
  }

  private isStale(): boolean {
    return performance.now() - this.refreshedAt > STALE_AFTER_MS;
  }

  private async refresh(): Promise<void> {
    try {
      await this.read(await this.readModel.current());
    } catch (error) {
      this.logFailure(error);
    }
    if (!this.stopped) this.timer = setTimeout(() => void this.refresh(), REFRESH_INTERVAL_MS);
  }

  private async read(store: TallyStore): Promise<void> {
    // the checkpoint first: the tallies read after it hold at least up to its position
    const checkpoint = await store.checkpoint();
    const isOther = store.version !== this.version;
    // another version was activated that is not quite as far yet: never show less than before
    if (isOther && checkpoint.position < this.position) return;
    const tallies = isOther ? new Map<string, StoredTally>() : this.tallies;
    const isLogged = loggedIn(checkpoint);
    for (const [pollId, position] of await store.positions()) {
      if (!isLogged(pollId)) {
        tallies.delete(pollId);
        continue;
      }
      if (tallies.get(pollId)?.position === position) continue;
      const tally = await store.load(pollId);
      if (tally === undefined) continue;
      tallies.set(pollId, tally);
      this.rateOf(pollId).record(totalOf(tally.snapshot), performance.now());
    }
    // a whole version replaces another one at once
    this.version = store.version;
    this.tallies = tallies;
    this.latest = lastOpened(tallies.values());
    this.hear(checkpoint);
    this.refreshedAt = performance.now();
    this.waiters.release(checkpoint.position);
  }

  /** How old the first checkpoint is only its own time tells; later ones are as old as they are known. */
  private hear(checkpoint: Checkpoint): void {
    const now = performance.now();
    if (this.heardAt === -Infinity) this.heardAt = now - Math.max(0, Date.now() - checkpoint.at);
    else if (checkpoint.at !== this.checkpoint.at) this.heardAt = now;
    this.checkpoint = checkpoint;
  }

  private rateOf(pollId: string): RateMeter {
    let rate = this.rates.get(pollId);
    if (rate === undefined) this.rates.set(pollId, (rate = new RateMeter()));
    return rate;
  }

  private logFailure(error: unknown): void {
    if (performance.now() - this.loggedAt < LOG_INTERVAL_MS) return;
    this.loggedAt = performance.now();
    this.logger.error({ err: error }, 'the read model cannot be read; the last tallies are served');
  }
}

/** Only the projector knows the log: a poll that it does not list is not served. */
function loggedIn({ polls }: Checkpoint): (pollId: string) => boolean {
  if (polls === undefined) return () => true;
  const logged = new Set(polls);
  return (pollId) => logged.has(pollId);
}

export const talliesMetrics = [
  makeGaugeProvider({ name: 'result_waiters', help: 'Voters who wait for a result that includes their vote' }),
];
