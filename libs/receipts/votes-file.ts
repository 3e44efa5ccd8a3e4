/**
 * The files in which a vote of a published ballot box is looked up (docs/receipts.md). Nothing here needs Node.
 *
 * | bytes | what                                                                             |
 * | ----- | -------------------------------------------------------------------------------- |
 * | 4     | how many votes follow, big-endian                                                 |
 * | 64    | each of them, ascending by its place in the box                                   |
 * | 32    | each of the hashes that, with the leaves of these votes, lead to the root         |
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

/** How many bits of an id's hash say which file a vote is in, for a box of so many leaves. */
export const bitsFor = (leaves: number): number => Math.max(0, Math.floor(Math.log2(leaves / VOTES_OF_FILE)));

/** The file that a vote is in. @param idHash SHA-256 of its id, or the beginning @param bits at most 24 */
export const prefixOf = (idHash: Uint8Array, bits: number): number =>
  ((idHash[0]! << 16) | (idHash[1]! << 8) | idHash[2]!) >> (24 - bits);

/** Where it is, below the ballot box. */
export const votesPath = (leaves: number, prefix: number): string => `votos/${leaves}/${bitsFor(leaves)}/${prefix}`;

/** Writes the record of a vote. */
export function writeRecord(
  target: Uint8Array,
  at: number,
  { id, participant, index }: Omit<ListedVote, 'hash'>,
): void {
  target.set(id.subarray(0, ID_BYTES), at);
  target[at + ID_BYTES] = participant;
  for (let [byte, rest] = [INDEX_BYTES, index]; byte > 0; byte--, rest = Math.floor(rest / 256))
    target[at + ID_BYTES + byte] = rest % 256;
}

/** The place in the box that a record says. */
export function indexIn(record: Uint8Array): number {
  let index = 0;
  for (const byte of record.subarray(ID_BYTES + 1, RECORD_BYTES)) index = index * 256 + byte;
  return index;
}

/** Writes the file. @param records ascending by index @param hashes of their leaves @param beside the other hashes */
export function formatVotesFile(
  records: readonly Uint8Array[],
  hashes: readonly Uint8Array[],
  beside: readonly Uint8Array[],
): Uint8Array {
  const file = new Uint8Array(COUNT_BYTES + records.length * ENTRY_BYTES + beside.length * HASH_BYTES);
  new DataView(file.buffer).setUint32(0, records.length);
  let at = COUNT_BYTES;
  const put = (bytes: Uint8Array): void => {
    file.set(bytes, at);
    at += bytes.length;
  };
  for (const [place, record] of records.entries()) {
    put(record);
    put(hashes[place]!);
  }
  for (const hash of beside) put(hash);
  return file;
}

/** Reads the file, without checking what it says; undefined for what is none. */
export function parseVotesFile(
  file: Uint8Array,
): { readonly votes: readonly ListedVote[]; readonly beside: readonly Uint8Array[] } | undefined {
  if (file.length < COUNT_BYTES) return undefined;
  const count = new DataView(file.buffer, file.byteOffset).getUint32(0);
  const besideAt = COUNT_BYTES + count * ENTRY_BYTES;
  if (besideAt > file.length || (file.length - besideAt) % HASH_BYTES !== 0) return undefined;
  const part = (at: number, length: number): Uint8Array => file.subarray(at, at + length);
  const votes = Array.from({ length: count }, (_, place): ListedVote => {
    const entry = part(COUNT_BYTES + place * ENTRY_BYTES, ENTRY_BYTES);
    const [id, hash] = [entry.subarray(0, ID_BYTES), entry.subarray(RECORD_BYTES)];
    return { id, participant: entry[ID_BYTES]!, index: indexIn(entry), hash };
  });
  const hashes = (file.length - besideAt) / HASH_BYTES;
  return { votes, beside: Array.from({ length: hashes }, (_, at) => part(besideAt + at * HASH_BYTES, HASH_BYTES)) };
}
