import { parseReceipt, receiptBytes, type Receipt } from '../../../libs/receipts/receipt.ts';

/** A receipt as somebody holds it, with the vote that it is of. */
export interface HeldReceipt {
  /** base64url */
  readonly text: string;
  readonly receipt: Receipt;
  /** Id of the poll, as the origin of the ballot box says it. */
  readonly paredao: string;
  readonly vote: Vote;
}

/** What the leaf says. */
export interface Vote {
  readonly id: string;
  readonly participant: number;
  /** The whole minute in which it was taken, ISO 8601. */
  readonly at: string;
}

const ORIGIN = /\/urna\/(\d+)\/1$/;

/** Reads a receipt, without checking what it says; undefined for what is none of a vote. */
export function heldReceipt(text: string): HeldReceipt | undefined {
  try {
    const receipt = parseReceipt(receiptBytes(text));
    const [, paredao] = ORIGIN.exec(receipt.origin) ?? [];
    const vote = voteIn(receipt.leaf);
    return paredao === undefined || vote === undefined ? undefined : { text, receipt, paredao, vote };
  } catch {
    return undefined;
  }
}

function voteIn(leaf: Uint8Array): Vote | undefined {
  const { type, data } = JSON.parse(new TextDecoder().decode(leaf)) as {
    readonly type?: unknown;
    readonly data?: Readonly<Record<string, unknown>>;
  };
  const { voteId: id, participantId: participant, castAt: at } = data ?? {};
  const isVote =
    type === 'VoteCast' && typeof id === 'string' && typeof participant === 'number' && typeof at === 'string';
  return isVote ? { id, participant, at } : undefined;
}
