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
