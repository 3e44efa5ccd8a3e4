import { requestJson } from '../shared/http.ts';
import { serverClock } from '../shared/server-clock.ts';
import { withSamples } from './recent.ts';
import { combined, type Span } from './timeline.ts';
import type { Sample, SampleList, SampleQuery } from '#contract';

export type Range = NonNullable<SampleQuery['minutos']>;

/** Ten minutes of seconds; six hours of minutes, or one of ten seconds. */
const FINE = 600;
const COARSE = 400;
/** The longest range that has samples of a second, minutes. */
const FINE_MINUTES = 10;
const REFRESH = 20_000;

/** The samples of the range that is shown: what the stream brought, and what the service still knows of the time before. */
export class SampleStore {
  readonly #changed: () => void;
  readonly #coarse = new Map<Range, Sample[]>();
  #fine: Sample[] = [];
  #range: Range = '5';
  #token: string | undefined;

  /** @param changed called when older samples have come */
  constructor(changed: () => void) {
    this.#changed = changed;
    setInterval(() => void (this.#isFine ? undefined : this.#load()), REFRESH);
  }

  /** Somebody came in, or the stream is back: what happened meanwhile is asked for. */
  open(token: string | undefined = this.#token): void {
    this.#token = token;
    void this.#load();
  }

  choose(range: Range): void {
    this.#range = range;
    void this.#load();
  }

  add(samples: readonly Sample[]): void {
    this.#fine = withSamples(this.#fine, samples, FINE);
  }

  get newest(): Sample | undefined {
    return this.#fine.at(-1);
  }

  /** What is shown now: the window up to this moment, and the samples in it. */
  view(): { window: Span; samples: Sample[] } {
    const to = serverClock.now();
    const window = { from: to - Number(this.#range) * 60_000, to };
    return { window, samples: combined(this.#coarse.get(this.#range) ?? [], this.#fine, window) };
  }

  get #isFine(): boolean {
    return Number(this.#range) <= FINE_MINUTES;
  }

  /** A failure changes nothing: the stream says what is wrong, and the next try comes. */
  async #load(): Promise<void> {
    const range = this.#range;
    const token = this.#token;
    if (token === undefined) return;
    const answer = await requestJson<SampleList>(`/sre/amostras?minutos=${range}`, { token }).catch(() => undefined);
    if (answer === undefined) return;
    const { amostras } = answer.value;
    if (Number(range) <= FINE_MINUTES) this.add(amostras);
    else this.#coarse.set(range, withSamples(this.#coarse.get(range) ?? [], amostras, COARSE));
    this.#changed();
  }
}
