import { TransparencyError, type Verifier, openNote, parseNote } from '#transparency';

import type { Evidence } from '../evidence.ts';
import { type Finding, finding } from '../findings.ts';
import type { KeptKeys } from './kept-receipts.ts';

/** What comes of keys that somebody kept. */
interface KeysKept {
  readonly findings: readonly Finding[];
  /** Keys of receipts that the service signed for this box and that are not those of its leaf 0. */
  readonly others: readonly Verifier[];
}

/**
 * Compares the keys that leaf 0 names with those that somebody kept. The service signs the keys of a box once: two different lists for one box, both with its
 * signature, prove that the box was begun again.
 */
export function keysKept({ urna, options: { vkeys = [], keptKeys = [] } }: Evidence): KeysKept {
  const services = vkeys.filter(({ type }) => type === 'note');
  const findings: Finding[] = [];
  const others: Verifier[] = [];
  for (const kept of keptKeys) {
    const at = { file: kept.name };
    const origin = urna?.box.log.verifier.name;
    if (urna === undefined) findings.push(finding('receipt-without-log', at));
    else if (kept.box.name !== origin) findings.push(finding('receipt-of-another-box', at, origin, kept.box.name));
    else if (kept.text === parseNote(urna.urna.opened.keys).text) continue;
    else if (!isSigned(kept, services)) findings.push(finding('kept-keys-not-proven', at));
    else {
      findings.push(finding('kept-keys-differ', at, origin));
      others.push(kept.receipts);
    }
  }
  return { findings, others };
}

function isSigned({ note }: KeptKeys, services: readonly Verifier[]): boolean {
  try {
    return openNote(note, services).verified.length > 0;
  } catch (error) {
    if (!(error instanceof TransparencyError)) throw error;
    return false;
  }
}
