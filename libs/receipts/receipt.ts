/**
 * The receipt of a vote, as bytes and as text. Nothing here needs Node: the voter's page reads receipts with this file as well.
 *
 * | bytes | what                                                                                         |
 * | ----- | -------------------------------------------------------------------------------------------- |
 * | 1     | the version, 1                                                                               |
 * | 2     | the leaf's slot in the tree of its batch, big-endian, below 2,048                            |
 * | 352   | the path: eleven hashes of 32 bytes, from the leaf's sibling up                              |
 * | 32    | the root of that tree                                                                        |
 * | 64    | Ed25519 signature of `signedText`, by the key of receipts that the first leaf of the box names |
 * | 2     | bytes of the origin, big-endian                                                              |
 * | …     | the origin of the ballot box, UTF-8                                                          |
 * | …     | the leaf, to the end                                                                         |
 *
 * As a text it is base64url without padding. Tree and hashes are those of RFC 6962.
 */
import { utf8 } from '#transparency/utf8';

export const VERSION = 1;
/** Levels of the tree of a batch, and leaves that it has room for: as many as an append may have events. */
export const DEPTH = 11;
export const SLOTS = 2 ** DEPTH;
const [HASH_BYTES, SIGNATURE_BYTES] = [32, 64];
export const PATH_BYTES = DEPTH * HASH_BYTES;

/** Where each part begins; the leaf follows the origin. */
const PATH_AT = 3;
const ROOT_AT = PATH_AT + PATH_BYTES;
const SIGNATURE_AT = ROOT_AT + HASH_BYTES;
const LENGTH_AT = SIGNATURE_AT + SIGNATURE_BYTES;
export const ORIGIN_AT = LENGTH_AT + 2;
export const PLACES = { slot: 1, path: PATH_AT, root: ROOT_AT, signature: SIGNATURE_AT, length: LENGTH_AT } as const;

/** What a voter holds of a vote. */
export interface Receipt {
  /** The ballot box that the vote was put into. */
  readonly origin: string;
  /** The event that it is there, as the log's leaf. */
  readonly leaf: Uint8Array;
  /** Place in the tree of its batch, by chance: 0 to 2,047. */
  readonly slot: number;
  /** From the leaf's sibling up. Most of them stand for nothing, and nobody can tell which. */
  readonly path: readonly Uint8Array[];
  readonly root: Uint8Array;
  readonly signature: Uint8Array;
}

/** The hashes of RFC 6962, by whatever computes SHA-256 here. */
export interface TreeHashes {
  readonly leafHash: (data: Uint8Array) => Uint8Array;
  readonly nodeHash: (left: Uint8Array, right: Uint8Array) => Uint8Array;
}

/** Where the leaf and the path lead to: the root, if nobody changed them. */
export const rootFrom = ({ leaf, path, slot }: Receipt, { leafHash, nodeHash }: TreeHashes): Uint8Array =>
  path.reduce(
    (node, sibling, level) => ((slot >> level) % 2 === 0 ? nodeHash(node, sibling) : nodeHash(sibling, node)),
    leafHash(leaf),
  );

/** Bytes or a text that are no receipt. */
export class MalformedReceiptError extends Error {
  override readonly name = 'MalformedReceiptError';
  readonly code = 'malformed-receipt';
}

/** What the signature covers. @param root base64 */
export const signedText = (origin: string, root: string): string => `paredao-recibo/v1\n${origin}\n${root}\n`;

/**
 * Reads a receipt, without checking what it says.
 * @throws MalformedReceiptError
 */
export function parseReceipt(bytes: Uint8Array): Receipt {
  if (bytes.length < ORIGIN_AT || bytes[0] !== VERSION) throw malformed();
  const number = (at: number): number => bytes[at]! * 256 + bytes[at + 1]!;
  const part = (at: number, length: number): Uint8Array => bytes.subarray(at, at + length);
  const [slot, originBytes] = [number(PLACES.slot), number(LENGTH_AT)];
  const leaf = bytes.subarray(ORIGIN_AT + originBytes);
  const origin = utf8(part(ORIGIN_AT, originBytes));
  if (slot >= SLOTS || origin === undefined || origin === '' || leaf.length === 0) throw malformed();
  return {
    origin,
    leaf,
    slot,
    path: Array.from({ length: DEPTH }, (_, level) => part(PATH_AT + level * HASH_BYTES, HASH_BYTES)),
    root: part(ROOT_AT, HASH_BYTES),
    signature: part(SIGNATURE_AT, SIGNATURE_BYTES),
  };
}

const TEXT = /^[\w-]+$/;

/**
 * The bytes of a receipt in its form as a text.
 * @throws MalformedReceiptError for what is no base64url, or not the one way to write it
 */
export function receiptBytes(text: string): Uint8Array<ArrayBuffer> {
  if (!TEXT.test(text) || text.length % 4 === 1) throw malformed();
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  const bytes = Uint8Array.from(binary, (letter) => letter.charCodeAt(0));
  const again = btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
  if (again !== text) throw malformed();
  return bytes;
}

const malformed = (): MalformedReceiptError => new MalformedReceiptError('this is no receipt of a vote');
