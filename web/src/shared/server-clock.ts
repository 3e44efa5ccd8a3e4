/** Of so many answers the quickest counts: later ones take its place, so that neither clock may drift away. */
const ANSWERS = 10;

/**
 * The server's clock, as its answers tell it; that of the device may be wrong by hours, and may be set. An answer is older by
 * the time that it was on its way: so of the last ones, that which makes it latest is nearest to the truth.
 */
export class ServerClock {
  readonly #elapsed: () => number;
  /** The server's time less the elapsed one, ms, of the last answers. */
  readonly #offsets: number[] = [];

  /** @param elapsed ms of a clock that nobody sets */
  constructor(elapsed = (): number => performance.now()) {
    this.#elapsed = elapsed;
  }

  /** Takes note of the moment at which an answer that has just come was made. */
  hear(iso: string): void {
    const offset = Date.parse(iso) - this.#elapsed();
    if (Number.isNaN(offset)) return;
    this.#offsets.push(offset);
    if (this.#offsets.length > ANSWERS) this.#offsets.shift();
  }

  /** Milliseconds since the epoch; by the clock of the device before the first answer. */
  now(): number {
    return this.#offsets.length === 0 ? Date.now() : Math.max(...this.#offsets) + this.#elapsed();
  }

  /** Milliseconds until a moment, negative once it is over. */
  until(iso: string): number {
    return Date.parse(iso) - this.now();
  }
}

/** The one of this page. */
export const serverClock = new ServerClock();
