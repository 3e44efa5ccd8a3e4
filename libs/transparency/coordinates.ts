/**
 * A node whose subtree is complete: it covers the leaves from `index` × 2^`level` on, 2^`level` of them. Level 0 are the leaves.
 */
export interface Coordinates {
  readonly level: number;
  readonly index: number;
}

/** Reads the hashes of nodes, in the order asked for. */
export type NodeReader = (nodes: readonly Coordinates[]) => Promise<readonly Uint8Array[]>;

/** A number of leaves or the place of one. Shifts of 32 bits would not do: these are whole numbers below 2^53. */
export function assertSize(value: number, name: string): void {
  if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`${name} is no whole number: ${String(value)}`);
}

/** The largest power of two below n, which is at least 2: where a tree of n leaves splits (RFC 6962, section 2.1). */
export function splitOf(n: number): number {
  let power = 1;
  while (power * 2 < n) power *= 2;
  return power;
}

/** The complete subtrees that leaves `from` up to, not including, `to` are made of, from left to right. `from` begins a subtree that could hold them all. */
export function subtreesOf(from: number, to: number): Coordinates[] {
  const nodes: Coordinates[] = [];
  for (let at = from; at < to;) {
    const { level, width } = largestWithin(at, to);
    nodes.push({ level, index: at / width });
    at += width;
  }
  return nodes;
}

function largestWithin(at: number, to: number): { level: number; width: number } {
  let [level, width] = [0, 1];
  while (at % (width * 2) === 0 && at + width * 2 <= to) {
    level++;
    width *= 2;
  }
  return { level, width };
}
