import { setTimeout as delay } from 'node:timers/promises';

/** The first and the longest pause, ms. */
export interface Pauses {
  readonly firstPauseMs: number;
  readonly longestPauseMs: number;
}

/** Pauses that double from one failure to the next; half of each is random, so that processes do not come back in step. */
export class BackOff {
  private pause: number;

  constructor(private readonly pauses: Pauses) {
    this.pause = pauses.firstPauseMs;
  }

  /** Things work again. */
  reset(): void {
    this.pause = this.pauses.firstPauseMs;
  }

  /** How long the next pause is, ms; the one after it is twice as long. */
  next(): number {
    const milliseconds = this.pause * (0.5 + Math.random() / 2);
    this.pause = Math.min(this.pause * 2, this.pauses.longestPauseMs);
    return milliseconds;
  }

  /** Waits for the next pause, at most until the signal aborts. */
  async wait(signal: AbortSignal): Promise<void> {
    await delay(this.next(), undefined, { signal }).catch(() => {});
  }
}
