import type { Counts, HourCounts, MinuteCounts } from './api-types.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const none: Counts = { total: 0, voto_1: 0, voto_2: 0 };

const floor = (instant: number, step: number): number => Math.floor(instant / step) * step;

/** Every bucket from `from` to `to` (ms, inclusive), with zeros where `found` has none. */
function fill(found: ReadonlyMap<number, Counts>, from: number, to: number, step: number): [string, Counts][] {
  const filled: [string, Counts][] = [];
  for (let at = from; at <= to; at += step) filled.push([new Date(at).toISOString(), found.get(at) ?? none]);
  return filled;
}

/** The last `most` hours up to the newest one, without gaps, oldest first. Empty for no hours. */
export function continuousHours(hours: readonly HourCounts[], most: number): HourCounts[] {
  const found = new Map(hours.map((bucket) => [floor(Date.parse(bucket.hora), HOUR), bucket]));
  if (found.size === 0) return [];
  const to = Math.max(...found.keys());
  const from = Math.max(Math.min(...found.keys()), to - (most - 1) * HOUR);
  return fill(found, from, to, HOUR).map(([hora, { total, voto_1, voto_2 }]) => ({ hora, total, voto_1, voto_2 }));
}

/** The 60 minutes that end with the minute of `now` (ISO), without gaps, oldest first. */
export function lastHour(minutes: readonly MinuteCounts[], now: string): MinuteCounts[] {
  const found = new Map(minutes.map((bucket) => [floor(Date.parse(bucket.minuto), MINUTE), bucket]));
  const to = floor(Date.parse(now), MINUTE);
  return fill(found, to - 59 * MINUTE, to, MINUTE).map(([minuto, { total, voto_1, voto_2 }]) => ({
    minuto,
    total,
    voto_1,
    voto_2,
  }));
}
