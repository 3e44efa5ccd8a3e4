import { asFailure } from '../shared/failure.ts';
import { requestJson } from '../shared/http.ts';
import { type BoxKeys, keysOf } from './keys.ts';
import type { HeldReceipt } from './vote.ts';
import type { Boletim, Zeresima } from '#contract';

/** What a ballot box said before the first vote: public from the opening on. */
export interface Opening {
  readonly zeresima: Zeresima;
  readonly keys: BoxKeys;
  /** The note that names them. */
  readonly nota: string;
}

/** The address of something of a poll. Requests name the poll, and never a vote. */
export const urnaPath = (paredao: string, file: string, chave: string | undefined): string =>
  `/urna/${paredao}/${file}${chave === undefined ? '' : `?${new URLSearchParams({ chave }).toString()}`}`;

/**
 * @param chave the key in the link of a rehearsal
 * @returns `unknown` where there is no such ballot box, for whoever asks without its key, and `other` where it is not that of the receipt, or names no keys
 * @throws ApiFailure when there is no answer
 */
export async function fetchOpening(
  { paredao, receipt }: HeldReceipt,
  chave: string | undefined,
): Promise<Opening | 'unknown' | 'other'> {
  const zeresima = await found<Zeresima>(urnaPath(paredao, 'zeresima.json', chave));
  if (zeresima === undefined) return 'unknown';
  const { origin, keys } = (JSON.parse(zeresima.folha) as { data: { origin: string; keys: string } }).data;
  if (origin !== receipt.origin) return 'other';
  const named = keysOf(keys, origin);
  return named ? { zeresima, keys: named, nota: keys } : 'other';
}

/**
 * What the ballot box says at its end; undefined as long as it is not public.
 * @throws ApiFailure when there is no answer
 */
export const fetchBoletim = (paredao: string, chave: string | undefined): Promise<Boletim | undefined> =>
  found<Boletim>(urnaPath(paredao, 'boletim.json', chave));

/** What is not there, and not there yet. */
const ABSENT = new Set([404, 409]);

async function found<T>(path: string): Promise<T | undefined> {
  try {
    return (await requestJson<T>(path)).value;
  } catch (error) {
    const failure = asFailure(error);
    if (ABSENT.has(failure.status)) return undefined;
    throw failure;
  }
}
