import { randomInt } from 'node:crypto';

import { WORDS, readAddress } from './address.ts';

/** Addresses that are counted separately; the requests of further ones are counted together. */
const MOST_ADDRESSES = 1_000_000;

/** Counts by address, in memory that threads share: handing them to another one costs nothing. */
export interface AddressCounts {
  /** How many addresses there are: the first so many places of each list. */
  readonly size: number;
  /** Four words each, see {@link readAddress}. */
  readonly addresses: Uint32Array;
  readonly requests: Uint32Array;
  /** Code of a problem → how often each address was refused with it. */
  readonly refusals: ReadonlyMap<string, Uint32Array>;
  /** What belongs to no address of the list: `requests`, and each code. */
  readonly others: ReadonlyMap<string, number>;
}

/** What the requests themselves are called among the columns. */
export const REQUESTS = 'requests';

/**
 * Counts requests and refusals by address: a hash table in flat memory, 28 bytes an address and 4 for each code, which nobody has
 * to collect and which never grows in one step. Pages of it that were never written take no memory.
 */
export class AddressTable implements AddressCounts {
  size = 0;
  readonly addresses: Uint32Array;
  readonly requests: Uint32Array;
  readonly refusals = new Map<string, Uint32Array>();
  readonly others = new Map<string, number>();
  /** Place of an address and one, by its hash; 0 where there is none. Twice as many as addresses, at least. */
  private readonly slots: Int32Array;
  private readonly mask: number;
  private readonly most: number;
  private readonly seed = randomInt(2 ** 32);
  private readonly words = new Uint32Array(WORDS);

  /** @param most addresses that are told apart */
  constructor(most = MOST_ADDRESSES) {
    this.most = most;
    this.addresses = shared(most * WORDS);
    this.requests = shared(most);
    const slots = 2 ** Math.ceil(Math.log2(2 * most));
    this.slots = new Int32Array(slots);
    this.mask = slots - 1;
  }

  /** Counts a request, which was refused if there is a code. */
  count(address: string, code?: string): void {
    this.add(address, REQUESTS, 1);
    if (code !== undefined) this.add(address, code, 1);
  }

  /** Adds to a column of an address; an address that is none, or for which there is no room, is one of the others. */
  add(address: string, column: string, count: number): void {
    const place = readAddress(address, this.words) ? this.placeOf() : -1;
    if (place < 0) this.others.set(column, (this.others.get(column) ?? 0) + count);
    else this.columnOf(column)[place]! += count;
  }

  private columnOf(name: string): Uint32Array {
    if (name === REQUESTS) return this.requests;
    let column = this.refusals.get(name);
    if (column === undefined) this.refusals.set(name, (column = shared(this.most)));
    return column;
  }

  /** The place of the address in `words`, or -1 without room. */
  private placeOf(): number {
    const { addresses, slots, mask, words } = this;
    for (let slot = hashOf(words, this.seed) & mask; ; slot = (slot + 1) & mask) {
      const place = slots[slot]! - 1;
      if (place < 0) return this.size < this.most ? this.put(slot) : -1;
      const at = place * WORDS;
      if (
        addresses[at + 3] === words[3] &&
        addresses[at + 2] === words[2] &&
        addresses[at + 1] === words[1] &&
        addresses[at] === words[0]
      )
        return place;
    }
  }

  private put(slot: number): number {
    this.addresses.set(this.words, this.size * WORDS);
    this.slots[slot] = ++this.size;
    return this.size - 1;
  }
}

const shared = (length: number): Uint32Array => new Uint32Array(new SharedArrayBuffer(4 * length));

/** The mixing of MurmurHash3, from a secret start, so no one can choose addresses that collide. */
function hashOf(words: Uint32Array, seed: number): number {
  let hash = seed;
  for (let index = 0; index < WORDS; index++) {
    hash = Math.imul(hash ^ words[index]!, 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    hash ^= hash >>> 16;
  }
  return hash;
}
