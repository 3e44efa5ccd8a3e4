import { randomUUID } from 'node:crypto';

import { APPEND_DEADLINE_MS, type EventContent } from '#domain';
import {
  type AppendResult,
  AppendTooLargeError,
  type EventLog,
  EventLogUnavailableError,
  type NewEvent,
} from '#event-log';
import type { ProblemCode } from '#contract';

import { appendUntil } from '../append-until.ts';
import { CommitWatch, type Waits } from './commit-watch.ts';

/** Where an event stands, and what shows that it was stored. */
export interface Stored extends AppendResult {
  /** Where receipts are given. */
  readonly receipt?: string;
}

/** Makes receipts. */
export interface Receipts {
  /** One for each event of an append, in their order. They are given away only when the events are stored. */
  issue(events: readonly NewEvent[]): readonly string[];
}

/** What a group commit tells those who watch it. */
export interface GroupCommitObserver {
  /** @param seconds from the first attempt to the result */
  appended(batchSize: number, seconds: number): void;
  retried(error: Error): void;
  /** So many events are more than the log takes in one append. One that is too large alone is refused; the rest goes in halves. */
  tooLarge(error: AppendTooLargeError, events: number): void;
}

export interface GroupCommitOptions {
  /** Events that may wait or be on their way; beyond, `QueueFullError`. */
  readonly queueLimit: number;
  /** Events of one append, at most. */
  readonly batchLimit: number;
  /** Appends on their way at a time. */
  readonly inFlightLimit: number;
  /** Without it there are no receipts. */
  readonly receipts?: Receipts | undefined;
}

/** More events wait for the log than this process may hold. Nothing was stored. */
class QueueFullError extends Error {
  override readonly name = 'QueueFullError';
  readonly code = 'queue-full' satisfies ProblemCode;
}

interface Waiting {
  readonly event: NewEvent;
  /** On the clock of `performance.now()`, ms. */
  readonly deadline: number;
  readonly resolve: (result: Stored) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Between the beginnings of two appends passes twice the time that an append takes, within these bounds, ms: a quick log
 * is not asked for every vote by itself, a slow one gathers while it is busy. Enough votes do not wait for that time.
 */
const SHORTEST_GATHERING_MS = 5;
const LONGEST_GATHERING_MS = 20;
/** So many share the price of an append that more of them would hardly make a vote cheaper. */
const ENOUGH_VOTES = 48;
/** Weight of the newest append in what an append is expected to take. */
const NEWEST_WEIGHT = 0.2;

/** After so many the log does not just hiccup. */
const FAILURES_OF_A_STUCK_BATCH = 3;

/**
 * Appends the events of one stream in groups. A batch leaves when the append before it is answered, and it is large enough or a
 * short time has passed since that one left; or, while others are on their way, when it is full. So a slow store gets few large
 * batches, a busy one is not idle, and a lone vote does not wait. A batch whose outcome is unknown is sent again as it is, same ids and
 * same boundaries, until the deadline of its first event.
 */
export class GroupCommit {
  private readonly waiting: Waiting[] = [];
  private readonly watch = new CommitWatch();
  private size = 0;
  private inFlight = 0;
  private leaving = false;
  private timer: NodeJS.Timeout | undefined;
  /** When the last batch left, on the clock of `performance.now()`, and how long an append takes, ms. */
  private lastSent = -Infinity;
  private appendTime = 0;
  private stuck = 0;
  private idle: (() => void)[] = [];
  private batchLimit: number;

  constructor(
    private readonly log: EventLog,
    private readonly stream: string,
    private readonly options: GroupCommitOptions,
    private readonly observer: GroupCommitObserver,
  ) {
    this.batchLimit = options.batchLimit;
  }

  /** Events that wait or are on their way. */
  get depth(): number {
    return this.size;
  }

  get waits(): Waits {
    return this.watch.waits(this.waiting[0]);
  }

  /** Whether a batch failed again and again, and is neither stored nor given up yet. */
  get isStuck(): boolean {
    return this.stuck > 0;
  }

  /**
   * Resolves when the event is durable.
   * @throws QueueFullError at once, EventLogUnavailableError when the deadline passed: then the outcome is unknown,
   * AppendTooLargeError for an event that is larger than the log takes
   */
  append({ type, version, data }: EventContent): Promise<Stored> {
    if (this.size >= this.options.queueLimit) return Promise.reject(new QueueFullError('the vote queue is full'));
    this.size++;
    return new Promise((resolve, reject) => {
      const event = { id: randomUUID(), type, version, data };
      this.waiting.push({ event, deadline: performance.now() + APPEND_DEADLINE_MS, resolve, reject });
      this.schedule();
    });
  }

  /** Resolves when nothing waits and nothing is on its way. */
  async drained(): Promise<void> {
    while (this.size > 0) await new Promise<void>((resolve) => this.idle.push(resolve));
  }

  private get isFull(): boolean {
    return this.waiting.length >= this.batchLimit;
  }

  private get isEnough(): boolean {
    return this.waiting.length >= Math.min(ENOUGH_VOTES, this.batchLimit);
  }

  /** From one append to the next, ms. */
  private get gathering(): number {
    return Math.min(Math.max(2 * this.appendTime, SHORTEST_GATHERING_MS), LONGEST_GATHERING_MS);
  }

  /** Sees to it that what waits leaves: at the end of this turn of the event loop, or when enough time has passed. */
  private schedule(): void {
    const { inFlight, isFull, isEnough, waiting } = this;
    if (waiting.length === 0 || inFlight >= this.options.inFlightLimit || (inFlight > 0 && !isFull)) return;
    const pause = isEnough ? 0 : this.lastSent + this.gathering - performance.now();
    if (pause <= 0) this.leave();
    else this.timer ??= setTimeout(() => this.leave(), Math.ceil(pause));
  }

  /** Not at once: the other requests of this turn shall leave with this one. */
  private leave(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.leaving) return;
    this.leaving = true;
    setImmediate(() => {
      this.leaving = false;
      this.sendNext();
    });
  }

  private sendNext(): void {
    const batch = this.waiting.splice(0, this.batchLimit);
    if (batch.length === 0) return;
    this.inFlight++;
    this.lastSent = performance.now();
    this.watch.left(batch);
    void this.send(batch).finally(() => {
      this.watch.ended(batch);
      this.inFlight--;
      this.size -= batch.length;
      this.schedule();
      if (this.size === 0) for (const resolve of this.idle.splice(0)) resolve();
    });
    this.schedule();
  }

  private async send(batch: readonly Waiting[]): Promise<void> {
    const started = performance.now();
    try {
      const events = batch.map(({ event }) => event);
      const appending = this.appendUntilDeadline(batch[0]!.deadline, events);
      // the log is busy meanwhile, and this thread is not
      const receipts = this.options.receipts?.issue(events);
      const result = await appending;
      const taken = performance.now() - started;
      this.appendTime += NEWEST_WEIGHT * (taken - this.appendTime);
      this.watch.answered();
      this.observer.appended(batch.length, taken / 1000);
      this.batchLimit = Math.min(this.batchLimit + 1, this.options.batchLimit);
      if (receipts === undefined) for (const { resolve } of batch) resolve(result);
      else for (const [at, { resolve }] of batch.entries()) resolve({ ...result, receipt: receipts[at]! });
    } catch (error) {
      if (error instanceof EventLogUnavailableError) this.watch.gaveUp();
      else this.watch.answered();
      if (error instanceof AppendTooLargeError) this.observer.tooLarge(error, batch.length);
      if (error instanceof AppendTooLargeError && batch.length > 1) return await this.sendHalves(batch);
      for (const { reject } of batch) reject(error as Error);
    }
  }

  /** Later batches begin as small, and grow by one with each that is stored: one large vote must not make them small for good. */
  private async sendHalves(batch: readonly Waiting[]): Promise<void> {
    const half = Math.ceil(batch.length / 2);
    this.batchLimit = Math.min(this.batchLimit, half);
    await this.send(batch.slice(0, half));
    await this.send(batch.slice(half));
  }

  private async appendUntilDeadline(deadline: number, events: readonly NewEvent[]): Promise<AppendResult> {
    const { log, stream } = this;
    let failures = 0;
    try {
      return await appendUntil(deadline, log, { stream, events, expected: 'any' }, (error) => {
        if (++failures === FAILURES_OF_A_STUCK_BATCH) this.stuck++;
        this.observer.retried(error);
      });
    } finally {
      if (failures >= FAILURES_OF_A_STUCK_BATCH) this.stuck--;
    }
  }
}
