import type { Sample } from '#contract';

/** Samples on an axis of time: when they were measured, and when nothing was. All times are ms since the epoch. */

/** Two samples that are further apart do not touch. */
const TOLERANCE_MS = 1_500;

export interface Span {
  readonly from: number;
  readonly to: number;
}

export const endOf = ({ medido_em }: Sample): number => Date.parse(medido_em);
const beginOf = (sample: Sample): number => endOf(sample) - sample.periodo_segundos * 1_000;

/** The samples in groups without a gap inside. Oldest first, as they come. */
export function stretches(samples: readonly Sample[]): Sample[][] {
  const groups: Sample[][] = [];
  let last = -Infinity;
  for (const sample of samples) {
    if (beginOf(sample) - last > TOLERANCE_MS) groups.push([]);
    groups.at(-1)!.push(sample);
    last = endOf(sample);
  }
  return groups;
}

/** The parts of a window in which nothing was measured; the last seconds may still be on their way. */
export function gaps(samples: readonly Sample[], { from, to }: Span): Span[] {
  const edges = stretches(samples).map((group) => ({ from: beginOf(group[0]!), to: endOf(group.at(-1)!) }));
  const begins = [from, ...edges.map((edge) => edge.to)];
  const ends = [...edges.map((edge) => edge.from), to];
  return begins
    .map((begin, index) => ({ from: Math.max(begin, from), to: Math.min(ends[index]!, to) }))
    .filter((gap) => gap.to - gap.from > TOLERANCE_MS * (gap.to === to ? 2 : 1));
}

/** Which sample ends at a moment, or is the next to end; the last one after all of them. -1 without any. */
export function indexAt(samples: readonly Sample[], at: number): number {
  const index = samples.findIndex((sample) => endOf(sample) >= at);
  return index < 0 ? samples.length - 1 : index;
}

/** The sample of a moment; undefined when nothing was measured then. */
export function sampleAt(samples: readonly Sample[], at: number): Sample | undefined {
  const next = samples[indexAt(samples, at)];
  if (next === undefined) return undefined;
  const isNear = beginOf(next) - TOLERANCE_MS <= at && at <= endOf(next) + TOLERANCE_MS;
  return isNear ? next : undefined;
}

/**
 * Coarse samples, and fine ones where there is no coarse one yet: the last minute of a long range is as new as that of a short
 * one. Both oldest first.
 */
export function combined(coarse: readonly Sample[], fine: readonly Sample[], { from, to }: Span): Sample[] {
  let index = 0;
  const isCovered = (at: number): boolean => {
    while (index < coarse.length && endOf(coarse[index]!) < at) index++;
    const next = coarse[index];
    return next !== undefined && at > beginOf(next) + TOLERANCE_MS / 2;
  };
  const missing = fine.filter((sample) => !isCovered(endOf(sample)));
  return [...coarse, ...missing]
    .filter((sample) => endOf(sample) > from && endOf(sample) <= to + TOLERANCE_MS)
    .sort((one, other) => endOf(one) - endOf(other));
}
