import { forgetKeys } from './kept-keys.ts';
import { ofBrowser } from './storage.ts';
import { rehearsalKey } from './this-poll.ts';

/** A receipt as this browser keeps it, with what is needed to tell it from others without asking anybody. */
export interface KeptReceipt {
  /** Its place among those that are kept. */
  readonly key: string;
  /** base64url (docs/receipts.md). */
  readonly recibo: string;
  /** Of the poll. */
  readonly titulo: string;
  /** "para eliminar Ana" */
  readonly whatFor: string;
  /** The key in the link of a rehearsal. */
  readonly chave?: string;
}

/** So many are kept, the latest. */
const MOST = 200;
const PREFIX = 'paredao.recibo.';
/** A number that grows, and letters by chance: two tabs may take the same number in the same moment. It says no time. */
const KEY = /^(\d{9})-[a-z0-9]+$/;
const FORM = /^[\w-]+$/;
const PAGE = '/recibo.html';
/** In the fragment, in front of the key of one that is kept. */
const KEPT = 'guardado=';

/** Newest first. Each has an entry of its own, so that tabs do not overwrite each other's. */
const keptKeys = (): string[] =>
  ofBrowser
    .keys(PREFIX)
    .map((name) => name.slice(PREFIX.length))
    .filter((key) => KEY.test(key))
    .sort()
    .reverse();

/** The receipt with this key; undefined where there is none, or something else. */
export function keptReceipt(key: string): KeptReceipt | undefined {
  try {
    const { recibo, titulo, whatFor, chave } = JSON.parse(ofBrowser.load(PREFIX + key) ?? '{}') as Partial<KeptReceipt>;
    if (typeof recibo !== 'string' || !FORM.test(recibo)) return undefined;
    if (typeof titulo !== 'string' || typeof whatFor !== 'string') return undefined;
    return { key, recibo, titulo, whatFor, ...(typeof chave === 'string' && { chave }) };
  } catch {
    return undefined;
  }
}

/** All that can be read, the newest first. */
export const keptReceipts = (): KeptReceipt[] => keptKeys().flatMap((key) => keptReceipt(key) ?? []);

/** Whether there is one, readable or not. */
export const hasReceipts = (): boolean => keptKeys().length > 0;

export const forgetReceipt = (key: string): void => ofBrowser.remove(PREFIX + key);

/** Forgets everything that was kept as a receipt, also what cannot be read, and the keys that receipts are checked against. */
export function forgetReceipts(): void {
  forgetKeys();
  for (const name of ofBrowser.keys(PREFIX)) ofBrowser.remove(name);
}

/**
 * Keeps the receipt of a vote in this browser, and nowhere else. Where there is no room, older ones go.
 * @returns where the page is that shows it
 */
export function keepReceipt(receipt: Omit<KeptReceipt, 'key' | 'chave'>): string {
  const [latest = '0', ...older] = keptKeys();
  const key = `${String(Number.parseInt(latest, 10) + 1).padStart(9, '0')}-${randomLetters()}`;
  const chave = rehearsalKey();
  const text = JSON.stringify({ ...receipt, ...(chave !== undefined && { chave }) });
  const surplus = [latest, ...older].slice(MOST - 1);
  for (const old of surplus) forgetReceipt(old);
  for (const old of older.reverse()) {
    if (ofBrowser.save(PREFIX + key, text)) return keptPath(key);
    forgetReceipt(old);
  }
  // where nothing is kept the link itself holds it
  return ofBrowser.save(PREFIX + key, text) ? keptPath(key) : receiptPath(receipt.recibo, chave);
}

const randomLetters = (): string => Math.random().toString(36).slice(2, 8) || '0';

/** Where one that is kept is shown. */
export const keptPath = (key: string): string => `${PAGE}#${KEPT}${key}`;

/** The key of one that is kept, by the fragment that leads to it. */
export const keyIn = (fragment: string): string | undefined =>
  fragment.startsWith(KEPT) ? fragment.slice(KEPT.length) : undefined;

/** Where whoever has this address sees it: no server ever hears what stands after the #. */
export const receiptPath = (recibo: string, chave?: string): string =>
  `${PAGE}${chave === undefined ? '' : `?${new URLSearchParams({ chave }).toString()}`}#${recibo}`;
