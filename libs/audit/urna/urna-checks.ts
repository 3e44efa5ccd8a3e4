import { type Verifier, TransparencyError, base64, openNote } from '#transparency';

import { checked, inapplicable, skipped } from '../checks.ts';
import type { Evidence } from '../evidence.ts';
import { Findings, finding } from '../findings.ts';
import type { AuditReport, Check } from '../report.ts';
import { type Anchor, checkpointIn } from './anchors.ts';
import { openCheckpoint } from './signed-checkpoint.ts';
import type { Urna } from './urna-logs.ts';
import type { UrnaWatch, WatchedLog } from './urna-watch.ts';

/** A checkpoint a second is signed while there are new leaves, ms: what is older and not signed will not be. */
const SIGNED_WITHIN_MS = 60_000;

/** What an audit says of the transparency logs of a poll. Of one of an earlier version, nothing, unless somebody expects such logs. */
export function urnaChecks(evidence: Evidence): Check[] {
  const { vkeys = [], anchors = [] } = evidence.options;
  if (evidence.urna === undefined && vkeys.length + anchors.length === 0) return [];
  return [keysCheck(evidence), checkpointsCheck(evidence), anchorsCheck(evidence).check];
}

/** How many leaves of the ballot box something outside of the service anchors, and how many there are up to the cut; null where there is no such log. */
export function anchoredIn(evidence: Evidence): AuditReport['anchored'] {
  const { urna, recount } = evidence;
  if (urna === undefined) return null;
  const { cut } = recount.snapshot();
  return { leaves: anchorsCheck(evidence).leaves, of: cut === null ? urna.box.tree.size : Number(cut) + 1 };
}

/** Whether the keys of the logs are those of the deployment that somebody trusts. */
function keysCheck({ urna, options: { vkeys = [] } }: Evidence): Check {
  if (vkeys.length === 0) return urna === undefined ? inapplicable('keys', 'no-opening') : skipped('keys', 'no-vkey');
  if (urna === undefined) return checked('keys', { code: 'no-opening' }, Findings.of([finding('no-keys', {})]));
  const {
    urna: { opened, box },
  } = urna;
  const isProven = vkeys.some((one) => isSame(one, box.verifier)) || signsKeys(vkeys, urna.urna);
  const findings = isProven
    ? []
    : [
        finding(
          'keys-not-proven',
          {},
          vkeys.map(({ name }) => name),
          opened.origin,
        ),
      ];
  return checked('keys', { code: 'log', name: box.verifier.name }, Findings.of(findings));
}

const isSame = (one: Verifier, other: Verifier): boolean =>
  one.name === other.name && Buffer.compare(one.keyId, other.keyId) === 0;

function signsKeys(vkeys: readonly Verifier[], { opened }: Urna): boolean {
  try {
    return openNote(opened.keys, vkeys).verified.length > 0;
  } catch (error) {
    if (!(error instanceof TransparencyError)) throw error;
    return false;
  }
}

/** Whether both logs begin with everything that was ever signed of them, and nothing of them is unsigned for long. */
function checkpointsCheck({ urna, next, recount, options: { source } }: Evidence): Check {
  if (urna === undefined) return inapplicable('checkpoints', 'no-opening');
  const [findings, odd] = [new Findings(), new Findings()];
  const { cut } = recount.snapshot();
  for (const one of [urna.box, urna.acts]) {
    findings.addAll(one.signed.wrong);
    odd.addAll(one.signed.odd);
    findings.add(...headFindings(one, next !== undefined));
    // behind the cut nothing counts
    const isWhole = one === urna.box && cut !== null && one.signed.sealed > Number(cut);
    if (next === undefined && !isWhole) findings.add(...unsealed(one, source.asOf()));
  }
  const count = urna.box.signed.count + urna.acts.signed.count;
  return checked('checkpoints', { code: 'signed-heads', count, at: String(urna.box.signed.sealed) }, findings, odd);
}

function* headFindings({ signed, tree, log }: WatchedLog, isPartial: boolean) {
  for (const { size, root, revision } of signed.heads) {
    const at = { stream: log.checkpoints, revision: String(revision) };
    if (size > tree.size) {
      if (!isPartial) yield finding('signed-head-ahead', at, tree.size, size);
    } else if (tree.rootAt(size) !== root) yield finding('signed-head-differs', at, size, root);
  }
}

function* unsealed({ unsealedSince, signed, log }: WatchedLog, asOf: number | undefined) {
  if (unsealedSince === undefined || asOf === undefined || asOf - unsealedSince <= SIGNED_WITHIN_MS) return;
  yield finding('not-sealed', { stream: log.stream, revision: String(signed.sealed) });
}

interface Anchoring {
  readonly check: Check;
  /** Of the ballot box, which an anchor that agrees covers. */
  readonly leaves: number;
}

/** Whether both logs begin with what somebody kept of them elsewhere. */
function anchorsCheck({ urna, next, options: { anchors = [], vkeys = [] } }: Evidence): Anchoring {
  if (anchors.length === 0) {
    const check = urna === undefined ? inapplicable('anchors', 'no-opening') : skipped('anchors', 'no-anchor');
    return { check, leaves: 0 };
  }
  const findings = new Findings();
  let [leaves, count] = [0, 0];
  for (const { name, note } of anchors.flatMap(notesOf)) {
    const outcome = urna === undefined ? NO_LOG : compared(urna, note, vkeys, next !== undefined);
    if ('code' in outcome) findings.add({ ...outcome, at: { file: name } });
    else {
      count++;
      leaves = Math.max(leaves, outcome.leaves);
    }
  }
  return { check: checked('anchors', { code: 'anchors', count, at: String(leaves) }, findings), leaves };
}

const notesOf = ({ name, notes }: Anchor) => notes.map((note) => ({ name, note }));
const NO_LOG = finding('anchor-without-log', {});

function compared(urna: UrnaWatch, note: string, vkeys: readonly Verifier[], isPartial: boolean) {
  const { origin, size, root } = checkpointIn(note);
  const watched = [urna.box, urna.acts].find(({ log }) => log.verifier.name === origin);
  if (watched === undefined) return finding('anchor-of-another-log', {}, urna.box.log.verifier.name, origin);
  try {
    openCheckpoint(note, [watched.log.verifier, ...vkeys.filter(({ type }) => type === 'cosignature')]);
  } catch (error) {
    if (!(error instanceof TransparencyError)) throw error;
    return finding('anchor-not-proven', {}, origin, error.code);
  }
  const { tree } = watched;
  if (size > tree.size) return isPartial ? { leaves: 0 } : finding('anchor-ahead', {}, tree.size, size);
  if (tree.rootAt(size) !== base64(root)) return finding('anchor-differs', {}, size, base64(root));
  return { leaves: watched === urna.box ? size : 0 };
}
