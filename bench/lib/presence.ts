import { setTimeout as delay } from 'node:timers/promises';

import type { HttpPool } from './http-pool.ts';

/** A server that says nothing to anybody for so long has gone, ms: longer than a restart takes. */
const GONE_AFTER_MS = 6000;
const LOOK_INTERVAL_MS = 500;
const PROBE_LIMIT_MS = 1500;

/** Nobody answers at the address of a service any more. */
export class ServerGoneError extends Error {
  override readonly name = 'ServerGoneError';
}

/** Notices that the server of a run has gone, so that nobody waits for its answers. */
export class Presence {
  /** Aborted when it has gone. */
  readonly gone: AbortSignal;
  private readonly aborting = new AbortController();
  private lastProbe = performance.now();
  private watching = true;

  /** @param pools whose answers show that it is there */
  constructor(
    private readonly url: URL,
    private readonly pools: readonly HttpPool[],
  ) {
    this.gone = this.aborting.signal;
    void this.watch();
  }

  /** @throws ServerGoneError as soon as the server has gone */
  async whileThere<T>(work: Promise<T>): Promise<T> {
    this.gone.throwIfAborted();
    const { promise, reject } = Promise.withResolvers<never>();
    const onGone = (): void => reject(this.gone.reason as Error);
    this.gone.addEventListener('abort', onGone);
    // work that is left behind may fail later, and nobody listens any more
    work.catch(() => {});
    return Promise.race([work, promise]).finally(() => this.gone.removeEventListener('abort', onGone));
  }

  stop(): void {
    this.watching = false;
  }

  private async watch(): Promise<void> {
    while (this.watching && !this.gone.aborted) {
      await delay(LOOK_INTERVAL_MS, undefined, { ref: false });
      const lastAnswer = Math.max(this.lastProbe, ...this.pools.map((pool) => pool.lastAnswer));
      const silence = performance.now() - lastAnswer;
      if (silence < LOOK_INTERVAL_MS || (await this.answers()) || silence < GONE_AFTER_MS) continue;
      const seconds = (silence / 1000).toFixed(0);
      this.aborting.abort(new ServerGoneError(`the server at ${this.url.origin} has gone: no answer for ${seconds} s`));
    }
  }

  /** Whatever it says, it is there. */
  private async answers(): Promise<boolean> {
    try {
      const answer = await fetch(new URL('/paredao', this.url), { signal: AbortSignal.timeout(PROBE_LIMIT_MS) });
      await answer.body?.cancel();
      this.lastProbe = performance.now();
      return true;
    } catch {
      return false;
    }
  }
}
