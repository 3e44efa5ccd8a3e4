/**
 * The files in which a vote of a published ballot box is looked up (docs/receipts.md). Nothing here needs Node.
 *
 * | bytes | what                                                                              |
 * | ----- | --------------------------------------------------------------------------------- |
 * | 6     | index of the leaf that closes the box, big-endian                                 |
 * | 2     | length of that leaf                                                               |
 * | …     | the leaf                                                                          |
 * | 4     | how many votes follow                                                             |
 * | 64    | each of them, ascending by its place in the box                                   |
 * | 32    | each of the hashes that, with these leaves, lead to the root                      |
 *
 * Of a vote: 25 bytes of SHA-256 of its id (32 hexadecimal digits), the participant's number in one byte, the leaf's index in six,
 * and 32 bytes of the leaf's hash. Without the last it is the record that an index of the box is made of.
 */

const ID_BYTES = 25;
const INDEX_BYTES = 6;
const HASH_BYTES = 32;
export const RECORD_BYTES = ID_BYTES + 1 + INDEX_BYTES;
const ENTRY_BYTES = RECORD_BYTES + HASH_BYTES;
const COUNT_BYTES = 4;
/** The index of the closing leaf and its length. */
const HEAD_BYTES = INDEX_BYTES + 2;

/** Fewest votes of a file, on average: some have fewer by chance, and none has fewer than a thousand. */
const VOTES_OF_FILE = 1200;

/** A vote as such a file has it. */
export interface ListedVote {
  /** Beginning of SHA-256 of its id, 25 bytes. */
  readonly id: Uint8Array;
  readonly participant: number;
  readonly index: number;
  /** Of its leaf. */
  readonly hash: Uint8Array;
}

/** The leaf that closes the box: votes after it do not count. */
export interface ClosingLeaf {
  readonly index: number;
  /** As it stands in the log, at most 65,535 bytes. */
  readonly leaf: Uint8Array;
}

/** How many bits of an id's hash say which file a vote is in, for a box of so many leaves. */
export const bitsFor = (leaves: number): number => Math.max(0, Math.floor(Math.log2(leaves / VOTES_OF_FILE)));

/** The file that a vote is in. @param idHash SHA-256 of its id, or the beginning @param bits at most 24 */
export const prefixOf = (idHash: Uint8Array, bits: number): number =>
  ((idHash[0]! << 16) | (idHash[1]! << 8) | idHash[2]!) >> (24 - bits);

/** Where these files are, below the ballot box. Browsers and nginx keep one for ever, so a changed form gets another number: nothing old is read as new. */
export const VOTES_FOLDER = 'votos/v2';

/** Where it is, below the ballot box. */
export const votesPath = (leaves: number, prefix: number): string =>
  `${VOTES_FOLDER}/${leaves}/${bitsFor(leaves)}/${prefix}`;

/** Writes the record of a vote. */
export function writeRecord(
  target: Uint8Array,
  at: number,
  { id, participant, index }: Omit<ListedVote, 'hash'>,
): void {
  target.set(id.subarray(0, ID_BYTES), at);
  target[at + ID_BYTES] = participant;
  writeIndex(target, at + ID_BYTES + 1, index);
}

function writeIndex(target: Uint8Array, at: number, index: number): void {
  for (let [byte, rest] = [INDEX_BYTES - 1, index]; byte >= 0; byte--, rest = Math.floor(rest / 256))
    target[at + byte] = rest % 256;
}

/** The place in the box that a record says. */
export const indexIn = (record: Uint8Array): number => readIndex(record.subarray(ID_BYTES + 1, RECORD_BYTES));

const readIndex = (bytes: Uint8Array): number => bytes.reduce((index, byte) => index * 256 + byte, 0);

/**
 * Writes the file.
 * @param records ascending by index
 * @param hashes of their leaves
 * @param beside the other hashes
 */
export function formatVotesFile(
  { index, leaf }: ClosingLeaf,
  records: readonly Uint8Array[],
  hashes: readonly Uint8Array[],
  beside: readonly Uint8Array[],
): Uint8Array {
  const head = new Uint8Array(HEAD_BYTES);
  writeIndex(head, 0, index);
  new DataView(head.buffer).setUint16(INDEX_BYTES, leaf.length);
  const count = new Uint8Array(COUNT_BYTES);
  new DataView(count.buffer).setUint32(0, records.length);
  const votes = records.flatMap((record, place) => [record, hashes[place]!]);
  return joined([head, leaf, count, ...votes, ...beside]);
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((bytes, { length }) => bytes + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** What such a file says. */
export interface VotesFile {
  readonly closing: ClosingLeaf;
  readonly votes: readonly ListedVote[];
  readonly beside: readonly Uint8Array[];
}

/** Reads the file, without checking what it says; undefined for what is none. */
export function parseVotesFile(file: Uint8Array): VotesFile | undefined {
  if (file.length < HEAD_BYTES + COUNT_BYTES) return undefined;
  const numbers = new DataView(file.buffer, file.byteOffset, file.length);
  const countAt = HEAD_BYTES + numbers.getUint16(INDEX_BYTES);
  const votesAt = countAt + COUNT_BYTES;
  if (votesAt > file.length) return undefined;
  const besideAt = votesAt + numbers.getUint32(countAt) * ENTRY_BYTES;
  if (besideAt > file.length || (file.length - besideAt) % HASH_BYTES !== 0) return undefined;
  return {
    closing: { index: readIndex(file.subarray(0, INDEX_BYTES)), leaf: file.subarray(HEAD_BYTES, countAt) },
    votes: parts(file.subarray(votesAt, besideAt), ENTRY_BYTES).map(voteIn),
    beside: parts(file.subarray(besideAt), HASH_BYTES),
  };
}

const parts = (bytes: Uint8Array, length: number): Uint8Array[] =>
  Array.from({ length: bytes.length / length }, (_, at) => bytes.subarray(at * length, (at + 1) * length));

const voteIn = (entry: Uint8Array): ListedVote => ({
  ...{ id: entry.subarray(0, ID_BYTES), participant: entry[ID_BYTES]! },
  ...{ index: indexIn(entry), hash: entry.subarray(RECORD_BYTES) },
});
