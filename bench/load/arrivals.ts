import { setTimeout as delay } from 'node:timers/promises';

const TICK_MS = 1;

/**
 * Times at which voters tap, ms from 0: a Poisson process, as many independent people make it. It does not wait for
 * anybody's answer.
 * @param rate arrivals a second
 * @param random uniform in [0, 1)
 */
export function* arrivals(rate: number, seconds: number, random: () => number = Math.random): Iterable<number> {
  const end = seconds * 1000;
  const mean = 1000 / rate;
  for (let at = 0; ;) {
    at -= Math.log(1 - random()) * mean;
    if (at >= end) return;
    yield at;
  }
}

/**
 * The same times, each when it has come, whatever is done with those before it.
 * @param start when time 0 is, on the clock of `performance`
 * @param signal ends it early
 */
export async function* asTheyCome(times: Iterable<number>, start: number, signal?: AbortSignal): AsyncIterable<number> {
  for (const at of times) {
    while (start + at > performance.now() && signal?.aborted !== true) await delay(TICK_MS);
    if (signal?.aborted === true) return;
    yield at;
  }
}
