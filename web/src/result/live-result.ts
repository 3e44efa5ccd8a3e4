import { fetchResult } from '../shared/api.ts';
import { asFailure, type ApiFailure } from '../shared/failure.ts';
import { passeHeader } from '../shared/passe.ts';
import { readStream } from '../shared/stream.ts';
import { ofThisPoll } from '../shared/this-poll.ts';
import { createLoop, jitter, spread } from '../shared/timing.ts';
import type { SseEvent } from '../shared/sse.ts';
import type { Result } from '#contract';

/** Where the numbers come from at the moment: the stream, a look every 3 s, or nowhere. */
export type LiveStatus = 'stream' | 'polling' | 'lost';

/** What the page learns. */
export interface LiveListener {
  onResult(result: Result): void;
  onStatus(status: LiveStatus): void;
  /** There is no contact: the next try comes after `delay` ms. */
  onLost(delay: number): void;
  /** A refusal that is an answer: there is no poll. */
  onRefused(failure: ApiFailure): void;
}

const isOut = ({ final, parcial_visivel }: Result): boolean => final && parcial_visivel;

const SILENCE = 6_000;
const POLL = 3_000;
/** A final result that is shown changes only when the next poll opens. */
const POLL_FINAL = 30_000;
const REOPEN = 25_000;
const WATCH = 1_000;

/**
 * Follows the public result: by its stream, and by polling while that is silent for 6 s, broken or refused (the server
 * caps its connections). Nothing is open while the page is hidden or the final result is shown.
 */
export class LiveResult {
  readonly #listener: LiveListener;
  readonly #polling = createLoop();
  #stream: AbortController | undefined;
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
    // a vote in another tab: from now on the shares are for this page too
    window.addEventListener('storage', reflect);
    reflect();
    this.#poll();
    setInterval(() => this.#watch(), WATCH);
  }

  #open(): void {
    this.#pause();
    const { signal } = (this.#stream = new AbortController());
    this.#lastFrame = performance.now();
    this.#reopenAt = performance.now() + jitter(REOPEN);
    const onEvent = ({ event, data }: SseEvent) => event === 'resultado' && this.#onFrame(data);
    readStream(ofThisPoll('/resultado/aovivo'), passeHeader(), onEvent, signal).catch((error: unknown) => {
      if (!signal.aborted) this.#onBroken(asFailure(error));
    });
  }

  /** One that was refused gets another chance later, one that broke soon: where a service ends, that is all of them. */
  #onBroken({ kind }: ApiFailure): void {
    const isRefused = kind === 'refused';
    if (!isRefused) this.#reopenAt = performance.now() + POLL + spread(2 * POLL);
    this.#lastFrame = -Infinity;
    this.#poll(isRefused ? 0 : spread(POLL));
  }

  #pause(): void {
    this.#stream?.abort();
    this.#stream = undefined;
  }

  #onFrame(data: string): void {
    this.#lastFrame = performance.now();
    this.#isPolling = false;
    this.#polling.stop();
    this.#setStatus('stream');
    const result = JSON.parse(data) as Result;
    this.#listener.onResult(result);
    if (!isOut(result)) return;
    this.#pause();
    this.#poll(jitter(POLL_FINAL));
  }

  /** Notices silence, and gives a stream that was given up another chance later. */
  #watch(): void {
    if (!this.#stream) return;
    if (performance.now() - this.#lastFrame < SILENCE) return;
    this.#poll();
    if (performance.now() > this.#reopenAt) this.#open();
  }

  /** Begins to poll, unless it does, after so many milliseconds. */
  #poll(after = 0): void {
    if (this.#isPolling) return;
    this.#isPolling = true;
    this.#polling.start(() => this.#look(), after);
  }

  async #look(): Promise<number> {
    try {
      const result = await fetchResult();
      if (this.#isPolling) this.#setStatus('polling');
      this.#listener.onResult(result);
      if (isOut(result)) return jitter(POLL_FINAL);
      if (!this.#stream) this.#open();
      return jitter(POLL);
    } catch (error) {
      const failure = asFailure(error);
      const delay = jitter(Math.max(POLL, (failure.retryAfter ?? 0) * 1_000));
      if (failure.status === 404) {
        // nobody answers so without contact
        if (this.#isPolling) this.#setStatus('polling');
        this.#listener.onRefused(failure);
      } else if (this.#isPolling) {
        this.#setStatus('lost');
        this.#listener.onLost(delay);
      }
      return delay;
    }
  }

  #setStatus(status: LiveStatus): void {
    if (status === this.#status) return;
    this.#status = status;
    this.#listener.onStatus(status);
  }
}
