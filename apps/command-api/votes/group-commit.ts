import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';

import { APPEND_DEADLINE_MS, type EventContent } from '#domain';
import { type AppendResult, type EventLog, EventLogUnavailableError, type NewEvent } from '#event-log';

/** What a group commit tells those who watch it. */
export interface GroupCommitObserver {
  /** @param seconds from the first attempt to the result */
  appended(batchSize: number, seconds: number): void;
  retried(error: Error): void;
}

export interface GroupCommitOptions {
  /** Events that may wait or be on their way; beyond, `QueueFullError`. */
  readonly queueLimit: number;
  /** Events of one append, at most. */
  readonly batchLimit: number;
  /** Appends on their way at a time. */
  readonly inFlightLimit: number;
}

/** More events wait for the log than this process may hold. Nothing was stored. */
class QueueFullError extends Error {
  override readonly name = 'QueueFullError';
  readonly code = 'queue-full';
}

interface Waiting {
  readonly event: NewEvent;
  readonly deadline: number;
  readonly resolve: (result: AppendResult) => void;
  readonly reject: (error: Error) => void;
}

const FIRST_PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 1000;

/**
 * Appends the events of one stream in groups: what arrives while an append is on its way leaves with the next one, so
 * that a slower store gets larger batches. A batch whose outcome is unknown is sent again as it is, same ids and
 * same boundaries, until the deadline of its first event.
 */
export class GroupCommit {
  private readonly waiting: Waiting[] = [];
  private size = 0;
  private inFlight = 0;
  private scheduled = false;
  private idle: (() => void)[] = [];

  constructor(
    private readonly log: EventLog,
    private readonly stream: string,
    private readonly options: GroupCommitOptions,
    private readonly observer: GroupCommitObserver,
  ) {}

  /** Events that wait or are on their way. */
  get depth(): number {
    return this.size;
  }

  /**
   * Resolves when the event is durable.
   * @throws QueueFullError at once, EventLogUnavailableError when the deadline passed: then the outcome is unknown
   */
  append({ type, version, data }: EventContent): Promise<AppendResult> {
    if (this.size >= this.options.queueLimit) return Promise.reject(new QueueFullError('the vote queue is full'));
    this.size++;
    return new Promise((resolve, reject) => {
      const event = { id: randomUUID(), type, version, data };
      this.waiting.push({ event, deadline: Date.now() + APPEND_DEADLINE_MS, resolve, reject });
      this.schedule();
    });
  }

  /** Resolves when nothing waits and nothing is on its way. */
  async drained(): Promise<void> {
    while (this.size > 0) await new Promise<void>((resolve) => this.idle.push(resolve));
  }

  /** Not at once: the other requests of this turn of the event loop shall leave with this one. */
  private schedule(): void {
    if (this.scheduled || this.inFlight >= this.options.inFlightLimit) return;
    this.scheduled = true;
    setImmediate(() => {
      this.scheduled = false;
      this.sendNext();
    });
  }

  private sendNext(): void {
    const batch = this.waiting.splice(0, this.options.batchLimit);
    if (batch.length === 0) return;
    this.inFlight++;
    void this.send(batch).finally(() => {
      this.inFlight--;
      this.size -= batch.length;
      if (this.waiting.length > 0) this.schedule();
      if (this.size === 0) for (const resolve of this.idle.splice(0)) resolve();
    });
    if (this.waiting.length > 0) this.schedule();
  }

  private async send(batch: readonly Waiting[]): Promise<void> {
    const started = performance.now();
    try {
      const result = await this.appendUntilDeadline(batch);
      this.observer.appended(batch.length, (performance.now() - started) / 1000);
      for (const { resolve } of batch) resolve(result);
    } catch (error) {
      for (const { reject } of batch) reject(error as Error);
    }
  }

  private async appendUntilDeadline(batch: readonly Waiting[]): Promise<AppendResult> {
    const events = batch.map(({ event }) => event);
    const deadline = batch[0]?.deadline ?? 0;
    for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
      if (Date.now() >= deadline) throw new EventLogUnavailableError('the vote was not stored in time');
      try {
        return await before(deadline, this.log.append(this.stream, events, 'any'));
      } catch (error) {
        if (!(error instanceof EventLogUnavailableError)) throw error;
        this.observer.retried(error);
        // half of it at random, so that several processes do not come back in step
        await delay(Math.min(pause * (0.5 + Math.random() / 2), Math.max(deadline - Date.now(), 1)));
      }
    }
  }
}

/**
 * What comes after the deadline may be stored, but is not acknowledged: it could stand behind the cut.
 * @throws EventLogUnavailableError when the deadline passed
 */
async function before(deadline: number, append: Promise<AppendResult>): Promise<AppendResult> {
  const { promise: tooLate, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    reject(new EventLogUnavailableError('the vote was not stored in time'));
  }, deadline - Date.now());
  append.catch(() => undefined);
  try {
    return await Promise.race([append, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}
