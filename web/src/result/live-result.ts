import { fetchResult } from '../shared/api.ts';
import { asFailure, type ApiFailure } from '../shared/failure.ts';
import { ofThisPoll } from '../shared/this-poll.ts';
import { createLoop, jitter } from '../shared/timing.ts';
import type { Result } from '#contract';

/** Where the numbers come from at the moment: the stream, a look every 3 s, or nowhere. */
export type LiveStatus = 'stream' | 'polling' | 'lost';

/** What the page learns. */
export interface LiveListener {
  onResult(result: Result): void;
  onStatus(status: LiveStatus): void;
  /** A refusal that is an answer: there is no poll. */
  onRefused(failure: ApiFailure): void;
}

const SILENCE = 6_000;
const POLL = 3_000;
/** A final result changes only when the next poll opens. */
const POLL_FINAL = 30_000;
const REOPEN = 25_000;
const WATCH = 1_000;

/**
 * Follows the public result: by `EventSource`, and by polling while the stream is silent for 6 s, broken or refused
 * (the server caps its connections). Nothing is open while the page is hidden or the result is final.
 */
export class LiveResult {
  readonly #listener: LiveListener;
  readonly #polling = createLoop();
  #source: EventSource | undefined;
  #lastFrame = 0;
  #reopenAt = 0;
  #status: LiveStatus | undefined;
  #isPolling = false;

  constructor(listener: LiveListener) {
    this.#listener = listener;
  }

  /** Begins; call once. */
  start(): void {
    const reflect = () => (document.hidden ? this.#pause() : this.#open());
    document.addEventListener('visibilitychange', reflect);
    window.addEventListener('online', reflect);
    reflect();
    this.#poll();
    setInterval(() => this.#watch(), WATCH);
  }

  #open(): void {
    this.#source?.close();
    this.#lastFrame = performance.now();
    this.#reopenAt = performance.now() + jitter(REOPEN);
    this.#source = new EventSource(ofThisPoll('/resultado/aovivo'));
    this.#source.addEventListener('resultado', ({ data }: MessageEvent<string>) => this.#onFrame(data));
    this.#source.addEventListener('error', () => this.#poll());
  }

  #pause(): void {
    this.#source?.close();
    this.#source = undefined;
  }

  #onFrame(data: string): void {
    this.#lastFrame = performance.now();
    this.#isPolling = false;
    this.#polling.stop();
    this.#setStatus('stream');
    const result = JSON.parse(data) as Result;
    this.#listener.onResult(result);
    if (!result.final) return;
    this.#pause();
    this.#poll();
  }

  /** Notices silence, and gives a stream that was given up another chance later. */
  #watch(): void {
    if (!this.#source) return;
    if (performance.now() - this.#lastFrame < SILENCE) return;
    this.#poll();
    if (performance.now() > this.#reopenAt) this.#open();
  }

  #poll(): void {
    if (this.#isPolling) return;
    this.#isPolling = true;
    this.#polling.start(() => this.#look());
  }

  async #look(): Promise<number> {
    try {
      const result = await fetchResult();
      if (this.#isPolling) this.#setStatus('polling');
      this.#listener.onResult(result);
      if (result.final) return jitter(POLL_FINAL);
      if (!this.#source) this.#open();
      return jitter(POLL);
    } catch (error) {
      const failure = asFailure(error);
      if (failure.status === 404) this.#listener.onRefused(failure);
      else if (this.#isPolling) this.#setStatus('lost');
      return jitter(Math.max(POLL, (failure.retryAfter ?? 0) * 1_000));
    }
  }

  #setStatus(status: LiveStatus): void {
    if (status === this.#status) return;
    this.#status = status;
    this.#listener.onStatus(status);
  }
}
