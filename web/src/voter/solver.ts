/**
 * Solves the human check: the smallest counter whose SHA-256( salt ‖ nonce ‖ uint32 counter ) starts with `keyPrefix`.
 *
 * `crypto.subtle` is asynchronous per hash and missing on plain http, so this is a SHA-256 of our own. The message is
 * 36 bytes, one block, and only word 8 of it changes: the first eight rounds and seven words of the message schedule
 * are computed once per challenge, and a candidate is dropped three rounds early, when digest word 3 is known.
 */

/** The part of a challenge that the solver reads. Lower-case hex: 16 bytes, 16 bytes, 1 to 32 bytes. */
export interface SolverParameters {
  readonly salt: string;
  readonly nonce: string;
  readonly keyPrefix: string;
}

/** `derivedKey` is the whole digest, 64 lower-case hex digits. */
export interface Solution {
  readonly counter: number;
  readonly derivedKey: string;
}

/** Looks at the counters `from` ≤ n < `to`; null when none of them solves the challenge. */
export type Search = (from: number, to: number) => Solution | null;

const MAX_UINT32 = 0xffff_ffff;

// prettier-ignore
const K = Int32Array.of(
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
  0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
  0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
  0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
  0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
  0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
  0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
  0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
);

// prettier-ignore
const INITIAL = Int32Array.of(
  0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
);

const rotr = (x: number, n: number): number => (x >>> n) | (x << (32 - n));

/** Fills `w[from..to)` of the message schedule. */
function extend(w: Int32Array, from: number, to: number): void {
  for (let i = from; i < to; i++) {
    const x = w[i - 15]!;
    const y = w[i - 2]!;
    const s0 = rotr(x, 7) ^ rotr(x, 18) ^ (x >>> 3);
    const s1 = rotr(y, 17) ^ rotr(y, 19) ^ (y >>> 10);
    w[i] = s1 + w[i - 7]! + s0 + w[i - 16]!;
  }
}

/** Runs the rounds `from` ≤ i < `to`, reading the eight working variables from `input` and leaving them in `output`. */
function rounds(w: Int32Array, from: number, to: number, input: Int32Array, output: Int32Array): void {
  let a = input[0]!;
  let b = input[1]!;
  let c = input[2]!;
  let d = input[3]!;
  let e = input[4]!;
  let f = input[5]!;
  let g = input[6]!;
  let h = input[7]!;
  for (let i = from; i < to; i++) {
    const t = (h + (rotr(e, 6) ^ rotr(e, 11) ^ rotr(e, 25)) + (g ^ (e & (f ^ g))) + K[i]! + w[i]!) | 0;
    const u = ((rotr(a, 2) ^ rotr(a, 13) ^ rotr(a, 22)) + ((a & b) | (c & (a | b)))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + t) | 0;
    d = c;
    c = b;
    b = a;
    a = (t + u) | 0;
  }
  output[0] = a;
  output[1] = b;
  output[2] = c;
  output[3] = d;
  output[4] = e;
  output[5] = f;
  output[6] = g;
  output[7] = h;
}

/** `hex` as big-endian words, padded on the right with `pad`. */
function words(hex: string, count: number, pad = '0'): Int32Array {
  const padded = hex.padEnd(count * 8, pad);
  return Int32Array.from({ length: count }, (_, i) => parseInt(padded.slice(i * 8, i * 8 + 8), 16) | 0);
}

const toHex = (digest: Int32Array): string =>
  Array.from(digest, (word) => (word >>> 0).toString(16).padStart(8, '0')).join('');

function assertParameters({ salt, nonce, keyPrefix }: SolverParameters): void {
  const hex32 = /^[0-9a-f]{32}$/;
  if (!hex32.test(salt) || !hex32.test(nonce)) throw new RangeError('salt and nonce must be 16 bytes of hex');
  if (!/^(?:[0-9a-f]{2}){1,32}$/.test(keyPrefix)) throw new RangeError('keyPrefix must be 1 to 32 bytes of hex');
}

/** Prepares one challenge. Throws RangeError when the parameters are not of the documented shape. */
export function createSearch(parameters: SolverParameters): Search {
  assertParameters(parameters);
  const { salt, nonce, keyPrefix } = parameters;
  const target = words(keyPrefix, 8);
  const mask = words('f'.repeat(keyPrefix.length), 8);
  const w = new Int32Array(64);
  w.set(words(salt + nonce, 8));
  w[9] = 0x8000_0000;
  w[15] = 36 * 8;
  const middle = new Int32Array(8);
  rounds(w, 0, 8, INITIAL, middle);
  extend(w, 16, 23);

  const state = new Int32Array(8);
  const digest = new Int32Array(8);
  const target3 = target[3]!;
  const mask3 = mask[3]!;

  /** Finishes the hash begun in `w` and `state` (61 rounds done) and compares every word. */
  function matches(): boolean {
    extend(w, 61, 64);
    rounds(w, 61, 64, state, digest);
    for (let i = 0; i < 8; i++) digest[i] = digest[i]! + INITIAL[i]!;
    return digest.every((word, i) => ((word ^ target[i]!) & mask[i]!) === 0);
  }

  return (from, to) => {
    for (let counter = from; counter < to; counter++) {
      w[8] = counter;
      extend(w, 23, 61);
      rounds(w, 8, 61, middle, state);
      // After round 60, `a` is what digest word 3 will be made of.
      if (((state[0]! + INITIAL[3]!) ^ target3) & mask3) continue;
      if (matches()) return { counter, derivedKey: toHex(digest) };
    }
    return null;
  };
}

/** Solves in one go; null when no counter from 0 to `maxCounter` (inclusive) fits. Throws like `createSearch`. */
export function solve(parameters: SolverParameters, maxCounter = MAX_UINT32): Solution | null {
  return createSearch(parameters)(0, maxCounter + 1);
}
