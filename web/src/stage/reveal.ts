import type { StageScore } from '#contract';

/** All in ms from the cue on. */
const BREATH = 1_500;
const STEP = 1_400;
const PAUSE = 700;
/** The steps before the last take no longer than this together, however many there are. */
const LONGEST_PROLOGUE = 12_000;
const LAST_PAUSE = 2_500;
const LAST_STEP = 2_600;
const WORD_AFTER = 400;
const END_AFTER = 1_200;

/** The numbers of some participants, and when theirs grow. */
interface Step {
  readonly numbers: readonly number[];
  readonly begins: number;
  readonly lasts: number;
}

/** How a result is revealed. */
export interface Reveal {
  readonly steps: readonly Step[];
  /** When the headline comes, and when nothing moves any more. */
  readonly wordAt: number;
  readonly ends: number;
}

/**
 * One after another, fewest votes first; who is eliminated, stays or wins comes last, after a pause. Those who are tied come
 * together, and so do all where nothing was counted.
 */
export function planReveal({ ordem, primeiros }: Pick<StageScore, 'ordem' | 'primeiros'>): Reveal {
  const last = primeiros.length === 0 ? ordem : primeiros;
  const others = ordem.filter((number) => !last.includes(number));
  const scale = Math.min(1, LONGEST_PROLOGUE / (others.length * (STEP + PAUSE) || 1));
  const steps = others.map((number, index) => ({
    numbers: [number],
    begins: BREATH + index * (STEP + PAUSE) * scale,
    lasts: STEP * scale,
  }));
  const begins = BREATH + others.length * (STEP + PAUSE) * scale + (others.length > 0 ? LAST_PAUSE - PAUSE : 0);
  const wordAt = begins + LAST_STEP + WORD_AFTER;
  return { steps: [...steps, { numbers: last, begins, lasts: LAST_STEP }], wordAt, ends: wordAt + END_AFTER };
}

/** Fast at first, then slower and slower. */
const eased = (part: number): number => 1 - (1 - part) ** 3;

/** How much of a participant's number is shown at a time: null before its turn, then from 0 to 1. */
export function shownPart({ steps }: Reveal, number: number, elapsed: number): number | null {
  const step = steps.find(({ numbers }) => numbers.includes(number));
  if (!step || elapsed < step.begins) return null;
  return eased(Math.min((elapsed - step.begins) / step.lasts, 1));
}
