import { fetchTotal, totalPath } from './api.ts';
import { asFailure, type ApiFailure } from './failure.ts';
import { backoff } from './retry.ts';
import { readStream } from './stream.ts';
import type { SseEvent } from './sse.ts';
import { sleep } from './timing.ts';
import type { Total } from './wire.ts';

/** What the panel is told. */
export interface TotalListener {
  onTotal(total: Total): void;
  onLive(): void;
  /** The stream is broken; the next try comes after `delay` ms. */
  onLost(failure: ApiFailure, delay: number): void;
  /** 401 or 403: the feed has ended for good. */
  onDenied(failure: ApiFailure): void;
  /** 404: there is no such poll (yet). */
  onMissing(): void;
}

const POLL = 3_000;

const isDenied = ({ status }: ApiFailure): boolean => status === 401 || status === 403;

/**
 * Follows `/total/aovivo` and reconnects with a growing pause, during which `/total` is read every 3 s. It ends for
 * good with `stop` or when the login is refused.
 */
class TotalFeed {
  readonly #token: string;
  readonly #poll: string | null;
  readonly #listener: TotalListener;
  readonly #control = new AbortController();
  #failures = 0;

  constructor(token: string, poll: string | null, listener: TotalListener) {
    this.#token = token;
    this.#poll = poll;
    this.#listener = listener;
  }

  stop(): void {
    this.#control.abort();
  }

  async follow(): Promise<void> {
    while (!this.#stopped()) {
      const failure = await this.#connect().catch(asFailure);
      if (this.#stopped()) return;
      if (isDenied(failure)) return this.#listener.onDenied(failure);
      await this.#recover(failure);
    }
  }

  #stopped(): boolean {
    return this.#control.signal.aborted;
  }

  /** Reads the stream until it breaks; never resolves. */
  #connect(): Promise<never> {
    const onEvent = ({ event, data }: SseEvent): void => {
      if (event !== 'total') return;
      this.#failures = 0;
      this.#pass(JSON.parse(data) as Total);
      this.#listener.onLive();
    };
    return readStream(totalPath('/total/aovivo', this.#poll), this.#token, onEvent, this.#control.signal);
  }

  async #recover(failure: ApiFailure): Promise<void> {
    const delay = backoff(++this.#failures, failure.retryAfter, Math.random());
    if (failure.status === 404) this.#listener.onMissing();
    else this.#listener.onLost(failure, delay);
    const end = performance.now() + delay;
    while (performance.now() < end && !this.#stopped()) {
      await fetchTotal(this.#token, this.#poll).then(
        (total) => this.#pass(total),
        () => {},
      );
      await sleep(Math.min(POLL, Math.max(end - performance.now(), 0)));
    }
  }

  #pass(total: Total): void {
    if (!this.#stopped()) this.#listener.onTotal(total);
  }
}

/** Begins to follow the totals of the current poll, or of an earlier one. */
export function followTotal(token: string, poll: string | null, listener: TotalListener): { stop(): void } {
  const feed = new TotalFeed(token, poll, listener);
  void feed.follow();
  return feed;
}
