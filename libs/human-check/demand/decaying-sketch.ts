import { randomInt } from 'node:crypto';

const ROWS = 4;
const COLUMNS = 2 ** 16;
/** Weights stay far inside what a double holds exactly enough; then every cell is scaled down once. */
const MAX_WEIGHT = 2 ** 40;

/**
 * How often each key was seen lately, in fixed memory (2 MiB): a count-min sketch (Cormode and Muthukrishnan, 2005) with
 * conservative update, whose counts fade exponentially. Instead of ageing every cell, later events weigh more (forward
 * decay). A key is never underestimated; keys that share all their cells may be overestimated. Nothing is evicted, so
 * no one can make it forget a key by flooding it with others.
 */
export class DecayingSketch {
  private readonly cells = new Float64Array(ROWS * COLUMNS);
  private readonly seed = randomInt(2 ** 32);
  private landmark: number;

  /**
   * @param timeConstant ms in which a count falls to 1/e; a steady rate is read as the events in that time
   * @param now monotonic clock, ms
   */
  constructor(
    private readonly timeConstant: number,
    private readonly now: () => number,
  ) {
    this.landmark = now();
  }

  /**
   * Counts one event, unless that made more than `most`.
   * @param share of an event that it counts for
   * @returns how many there were lately, this one included
   */
  add(key: string, share = 1, most = Infinity): number {
    const unit = this.weight();
    const first = hashOf(key, this.seed);
    // odd, so that the rows of a key differ
    const step = Math.imul(first ^ (first >>> 15), 0x2c1b3c6d) | 1;
    let least = Infinity;
    for (let row = 0; row < ROWS; row++) least = Math.min(least, this.cells[cellOf(first, step, row)]!);
    const level = least + share * unit;
    if (level > most * unit) return level / unit;
    for (let row = 0; row < ROWS; row++) {
      const cell = cellOf(first, step, row);
      this.cells[cell] = Math.max(this.cells[cell]!, level);
    }
    return level / unit;
  }

  private weight(): number {
    const weight = Math.exp((this.now() - this.landmark) / this.timeConstant);
    if (weight < MAX_WEIGHT) return weight;
    for (let cell = 0; cell < this.cells.length; cell++) this.cells[cell]! /= weight;
    this.landmark = this.now();
    return 1;
  }
}

const cellOf = (first: number, step: number, row: number): number =>
  row * COLUMNS + ((first + Math.imul(row, step)) & (COLUMNS - 1));

/** FNV-1a from a secret start, with the last mixing of MurmurHash3. */
function hashOf(key: string, seed: number): number {
  let hash = seed;
  for (let index = 0; index < key.length; index++) hash = Math.imul(hash ^ key.charCodeAt(index), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
