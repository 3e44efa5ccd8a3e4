/** Words a slot takes: 128 bits of id and the second after which it may be forgotten (0: empty slot). */
const SLOT = 5;
const EXPIRY = 4;
const MIN_CAPACITY = 1 << 10;
const MAX_LOAD = 0.75;
/** In the year 2106; an id that expires later is forgotten then. */
const LAST_SECOND = 0xffff_ffff;

/**
 * The vote ids that may still come again: an open-addressing hash table in one typed array, 20 bytes a slot, because a
 * `Set` of strings costs several times that and the garbage collector walks it. An id is its own hash: it is random.
 * Expired ids go when the table is rebuilt, so its size follows the ids alive, not the votes seen.
 */
export class VoteIdSet {
  private slots: Uint32Array;
  private mask: number;
  private used = 0;
  private readonly key = new Uint32Array(SLOT);

  /** @param minCapacity slots at least, a power of two */
  constructor(private readonly minCapacity = MIN_CAPACITY) {
    this.slots = new Uint32Array(minCapacity * SLOT);
    this.mask = minCapacity - 1;
  }

  /** Ids in it, also those that expired since it was last rebuilt. */
  get size(): number {
    return this.used;
  }

  /**
   * Adds an id, to be known until `expiry`, or longer where it was added with a later one. What is known depends on
   * the calls alone, never on when the table was rebuilt.
   * @param id 32 hexadecimal digits
   * @param expiry seconds since the epoch
   * @param now seconds since the epoch: ids that expired before it are not known any more
   * @returns false when the id was known already
   */
  add(id: string, expiry: number, now: number): boolean {
    readVoteId(id, this.key);
    if (this.used >= (this.mask + 1) * MAX_LOAD) this.rebuild(now);
    const slot = this.find(this.key, 0);
    const known = this.slots[slot + EXPIRY]!;
    if (known === 0) this.used++;
    this.key[EXPIRY] = Math.max(known, Math.min(expiry, LAST_SECOND));
    this.slots.set(this.key, slot);
    return known === 0 || known < now;
  }

  /**
   * Adds an id that does not expire.
   * @returns false when it was known already
   */
  addForGood(id: string): boolean {
    return this.add(id, 1, 0);
  }

  /** Offset of the slot that holds the id in `words[at..at+3]`, or of the empty one where it belongs. */
  private find(words: Uint32Array, at: number): number {
    const { slots, mask } = this;
    for (let index = words[at]! & mask; ; index = (index + 1) & mask) {
      const slot = index * SLOT;
      if (slots[slot + EXPIRY] === 0 || this.matches(slot, words, at)) return slot;
    }
  }

  private matches(slot: number, words: Uint32Array, at: number): boolean {
    const { slots } = this;
    return (
      slots[slot] === words[at] &&
      slots[slot + 1] === words[at + 1] &&
      slots[slot + 2] === words[at + 2] &&
      slots[slot + 3] === words[at + 3]
    );
  }

  private rebuild(now: number): void {
    const old = this.slots;
    const oldest = Math.max(now, 1);
    let alive = 0;
    for (let at = EXPIRY; at < old.length; at += SLOT) if (old[at]! >= oldest) alive++;
    let capacity = this.minCapacity;
    while (capacity < alive * 2) capacity *= 2;
    this.slots = new Uint32Array(capacity * SLOT);
    this.mask = capacity - 1;
    this.used = alive;
    for (let at = 0; at < old.length; at += SLOT) {
      if (old[at + EXPIRY]! >= oldest) this.place(old, at);
    }
  }

  private place(words: Uint32Array, at: number): void {
    const slot = this.find(words, at);
    for (let word = 0; word < SLOT; word++) this.slots[slot + word] = words[at + word]!;
  }
}

/**
 * Reads an id into four 32-bit words.
 * @param id 32 lower-case hexadecimal digits
 */
export function readVoteId(id: string, words: Uint32Array): void {
  for (let word = 0; word < EXPIRY; word++) words[word] = parseWord(id, word * 8);
}

function parseWord(id: string, from: number): number {
  let word = 0;
  for (let index = from; index < from + 8; index++) {
    const code = id.charCodeAt(index);
    word = (word << 4) | (code < 58 ? code - 48 : code - 87);
  }
  return word >>> 0;
}
