import { MalformedReceiptError, type Receipt, parseReceipt, receiptBytes } from '#receipts';
import { parsePollKeys } from '#seal';
import { TransparencyError, type Verifier, parseNote, verifierOf } from '#transparency';

/** A receipt that a voter handed over. */
export interface KeptReceipt {
  /** Of the file. */
  readonly name: string;
  readonly receipt: Receipt;
}

/** Keys of a ballot box that somebody kept: the service signed them when it opened the box, and leaf 0 has to have them. */
export interface KeptKeys {
  /** Of the file. */
  readonly name: string;
  /** C2SP signed-note, `paredao-chaves/v1`. */
  readonly note: string;
  /** Its text, which is signed. */
  readonly text: string;
  readonly box: Verifier;
  readonly receipts: Verifier;
}

/** A file that holds no receipt. */
class InvalidReceiptError extends Error {
  override readonly name = 'InvalidReceiptError';
  readonly code = 'invalid-receipt';
}

/**
 * Reads receipts, a line each: as the answer to the vote has them, or as an address with the receipt behind `#`, which is what the code on a
 * printed one says. Notes of keys between them are for `keptKeysOf`. What they say is not checked here.
 * @param name of the file
 * @throws InvalidReceiptError
 */
export function receiptsOf(name: string, text: string): KeptReceipt[] {
  const lines = linesOf(text).replaceAll(KEYS, '').split('\n');
  const receipts = lines.filter((line) => line !== '').map((line) => ({ name, receipt: receiptIn(name, line) }));
  if (receipts.length === 0 && keptKeysOf(name, text).length === 0)
    throw new InvalidReceiptError(`${name} holds no receipt`);
  return receipts;
}

function receiptIn(name: string, line: string): Receipt {
  try {
    return parseReceipt(receiptBytes(line.slice(line.indexOf('#') + 1)));
  } catch (error) {
    if (!(error instanceof MalformedReceiptError)) throw error;
    throw new InvalidReceiptError(`${name}: ${error.message}, nor an address with one behind "#"`);
  }
}

/** A note of keys among other lines. */
const KEYS = /^paredao-chaves\/v1\n(?:\S+\n){3}\n(?:— \S+ \S+\n)+/gm;

const linesOf = (text: string): string =>
  `${text
    .split('\n')
    .map((line) => line.trim())
    .join('\n')}\n`;

/**
 * Reads the notes of keys that a file of receipts has. Whose signature they have is not checked here.
 * @throws InvalidReceiptError
 */
export const keptKeysOf = (name: string, text: string): KeptKeys[] =>
  (linesOf(text).match(KEYS) ?? []).map((note) => keysIn(name, note));

function keysIn(name: string, note: string): KeptKeys {
  try {
    const { box, receipts } = parsePollKeys(note);
    return { name, note, text: parseNote(note).text, box: verifierOf(box), receipts: verifierOf(receipts) };
  } catch (error) {
    if (!(error instanceof TransparencyError)) throw error;
    throw new InvalidReceiptError(`${name}: ${error.message}`);
  }
}
