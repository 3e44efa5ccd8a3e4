import { audienceOf } from './audience.ts';
import { asFailure, type ApiFailure } from './failure.ts';
import { bearer } from './http.ts';
import { watchRest } from './rest.ts';
import { backoff } from './retry.ts';
import { readSharedStream } from './shared-stream.ts';
import type { SseEvent } from './sse.ts';
import { SILENCE, readStream } from './stream.ts';
import { sleep } from './timing.ts';

/** What a page learns about its feed. */
export interface FeedListener<T> {
  onData(data: T): void;
  onLive(): void;
  /** The stream is broken; the next try comes after `delay` ms. */
  onLost(failure: ApiFailure, delay: number): void;
  /** 401 or 403: the feed has ended for good. */
  onDenied(failure: ApiFailure): void;
  /** 404: what is to be followed does not exist (yet). */
  onMissing(): void;
  /** Nobody sees the page: the stream is let go until somebody does. */
  onRest?(): void;
}

/** A stream of JSON that needs a login. */
export interface FeedSource<T> {
  readonly path: string;
  /** Name of the events that carry the data. */
  readonly event: string;
  /** Reads the same once, while the stream is broken. */
  readonly read?: (token: string) => Promise<T>;
  /** A stream of few, that must not be missed: one that is silent for `silence` ms is broken, and the next try comes in `retry` ms. */
  readonly eager?: { readonly silence: number; readonly retry: number };
  /** A stream of this page's own, which begins with what others have had: it is not shared with other pages of the browser. */
  readonly isOwn?: true;
  /** Whether the page follows it also while nobody sees it; without this it does not. */
  readonly staysAwake?: () => boolean;
}

const POLL = 3_000;

const isDenied = ({ status }: ApiFailure): boolean => status === 401 || status === 403;

/**
 * Follows a stream and reconnects with a growing pause, during which the same is read every 3 s where that is possible. It rests
 * while nobody sees the page. It ends for good with `stop` or when the login is refused.
 */
class Feed<T> {
  readonly #source: FeedSource<T>;
  readonly #token: () => string;
  readonly #listener: FeedListener<T>;
  readonly #control = new AbortController();
  readonly #resting: { stop(): void };
  /** Of the stream that is read now. */
  #reading = new AbortController();
  #isResting = false;
  #wake = (): void => {};
  #failures = 0;

  constructor(source: FeedSource<T>, token: () => string, listener: FeedListener<T>) {
    this.#source = source;
    this.#token = token;
    this.#listener = listener;
    this.#resting = watchRest({
      rest: () => this.#rest(),
      wake: () => this.#rise(),
      staysAwake: () => source.staysAwake?.() === true,
    });
  }

  stop(): void {
    this.#resting.stop();
    this.#control.abort();
    this.#rise();
    this.#reading.abort();
  }

  async follow(): Promise<void> {
    while (!this.#stopped()) {
      if (this.#isResting) await new Promise<void>((resolve) => (this.#wake = resolve));
      if (this.#stopped()) return;
      const failure = await this.#connect().catch(asFailure);
      if (this.#stopped()) return;
      if (this.#isResting) continue;
      if (isDenied(failure)) return this.#listener.onDenied(failure);
      await this.#recover(failure);
    }
  }

  #stopped(): boolean {
    return this.#control.signal.aborted;
  }

  #rest(): void {
    if (this.#isResting) return;
    this.#isResting = true;
    this.#reading.abort();
    this.#listener.onRest?.();
  }

  #rise(): void {
    this.#isResting = false;
    this.#wake();
  }

  /** Reads the stream until it breaks; never resolves. */
  #connect(): Promise<never> {
    const onEvent = ({ event, data }: SseEvent): void => {
      if (event !== this.#source.event) return;
      this.#failures = 0;
      this.#pass(JSON.parse(data) as T);
      this.#listener.onLive();
    };
    const { path, eager, isOwn } = this.#source;
    const { signal } = (this.#reading = new AbortController());
    const token = this.#token();
    const identity = bearer(token);
    const silence = eager?.silence ?? SILENCE;
    if (isOwn) return readStream(path, identity, onEvent, signal, silence);
    return readSharedStream({ path, identity, silence, audience: audienceOf(token) }, onEvent, signal);
  }

  async #recover(failure: ApiFailure): Promise<void> {
    const delay = this.#source.eager?.retry ?? backoff(++this.#failures, failure.retryAfter, Math.random());
    if (failure.status === 404) this.#listener.onMissing();
    else this.#listener.onLost(failure, delay);
    const end = performance.now() + delay;
    while (performance.now() < end && !this.#stopped() && !this.#isResting) {
      await this.#source.read?.(this.#token()).then(
        (data) => this.#pass(data),
        () => {},
      );
      await sleep(Math.min(POLL, Math.max(end - performance.now(), 0)));
    }
  }

  #pass(data: T): void {
    if (!this.#stopped()) this.#listener.onData(data);
  }
}

/**
 * Begins to follow a source.
 * @param token is asked for at each try: it may have been renewed
 */
export function follow<T>(source: FeedSource<T>, token: () => string, listener: FeedListener<T>): { stop(): void } {
  const feed = new Feed(source, token, listener);
  void feed.follow();
  return feed;
}
