import type { CastReceipt } from './cast-vote.command.ts';
import type { RecentTexts } from './recent-texts.ts';

/** 32-bit words of an id of 128 bits. */
export const ID_WORDS = 4;

/** A vote that may or may not be stored: nothing is known but whom it was for. */
const UNKNOWN = -1n;

/** What is known of a challenge that was voted with. */
export type Use = Pick<CastReceipt, 'participantId'> & { readonly receipt: CastReceipt | undefined };

/**
 * Receipts by challenge id: an open-addressing hash table in typed arrays, 41 bytes a slot. As many objects in a `Map` live long
 * enough to be copied by the garbage collector twice, which costs every vote more than its human check. An id is its
 * own hash: it is random.
 */
export class ReceiptTable {
  size = 0;
  /** When its last receipt came, on the clock of `performance.now()`, ms. */
  filledAt = -Infinity;
  private readonly mask: number;
  private readonly ids: Uint32Array;
  private readonly polls: Uint32Array;
  /** 0: an empty slot. */
  private readonly participants: Uint8Array;
  private readonly times: Float64Array;
  private readonly positions: BigInt64Array;
  /** Of what was signed. */
  private readonly tickets: Uint32Array;

  /**
   * @param limit receipts at most
   * @param signed what was signed of them, as far as it is kept
   */
  constructor(
    readonly limit: number,
    private readonly signed: RecentTexts,
  ) {
    const capacity = 2 ** Math.ceil(Math.log2(limit * 2));
    this.mask = capacity - 1;
    this.ids = new Uint32Array(capacity * ID_WORDS);
    this.polls = new Uint32Array(capacity);
    this.participants = new Uint8Array(capacity);
    this.times = new Float64Array(capacity);
    this.positions = new BigInt64Array(capacity);
    this.tickets = new Uint32Array(capacity);
  }

  get isFull(): boolean {
    return this.size >= this.limit;
  }

  /**
   * @param key the words of a challenge id
   * @returns undefined when the challenge was not used as far as this table remembers; a use without a receipt when it
   * was, and whether that vote is stored is not known
   */
  get(challengeId: string, key: Uint32Array): Use | undefined {
    const slot = this.slotOf(key);
    const participantId = this.participants[slot]!;
    if (participantId === 0) return undefined;
    const position = this.positions[slot]!;
    if (position === UNKNOWN) return { participantId, receipt: undefined };
    const [pollId, castAt] = [String(this.polls[slot]), this.times[slot]!];
    const signed = this.signed.get(this.tickets[slot]!);
    return { participantId, receipt: { voteId: challengeId, pollId, participantId, castAt, position, signed } };
  }

  /**
   * Keeps a receipt, or, without one, that the challenge was used for this participant. The caller sees to the limit.
   * @param participantId 1 to 255
   */
  set(key: Uint32Array, participantId: number, receipt?: CastReceipt): void {
    const slot = this.slotOf(key);
    if (this.participants[slot] === 0) this.size++;
    this.ids.set(key, slot * ID_WORDS);
    this.participants[slot] = participantId;
    this.polls[slot] = Number(receipt?.pollId ?? 0);
    this.times[slot] = receipt?.castAt ?? 0;
    this.positions[slot] = receipt?.position ?? UNKNOWN;
    this.tickets[slot] = receipt?.signed === undefined ? 0 : this.signed.keep(receipt.signed);
    this.filledAt = performance.now();
  }

  clear(): void {
    this.participants.fill(0);
    this.size = 0;
  }

  /** The slot that holds an id, or the empty one where it belongs. */
  private slotOf(key: Uint32Array): number {
    const { ids, mask, participants } = this;
    for (let slot = key[0]! & mask; ; slot = (slot + 1) & mask) {
      const at = slot * ID_WORDS;
      const isIt = ids[at] === key[0] && ids[at + 1] === key[1] && ids[at + 2] === key[2] && ids[at + 3] === key[3];
      if (isIt || participants[slot] === 0) return slot;
    }
  }
}
