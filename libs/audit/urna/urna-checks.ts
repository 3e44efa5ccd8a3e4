import { TransparencyError, type Verifier, isSameKey, openNote } from '#transparency';

import { checked, inapplicable, skipped } from '../checks.ts';
import type { Evidence } from '../evidence.ts';
import { Findings, finding } from '../findings.ts';
import type { AuditReport, Check } from '../report.ts';
import { anchorsCheck } from './anchors-check.ts';
import type { Urna } from './urna-logs.ts';
import type { WatchedLog } from './urna-watch.ts';

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

/** Whether the keys of the logs are those of the deployment that somebody trusts. A witness vouches for no keys: its own is for anchors. */
function keysCheck({ urna, options }: Evidence): Check {
  const vkeys = options.vkeys?.filter(({ type }) => type === 'note') ?? [];
  if (vkeys.length === 0) return urna === undefined ? inapplicable('keys', 'no-opening') : skipped('keys', 'no-vkey');
  if (urna === undefined) return checked('keys', { code: 'no-opening' }, Findings.of([finding('no-keys', {})]));
  const {
    urna: { opened, box },
  } = urna;
  const isProven = vkeys.some((one) => isSameKey(one, box.verifier)) || signsKeys(vkeys, urna.urna);
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
