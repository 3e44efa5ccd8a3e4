/** Where the id of a vote of version 2 stands in its bytes, and where its evidence does, counted from their end. */
export const [ID_START, ID_END] = [11, 43];
export const [EVIDENCE_START, EVIDENCE_END] = [35, 3];
/** Where votes of one time differ: the participant's number, the last digits of both minutes, and the last letter of the price. */
const [PARTICIPANT, CAST_AT, EXPIRES_AT, PRICE_FROM_END] = [61, 88, 127, 50];
const COMMA = 0x2c;

const IS_DIGIT = new Uint8Array(256);
for (const digit of '0123456789abcdef') IS_DIGIT[digit.charCodeAt(0)] = 1;

/**
 * Recognises votes of version 2. Thousands of a minute are the same but for their ids and evidences. So a vote whose bytes are those of one that
 * was parsed, but for other hexadecimal digits in these two places, is in the canonical form as well, and says the same in all else.
 */
export class KnownVotes<Said> {
  /** The last one of each kind: of ten participants, ten digits twice and three prices there are 3,000 at most. */
  private readonly votes = new Map<number, { readonly bytes: Uint8Array; readonly said: Said }>();

  /** What a vote says besides its id and its evidence; undefined where it has to be parsed. */
  find(data: Uint8Array): Said | undefined {
    const known = this.votes.get(kindOf(data));
    return known !== undefined && isLike(data, known.bytes) ? known.said : undefined;
  }

  /** Keeps what a vote says, and a copy of its bytes. @param data in the canonical form of version 2 */
  add(data: Uint8Array, said: Said): Said {
    this.votes.set(kindOf(data), { bytes: new Uint8Array(data), said });
    return said;
  }
}

/** A number by which a known vote is found that may be like this one: no more than a hint. */
function kindOf(data: Uint8Array): number {
  const wide = data[PARTICIPANT + 1] === COMMA ? 0 : 1;
  const minutes = ((data[CAST_AT + wide]! & 15) << 4) | (data[EXPIRES_AT + wide]! & 15);
  return (
    ((((((data[PARTICIPANT]! & 15) << 1) | wide) << 8) | minutes) << 5) | (data[data.length - PRICE_FROM_END]! & 31)
  );
}

function isLike(data: Uint8Array, known: Uint8Array): boolean {
  const { length } = data;
  return (
    length === known.length &&
    isSame(data, known, 0, ID_START) &&
    isHexadecimal(data, ID_START, ID_END) &&
    isSame(data, known, ID_END, length - EVIDENCE_START) &&
    isHexadecimal(data, length - EVIDENCE_START, length - EVIDENCE_END) &&
    isSame(data, known, length - EVIDENCE_END, length)
  );
}

function isSame(data: Uint8Array, known: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (data[at] !== known[at]) return false;
  return true;
}

function isHexadecimal(data: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (IS_DIGIT[data[at]!] === 0) return false;
  return true;
}
