import { Appointments } from './appointments.ts';

/** How often the crowd is looked at, ms. */
const WINDOW_MS = 100;
/** Fewer newcomers than this in a window are no crush, however they come. */
const LEAST_NEWCOMERS = 50;
/** Share of the doors that had somebody waiting, from which on more come than are let in. */
const CROWDED = 0.75;
/**
 * By how much the share of newcomers that is sent away grows, and shrinks, from one window to the next. To send somebody away costs a good
 * part of what letting in costs, and the voter seconds: so it begins slowly, and ends as soon as it may.
 */
const GROWTH = 0.05;
const DECLINE = 0.2;
/** Crowded windows in a row that may be a mere burst: who comes meanwhile waits that long at most. */
const BURST_WINDOWS = 10;
/** Share of those who can be let in that may be people who come back. */
const COMING_BACK = 1 / 3;
/** How much a window counts in the number that is let in. */
const SMOOTHING = 0.1;

/**
 * Finds out when more people come than the process can let in. Each door lets in one in a turn of the event loop; when nearly
 * all doors do so in turn after turn, people wait outside, unseen. Then a growing share of them is better told to come back
 * later than left to wait: the shares settle where the doors can just cope.
 */
export class Crush {
  private share = 0;
  private crowdedWindows = 0;
  private newcomers = 0;
  private turns = 0;
  private isSameTurn = false;
  /** How many come in, a second. */
  private rate = 0;
  private lookedAt = performance.now();
  private readonly appointments = new Appointments();
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly doors: number) {}

  /** Looks at the crowd from now on. One door tells nothing: it is always either idle or full. */
  start(): void {
    if (this.doors > 1) this.timer = setInterval(() => this.look(), WINDOW_MS).unref();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  /** Somebody came in. */
  came(): void {
    this.newcomers++;
    if (this.isSameTurn) return;
    this.isSameTurn = true;
    this.turns++;
    setImmediate(() => {
      this.isSameTurn = false;
    });
  }

  /** Whether this newcomer is to come back later. */
  sendsAway(): boolean {
    return this.share > 0 && Math.random() < this.share;
  }

  /** When those are to come back who are sent away, s: never more at a time than there will be room for. */
  comeBackAfter(): number {
    return this.appointments.next(Math.max(this.rate, LEAST_NEWCOMERS) * COMING_BACK);
  }

  private look(): void {
    const { newcomers, turns, doors } = this;
    const isCrowded = newcomers >= LEAST_NEWCOMERS && newcomers >= turns * doors * CROWDED;
    this.crowdedWindows = isCrowded ? this.crowdedWindows + 1 : 0;
    const step = this.crowdedWindows > BURST_WINDOWS ? GROWTH : isCrowded ? 0 : -DECLINE;
    this.share = Math.min(Math.max(this.share + step, 0), 1);
    this.measure(newcomers);
    this.newcomers = 0;
    this.turns = 0;
  }

  /** A window is longer where a turn is: the rate goes by the clock. */
  private measure(newcomers: number): void {
    const now = performance.now();
    const rate = (newcomers / Math.max(now - this.lookedAt, 1)) * 1000;
    this.rate += (rate - this.rate) * SMOOTHING;
    this.lookedAt = now;
  }
}
