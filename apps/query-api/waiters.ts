/** Requests that may wait at a time; beyond, they are answered at once with what there is. */
const LIMIT = 5000;

interface Waiter {
  readonly position: bigint;
  readonly timer: NodeJS.Timeout;
  readonly resolve: (reached: boolean) => void;
}

/** Requests that wait until a position is reached: bounded in number and time. */
export class Waiters {
  private readonly waiting = new Set<Waiter>();

  get size(): number {
    return this.waiting.size;
  }

  /** @returns whether the position was reached in time */
  wait(position: bigint, timeoutMs: number): Promise<boolean> {
    if (this.waiting.size >= LIMIT) return Promise.resolve(false);
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.settle(waiter, false);
      }, timeoutMs);
      const waiter = { position, timer, resolve };
      this.waiting.add(waiter);
    });
  }

  /** Answers everybody who waits for this position or an earlier one. */
  release(reached: bigint): void {
    for (const waiter of this.waiting) if (waiter.position <= reached) this.settle(waiter, true);
  }

  releaseAll(): void {
    for (const waiter of this.waiting) this.settle(waiter, false);
  }

  private settle(waiter: Waiter, reached: boolean): void {
    clearTimeout(waiter.timer);
    this.waiting.delete(waiter);
    waiter.resolve(reached);
  }
}
