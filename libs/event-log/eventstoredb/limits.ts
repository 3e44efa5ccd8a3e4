import { setTimeout as delay } from 'node:timers/promises';

import { EventLogUnavailableError } from '../event-log.ts';

/** How long the adapter waits before it gives up, ms: the client's own deadlines are not kept when a server freezes. */
export interface Limits {
  /** One append. After that its outcome is unknown. */
  readonly appendMs: number;
  /** One page of a read, or the next sign of life of a longer one. */
  readonly readMs: number;
  /** The confirmation of a new subscription. */
  readonly openMs: number;
  /** The first and the longest pause before a lost subscription is opened again. */
  readonly firstPauseMs: number;
  readonly longestPauseMs: number;
}

export const DEFAULT_LIMITS: Limits = {
  appendMs: 2500,
  readMs: 5000,
  openMs: 10_000,
  firstPauseMs: 100,
  longestPauseMs: 2000,
};

/**
 * The result of the work if it comes in time. Work that comes too late may fail unheard.
 * @throws EventLogUnavailableError when the time is up
 */
export async function withinLimit<T>(work: Promise<T>, milliseconds: number, doing: string): Promise<T> {
  const { promise: timeIsUp, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    reject(new EventLogUnavailableError(`${doing}: no answer within ${String(milliseconds)} ms`));
  }, milliseconds);
  try {
    return await Promise.race([work, timeIsUp]);
  } finally {
    clearTimeout(timer);
    work.catch(() => {});
  }
}

/** Pauses that double from one failure to the next, each with a random part so that processes do not come back in step. */
export class BackOff {
  private pause: number;

  constructor(private readonly limits: Pick<Limits, 'firstPauseMs' | 'longestPauseMs'>) {
    this.pause = limits.firstPauseMs;
  }

  /** Things work again. */
  reset(): void {
    this.pause = this.limits.firstPauseMs;
  }

  /** Waits, at most until the signal aborts. */
  async wait(signal: AbortSignal): Promise<void> {
    const milliseconds = this.pause * (0.5 + Math.random() / 2);
    this.pause = Math.min(this.pause * 2, this.limits.longestPauseMs);
    await delay(milliseconds, undefined, { signal }).catch(() => {});
  }
}
