import { type Receipt, rootFrom, signedText } from '../../../libs/receipts/receipt.ts';
import { base64 } from '../../../libs/transparency/tlog-proof-text.ts';
import { asFailure } from '../shared/failure.ts';
import { requestBytes } from '../shared/http.ts';
import { type Opening, fetchBoletim, fetchOpening, urnaPath } from './ballot-box.ts';
import { TREE, isSame, isSigned } from './hashing.ts';
import { type Verdict, lookUp } from './lookup.ts';
import type { HeldReceipt } from './vote.ts';
import type { Boletim } from '#contract';

/** Half a megabyte on a slow line, ms. */
const FILE_TIMEOUT = 60_000;
const UNAVAILABLE = 503;

/** Whether the ballot box promised this vote: its key signed the root that leaf and path lead to. */
const isPromised = (receipt: Receipt, key: Uint8Array): boolean =>
  isSigned(signedText(receipt.origin, base64(receipt.root)), receipt.signature, key) &&
  isSame(rootFrom(receipt, TREE), receipt.root);

/** What can be said of a receipt. */
export type Finding =
  /** No answer: nothing is known. */
  | { readonly kind: 'unreachable' }
  /** There is no such ballot box here, or only for who has the link of its rehearsal. */
  | { readonly kind: 'unknown' }
  /** No ballot box of here promised anything. */
  | { readonly kind: 'worthless' }
  | { readonly kind: 'registered'; readonly opening: Opening; readonly counted: Counted };

/** `withheld`: the ballot box is not public yet. `preparing`: it is, and its votes cannot be looked up yet. */
export type Counted =
  { readonly kind: 'withheld' | 'unreachable' | 'preparing' } | (Verdict & { readonly boletim: Boletim });

/**
 * Checks a receipt, and tells nobody which one.
 * @param chave the key in the link of a rehearsal
 */
export async function check(held: HeldReceipt, chave: string | undefined): Promise<Finding> {
  try {
    const opening = await fetchOpening(held, chave);
    if (opening === 'other') return { kind: 'worthless' };
    if (opening === 'unknown') return { kind: 'unknown' };
    if (!isPromised(held.receipt, opening.keys.receipts)) return { kind: 'worthless' };
    return { kind: 'registered', opening, counted: await counted(held, opening, chave) };
  } catch {
    return { kind: 'unreachable' };
  }
}

async function counted(held: HeldReceipt, opening: Opening, chave: string | undefined): Promise<Counted> {
  try {
    const boletim = await fetchBoletim(held.paredao, chave);
    if (boletim === undefined) return { kind: 'withheld' };
    const load = (path: string): Promise<Uint8Array> =>
      requestBytes(urnaPath(held.paredao, `1/${path}`, chave), { timeout: FILE_TIMEOUT });
    return { ...(await lookUp(held, { key: opening.keys.box, boletim }, load)), boletim };
  } catch (error) {
    return { kind: asFailure(error).status === UNAVAILABLE ? 'preparing' : 'unreachable' };
  }
}
