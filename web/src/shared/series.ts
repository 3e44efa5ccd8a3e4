import type { HourCounts, MinuteCounts } from '#contract';

import { votesIn } from '../../../libs/contract/votes-in.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** What was counted from a moment (ISO) on, as charts draw it: of all, and of participant 1, 2, … */
export interface Bucket {
  readonly begins: string;
  readonly total: number;
  readonly votes: readonly number[];
}

export const hourBucket = (hour: HourCounts): Bucket => ({
  begins: hour.hora,
  total: hour.total,
  votes: votesIn(hour),
});

const floor = (instant: number, step: number): number => Math.floor(instant / step) * step;

/** Every bucket from `from` to `to` (ms, inclusive), with zeros where `found` has none. */
function fill(found: ReadonlyMap<number, Bucket>, from: number, to: number, step: number): Bucket[] {
  const filled: Bucket[] = [];
  for (let at = from; at <= to; at += step) {
    filled.push(found.get(at) ?? { begins: new Date(at).toISOString(), total: 0, votes: [] });
  }
  return filled;
}

/** The last `most` hours up to the newest one, without gaps, oldest first. Empty for no hours. */
export function continuousHours(hours: readonly Bucket[], most: number): Bucket[] {
  const found = new Map(hours.map((bucket) => [floor(Date.parse(bucket.begins), HOUR), bucket]));
  if (found.size === 0) return [];
  const to = Math.max(...found.keys());
  const from = Math.max(Math.min(...found.keys()), to - (most - 1) * HOUR);
  return fill(found, from, to, HOUR);
}

/** The 60 minutes that end with the minute of `now` (ISO), without gaps, oldest first. */
export function lastHour(minutes: readonly MinuteCounts[], now: string): Bucket[] {
  const buckets = minutes.map((minute) => ({ begins: minute.minuto, total: minute.total, votes: votesIn(minute) }));
  const found = new Map(buckets.map((bucket) => [floor(Date.parse(bucket.begins), MINUTE), bucket]));
  const to = floor(Date.parse(now), MINUTE);
  return fill(found, to - 59 * MINUTE, to, MINUTE);
}
