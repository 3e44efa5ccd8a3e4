import { type Receipt, rootFrom, signedText } from '../../../libs/receipts/receipt.ts';
import { base64 } from '../../../libs/transparency/tlog-proof-text.ts';
import type { KeptKeys } from '../shared/kept-keys.ts';
import { TREE, isSame, isSigned } from './hashing.ts';
import { type BoxKeys, areSame, isSignedBy, keysOf } from './keys.ts';

/**
 * Whether a ballot box promised the vote of a receipt: its key signed the root that leaf and path lead to.
 * @param key of its receipts, 32 bytes
 */
export const isPromised = (receipt: Receipt, key: Uint8Array): boolean =>
  isSigned(signedText(receipt.origin, base64(receipt.root)), receipt.signature, key) &&
  isSame(rootFrom(receipt, TREE), receipt.root);

/**
 * Whether a box has other keys than it had, and by one of them promised the vote: the service signs the keys of a box once.
 * @param now those that it names; undefined: none
 * @param kept what was kept of it
 */
export function isRekeyed(receipt: Receipt, now: BoxKeys | undefined, kept: KeptKeys | undefined): boolean {
  if (kept === undefined || !isSignedBy(kept.nota, kept.servico)) return false;
  const before = keysOf(kept.nota, receipt.origin);
  if (before === undefined || (now !== undefined && areSame(before, now))) return false;
  return [before, now].some((keys) => keys !== undefined && isPromised(receipt, keys.receipts));
}
