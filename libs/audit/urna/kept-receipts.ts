import { MalformedReceiptError, type Receipt, parseReceipt, receiptBytes } from '#receipts';

/** A receipt that a voter handed over. */
export interface KeptReceipt {
  /** Of the file. */
  readonly name: string;
  readonly receipt: Receipt;
}

/** A file that holds no receipt. */
class InvalidReceiptError extends Error {
  override readonly name = 'InvalidReceiptError';
  readonly code = 'invalid-receipt';
}

/**
 * Reads receipts, a line each: as the answer to the vote has them, or as an address with the receipt behind `#`, which is what the code on a
 * printed one says. What they say is not checked here.
 * @param name of the file
 * @throws InvalidReceiptError
 */
export function receiptsOf(name: string, text: string): KeptReceipt[] {
  const lines = text.split('\n').map((line) => line.trim());
  const receipts = lines.filter((line) => line !== '').map((line) => ({ name, receipt: receiptIn(name, line) }));
  if (receipts.length === 0) throw new InvalidReceiptError(`${name} holds no receipt`);
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
