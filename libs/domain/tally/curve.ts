import { PRICE_CLASSES } from '../ballot-box-events.ts';
import { MINUTE_MS } from '../wire/canonical.ts';
import type { PriceClass } from '../wire/vote-cast.ts';
import { type Comparison, type Counts, compare } from './curve-test.ts';

/** Minutes with votes that one is compared with: the last ones before it that were usual. With fewer than the least of them nothing is said. */
const BASELINE_MINUTES = 15;
const LEAST_BASELINE_MINUTES = 5;
/** What lasts for so many minutes is usual from then on. */
const LASTING_MINUTES = 10;
const KEPT_MINUTES = BASELINE_MINUTES + LASTING_MINUTES;
/** A minute is looked at once a vote of two minutes later came: until then others of its own may be on their way. */
const SETTLED_AFTER_MS = 2 * MINUTE_MS;
/** Those that come after have no room, and are only counted. */
const MAX_OBSERVATIONS = 100;
const CLASSES = PRICE_CLASSES.length;

/** Counted votes of a minute: of participant 1 in each class of price, then of participant 2, … */
interface CurveMinute {
  /** ms since the epoch */
  readonly start: number;
  readonly counts: number[];
  /** Participants for whom it is no measure: it was unlike what was usual, or is like what was usual once. */
  unusual: number[];
}

/**
 * Minutes in a row in which votes for a participant came at another rate, or at other prices, than just before. It is no finding:
 * a host who says "vote now" causes it as well.
 */
export interface CurveObservation {
  readonly participant: number;
  /** When the first and the last of the minutes began, ms since the epoch. */
  readonly from: number;
  readonly to: number;
  /** Counted votes in each class of price, in the order of `PRICE_CLASSES`. */
  readonly votes: Counts;
  /** How many votes the minutes before let one expect. */
  readonly expected: number;
  readonly isOtherLevel: boolean;
  readonly isOtherMix: boolean;
}

/** A minute of a participant beside those before it. */
export type CurveComparison = Comparison & { readonly participant: number };

/** The curve at rest: plain JSON, a function of the votes before. Times are ms since the epoch. */
export interface CurveSnapshot {
  /** Those that the next ones are compared with, and those that still grow. */
  readonly minutes: readonly CurveMinute[];
  /** The newest minute that was looked at; null before the first. */
  readonly settled: number | null;
  /** Votes of minutes that had been looked at before they came. */
  readonly strays: number;
  readonly observations: readonly CurveObservation[];
  /** Observations that found no room. */
  readonly more: number;
}

/**
 * Watches how votes come, minute by minute, from the counted votes alone and in their order: every replay observes the same. It
 * holds some twenty minutes. It removes no vote from the count.
 */
export class Curve {
  private minutes: CurveMinute[] = [];
  private settled = -Infinity;
  private strays = 0;
  private observations: CurveObservation[] = [];
  private more = 0;
  private current: CurveMinute | undefined;

  static from({ minutes, settled, strays, observations, more }: CurveSnapshot): Curve {
    const curve = new Curve();
    curve.minutes = minutes.map(copyOf);
    curve.settled = settled ?? -Infinity;
    return Object.assign(curve, { strays, more, observations: [...observations] });
  }

  /** Whether there is anything to store. */
  get isEmpty(): boolean {
    return this.minutes.length === 0;
  }

  snapshot(): CurveSnapshot {
    const { minutes, settled, strays, observations, more } = this;
    return {
      ...{ minutes: minutes.map(copyOf), settled: settled === -Infinity ? null : settled },
      ...{ strays, observations: [...observations], more },
    };
  }

  /**
   * Takes in a vote that counts.
   * @param minute in which it was cast, ms since the epoch
   * @param slot of the participant, from 0
   */
  add(minute: number, slot: number, price: PriceClass): void {
    if (this.current?.start !== minute) this.current = this.minuteAt(minute);
    if (this.current === undefined) {
      this.strays++;
      return;
    }
    const { counts } = this.current;
    const at = slot * CLASSES + PRICE_CLASSES.indexOf(price);
    while (counts.length <= at) counts.push(0);
    counts[at]!++;
  }

  /** No vote counts any more: the minutes that still grew are looked at. */
  finish(): void {
    this.settle(Infinity);
  }

  /** Undefined for a minute that was looked at before. */
  private minuteAt(start: number): CurveMinute | undefined {
    if (start <= this.settled) return undefined;
    const known = this.minutes.find((minute) => minute.start === start);
    if (known !== undefined) return known;
    const minute = { start, counts: [], unusual: [] };
    const after = this.minutes.findIndex((other) => other.start > start);
    this.minutes.splice(after < 0 ? this.minutes.length : after, 0, minute);
    this.settle(start - SETTLED_AFTER_MS);
    return minute;
  }

  private settle(until: number): void {
    for (const [index, minute] of this.minutes.entries()) {
      if (minute.start <= this.settled || minute.start > until) continue;
      this.look(index);
      this.settled = minute.start;
    }
    const growing = this.minutes.filter(({ start }) => start > this.settled).length;
    // the last one that was looked at stays as well, with those before it
    this.minutes = this.minutes.slice(-(KEPT_MINUTES + 1 + growing));
  }

  private look(index: number): void {
    for (const comparison of comparisonsAt(this.minutes, index)) {
      if (!comparison.isOtherLevel && !comparison.isOtherMix) continue;
      this.observe(this.minutes[index]!.start, comparison);
      this.setAside(index, comparison.participant);
    }
  }

  /** The minute is no measure for the next ones; but what lasts is, and then what was usual before it is none any more. */
  private setAside(index: number, participant: number): void {
    const minute = this.minutes[index]!;
    minute.unusual.push(participant);
    const run = this.minutes.slice(0, index + 1).slice(-LASTING_MINUTES);
    if (run.length < LASTING_MINUTES || !run.every(({ unusual }) => unusual.includes(participant))) return;
    for (const one of this.minutes.slice(0, index + 1)) {
      one.unusual = one.unusual.filter((other) => other !== participant);
      if (!run.includes(one)) one.unusual.push(participant);
    }
  }

  /** Goes on with an observation that lasts, or begins one. */
  private observe(minute: number, { participant, votes, expected, ...kinds }: CurveComparison): void {
    const last = this.observations.findLastIndex((one) => one.participant === participant);
    const lasting = this.observations[last];
    const { isOtherLevel, isOtherMix } = kinds;
    const seen = { participant, from: minute, to: minute, votes, expected, isOtherLevel, isOtherMix };
    if (lasting?.to === this.settled) this.observations[last] = together(lasting, seen);
    else if (this.observations.length < MAX_OBSERVATIONS) this.observations.push(seen);
    else this.more++;
  }
}

const copyOf = ({ start, counts, unusual }: CurveMinute): CurveMinute => ({
  ...{ start, counts: [...counts], unusual: [...unusual] },
});

/** The last minute that was looked at, beside those before it. */
export const latestComparisons = ({ minutes, settled }: CurveSnapshot): CurveComparison[] =>
  comparisonsAt(
    minutes,
    minutes.findIndex(({ start }) => start === settled),
  );

/** Of each participant of whom enough is known. */
function comparisonsAt(minutes: readonly CurveMinute[], index: number): CurveComparison[] {
  const counts = minutes[index]?.counts ?? [];
  return Array.from({ length: Math.ceil(counts.length / CLASSES) }, (_, slot) => slot).flatMap((slot) => {
    const before = minutes
      .slice(0, index)
      .filter(({ unusual }) => !unusual.includes(slot + 1))
      .slice(-BASELINE_MINUTES);
    if (before.length < LEAST_BASELINE_MINUTES) return [];
    const votes = ofSlot(counts, slot);
    const earlier = before.map((minute) => ofSlot(minute.counts, slot));
    return [{ participant: slot + 1, ...compare(votes, earlier) }];
  });
}

/** Zeros where a minute has no votes for the participant. */
const ofSlot = (counts: Counts, slot: number): number[] =>
  Array.from(PRICE_CLASSES, (_, price) => counts[slot * CLASSES + price] ?? 0);

const together = (one: CurveObservation, next: CurveObservation): CurveObservation => ({
  ...{ participant: one.participant, from: one.from, to: next.to },
  votes: one.votes.map((votes, price) => votes + next.votes[price]!),
  expected: one.expected + next.expected,
  isOtherLevel: one.isOtherLevel || next.isOtherLevel,
  isOtherMix: one.isOtherMix || next.isOtherMix,
});
