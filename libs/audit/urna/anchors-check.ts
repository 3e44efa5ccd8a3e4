import { TransparencyError, type Verifier, base64, checkpointOf, isSameKey } from '#transparency';

import { checked, inapplicable, skipped } from '../checks.ts';
import type { Evidence } from '../evidence.ts';
import { type Finding, Findings, finding } from '../findings.ts';
import type { Check } from '../report.ts';
import type { Anchor } from './anchors.ts';
import { openCheckpoint } from './signed-checkpoint.ts';
import type { UrnaWatch } from './urna-watch.ts';

interface Anchoring {
  readonly check: Check;
  /** Of the ballot box, which an anchor that agrees covers; where the keys of witnesses are given, one that each of them signed. */
  readonly leaves: number;
}

/** What an anchor that agrees says. */
interface Agreed {
  /** Of the ballot box; 0 for an anchor of the acts. */
  readonly leaves: number;
  /** Witnesses whose keys were given, and who signed it. */
  readonly by: readonly Verifier[];
}

/**
 * Whether both logs begin with what somebody kept of them elsewhere. Whoever has the log's key can make an anchor, so one who brings the key of a
 * witness asks for more: what that witness signed.
 */
export function anchorsCheck({ urna, next, options: { anchors = [], vkeys = [] } }: Evidence): Anchoring {
  const kept = anchors.flatMap(notesOf);
  if (kept.length === 0) {
    const check = urna === undefined ? inapplicable('anchors', 'no-opening') : skipped('anchors', 'no-anchor');
    return { check, leaves: 0 };
  }
  const witnesses = witnessesIn(vkeys);
  const findings = new Findings();
  const agreed: Agreed[] = [];
  for (const { name, note } of kept) {
    const outcome = urna === undefined ? NO_LOG : compared(urna, note, witnesses, next !== undefined);
    if ('code' in outcome) findings.add({ ...outcome, at: { file: name } });
    else agreed.push(outcome);
  }
  findings.add(...unsigned(witnesses, agreed));
  const signed = witnesses.map((one) => ({
    name: one.name,
    leaves: mostOf(agreed.filter(({ by }) => by.includes(one))),
  }));
  const leaves = Math.min(mostOf(agreed), ...signed.map((one) => one.leaves));
  const detail = { code: 'anchors', count: agreed.length, at: String(mostOf(agreed)), witnesses: signed } as const;
  return { check: checked('anchors', detail, findings), leaves };
}

const notesOf = ({ name, notes }: Anchor) => notes.map((note) => ({ name, note }));
const mostOf = (agreed: readonly Agreed[]): number => Math.max(0, ...agreed.map(({ leaves }) => leaves));
const NO_LOG = finding('anchor-without-log', {});

/** Each once, however often its key was given. */
const witnessesIn = (vkeys: readonly Verifier[]): Verifier[] =>
  vkeys.filter((one, at) => one.type === 'cosignature' && vkeys.findIndex((other) => isSameKey(one, other)) === at);

function* unsigned(witnesses: readonly Verifier[], agreed: readonly Agreed[]): Iterable<Finding> {
  for (const witness of witnesses)
    if (!agreed.some(({ by }) => by.includes(witness))) yield finding('witness-signed-none', {}, witness.name);
}

function compared(
  { box, acts }: UrnaWatch,
  note: string,
  witnesses: readonly Verifier[],
  isPartial: boolean,
): Agreed | Finding {
  const { origin, size, root } = checkpointOf(note);
  const watched = [box, acts].find(({ log }) => log.verifier.name === origin);
  if (watched === undefined) return finding('anchor-of-another-log', {}, box.log.verifier.name, origin);
  let by: readonly Verifier[];
  try {
    by = openCheckpoint(note, [watched.log.verifier, ...witnesses]).by;
  } catch (error) {
    if (!(error instanceof TransparencyError)) throw error;
    return finding('anchor-not-proven', {}, origin, error.code);
  }
  const { tree } = watched;
  if (size > tree.size) return isPartial ? { leaves: 0, by } : finding('anchor-ahead', {}, tree.size, size);
  if (tree.rootAt(size) !== base64(root)) return finding('anchor-differs', {}, size, base64(root));
  return { leaves: watched === box ? size : 0, by };
}
