import { receiptName } from '#seal';
import { type Verifier, base64, leafHash, nodeHash } from '#transparency';

import { type Receipt, rootFrom, signedText } from './receipt.ts';

/** What may be wrong with a receipt itself. */
export type ReceiptFault =
  /** Its key is that of another ballot box. */
  | 'other-origin'
  /** Nobody signed this root with that key. */
  | 'signature'
  /** The leaf and the path do not lead to the root. */
  | 'path';

/**
 * Whether a receipt was given by the ballot box whose key this is, for this very leaf. Whether the leaf is in the box is another
 * question.
 * @param key of receipts, as the first leaf of the box names it
 * @returns what is wrong; undefined: nothing
 */
export function faultOf(receipt: Receipt, key: Verifier): ReceiptFault | undefined {
  const { origin, root, signature } = receipt;
  if (key.name !== receiptName(origin)) return 'other-origin';
  if (!key.verify(signedText(origin, base64(root)), signature)) return 'signature';
  return Buffer.compare(rootFrom(receipt, { leafHash, nodeHash }), root) === 0 ? undefined : 'path';
}
