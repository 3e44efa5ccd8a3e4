import { asFailure } from '../shared/failure.ts';
import { requestBytes } from '../shared/http.ts';
import type { KeptKeys } from '../shared/kept-keys.ts';
import { type Opening, fetchBoletim, fetchOpening, urnaPath } from './ballot-box.ts';
import { type Verdict, lookUp } from './lookup.ts';
import { isPromised, isRekeyed } from './promise.ts';
import type { HeldReceipt } from './vote.ts';
import type { Boletim } from '#contract';

/** Half a megabyte on a slow line, ms. */
const FILE_TIMEOUT = 60_000;
const UNAVAILABLE = 503;

/** What can be said of a receipt. */
export type Finding =
  /** No answer: nothing is known. */
  | { readonly kind: 'unreachable' }
  /** There is no such ballot box here, or only for who has the link of its rehearsal. */
  | { readonly kind: 'unknown' }
  /** No ballot box of here promised anything. */
  | { readonly kind: 'worthless' }
  /** The service signed other keys for this box than those that it has now: somebody began it again. */
  | { readonly kind: 'rekeyed' }
  | { readonly kind: 'registered'; readonly opening: Opening; readonly counted: Counted };

/** `withheld`: the ballot box is not public yet. `preparing`: it is, and its votes cannot be looked up yet. */
export type Counted =
  { readonly kind: 'withheld' | 'unreachable' | 'preparing' } | (Verdict & { readonly boletim: Boletim });

/**
 * Checks a receipt, and tells nobody which one.
 * @param chave the key in the link of a rehearsal
 * @param kept the keys of its ballot box that were kept here
 */
export async function check(held: HeldReceipt, chave: string | undefined, kept?: KeptKeys): Promise<Finding> {
  try {
    const opening = await fetchOpening(held, chave);
    if (opening === 'unknown') return { kind: 'unknown' };
    if (isRekeyed(held.receipt, opening === 'other' ? undefined : opening.keys, kept)) return { kind: 'rekeyed' };
    if (opening === 'other' || !isPromised(held.receipt, opening.keys.receipts)) return { kind: 'worthless' };
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
