import { faultOf } from '#receipts';
import type { Verifier } from '#transparency';

import { checked } from '../checks.ts';
import type { Evidence } from '../evidence.ts';
import { type Finding, Findings, finding } from '../findings.ts';
import type { Check } from '../report.ts';
import { keysKept } from './kept-keys.ts';
import type { KeptReceipt } from './kept-receipts.ts';
import type { Followed } from './receipt-watch.ts';
import type { UrnaWatch } from './urna-watch.ts';

/** What became of the vote of a receipt: registered or not, and if so, counted or why not. */
type Fate = 'counted' | 'not-read' | Finding;

/**
 * Whether each vote that somebody has a receipt of is in the ballot box, and counts. One that is not in the box, with a good signature,
 * proves that this is not the box that took the vote. So does one that is good by keys which the service signed for this box, where the box has others.
 */
export function receiptsCheck(evidence: Evidence): Check[] {
  const { receipts = [], keptKeys = [] } = evidence.options;
  if (receipts.length + keptKeys.length === 0) return [];
  const { findings: wrong, others } = keysKept(evidence);
  const findings = Findings.of(wrong);
  let counted = 0;
  for (const kept of receipts) {
    const fate = fateOf(kept, others, evidence);
    if (fate === 'counted') counted++;
    else if (fate !== 'not-read') findings.add(fate);
  }
  return [checked('receipts', { code: 'receipts', count: receipts.length, parts: [counted] }, findings)];
}

function fateOf({ name, receipt }: KeptReceipt, others: readonly Verifier[], { urna, next, recount }: Evidence): Fate {
  const at = { file: name };
  if (urna === undefined) return finding('receipt-without-log', at);
  const { receipts, origin } = keysIn(urna);
  if (receipt.origin !== origin) return finding('receipt-of-another-box', at, origin, receipt.origin);
  if (others.some((key) => faultOf(receipt, key) === undefined)) return finding('receipt-of-other-keys', at);
  const fault = faultOf(receipt, receipts);
  const followed = urna.receipts.follow(receipt);
  if (fault !== undefined || followed === undefined) return finding('receipt-not-proven', at, null, fault ?? 'leaf');
  if (followed.own === undefined) return next === undefined ? finding('receipt-not-in-box', at) : 'not-read';
  return countedOr(followed, recount.snapshot().cut, name);
}

const keysIn = ({ urna: { receipts, box } }: UrnaWatch) => ({ receipts, origin: box.verifier.name });

function countedOr({ vote, own, first }: Followed, cut: string | null, file: string): Fate {
  // the leaf itself is one of its vote
  const { revision, participantId } = first!;
  const at = { file, revision: String(own) };
  if (cut !== null && revision > BigInt(cut)) return finding('receipt-late', at, cut);
  return participantId === vote.participantId
    ? 'counted'
    : finding('receipt-raced', at, participantId, vote.participantId);
}
