import type { Stage } from '#contract';

/** A cue is on every wall this long after production asked for it, ms: time to reach all of them, whichever server they follow. */
const LEAD = 600;
/** Two frames that are further apart (ms) do not tell when something changed in between. */
const CONTINUOUS = 2_000;

/** What is on the wall. */
export interface OnAir {
  readonly frame: Stage;
  /** When its mode came on, by the server's clock, ms; null: it was on when the page came. */
  readonly since: number | null;
}

const cueOf = ({ paredao, modo, pedido_em }: Stage): string => [paredao, modo, pedido_em].join();

/**
 * Turns the frames of the stream into what is on the wall. A cue takes effect at the same moment everywhere, by the server's
 * clock; until then the picture before stays. All times are ms since the epoch.
 */
export class CueFollower {
  #on: OnAir | undefined;
  #next: { frame: Stage; at: number } | undefined;
  #heardAt = -Infinity;

  /** Takes note of a frame that has just come. */
  hear(frame: Stage, now: number): void {
    const before = this.#next?.frame ?? this.#on?.frame;
    if (before === undefined) this.#on = { frame, since: null };
    else if (cueOf(frame) !== cueOf(before)) this.#cue(frame, before, now);
    else if (this.#next) this.#next = { ...this.#next, frame };
    else this.#on = { frame, since: this.#on?.since ?? null };
    this.#heardAt = now;
  }

  /** What is on now; undefined before the first frame. */
  at(now: number): OnAir | undefined {
    if (this.#next && now >= this.#next.at) {
      this.#on = { frame: this.#next.frame, since: this.#next.at };
      this.#next = undefined;
    }
    return this.#on;
  }

  #cue(frame: Stage, before: Stage, now: number): void {
    // another poll comes with its own picture
    if (frame.paredao !== before.paredao || frame.pedido_em === null) {
      this.#on = { frame, since: null };
      this.#next = undefined;
      return;
    }
    // whoever asks and whoever answers may have clocks that differ: what was not there a moment ago is new
    const earliest = now - this.#heardAt <= CONTINUOUS ? now : -Infinity;
    const at = Date.parse(frame.pedido_em) + LEAD;
    const isPunctual = at >= earliest - LEAD;
    this.#next = { frame, at: isPunctual ? Math.min(at, now + LEAD) : earliest };
  }
}
