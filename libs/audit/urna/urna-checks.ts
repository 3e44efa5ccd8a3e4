import { TransparencyError, type Verifier, isSameKey, openNote } from '#transparency';

import { checked, inapplicable, skipped } from '../checks.ts';
import type { Evidence } from '../evidence.ts';
import { type Finding, Findings, finding } from '../findings.ts';
import type { AuditReport, Check } from '../report.ts';
import { anchorsCheck } from './anchors-check.ts';
import type { Urna } from './urna-logs.ts';
import type { UrnaWatch, WatchedLog } from './urna-watch.ts';

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

/** Whether both logs begin with everything that was ever signed of them, and nothing of them is unsigned that should be. */
function checkpointsCheck({ urna, next, recount, options: { source } }: Evidence): Check {
  if (urna === undefined) return inapplicable('checkpoints', 'no-opening');
  const [findings, odd] = [new Findings(), new Findings()];
  for (const one of [urna.box, urna.acts]) {
    findings.addAll(one.signed.wrong);
    odd.addAll(one.signed.odd);
    findings.add(...headFindings(one, next !== undefined));
  }
  if (next === undefined) findings.add(...unsealed(urna, recount.snapshot().cut, source.asOf()));
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

/**
 * What nobody signed. The result is not judged by a clock: who writes a log or an export writes its times as well. Before the cut the last second is
 * never signed, and an end that says nothing of its time is as late as its last event.
 */
function* unsealed(urna: UrnaWatch, cut: string | null, asOf = 0): Iterable<Finding> {
  const now = Math.max(asOf, urna.recordedTo);
  const missing =
    cut === null
      ? [urna.box, urna.acts].filter((one) => one.isOverdue(now))
      : urna.due(cut).flatMap(([one, leaves]) => (one.isSealedTo(leaves) ? [] : [one]));
  for (const { log, signed } of missing)
    yield finding('not-sealed', { stream: log.stream, revision: String(signed.sealed) });
}
