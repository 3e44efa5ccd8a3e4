import { type Poll, type PollEventOf, type RecordedEvent, decisionIn, isBallotBox, isProclaimed } from '#domain';

import { checked, inapplicable, skipped } from './checks.ts';
import { difference, sumOf } from './counts.ts';
import type { Evidence } from './evidence.ts';
import { Findings, type Place, finding, placeOf } from './findings.ts';
import type { Check } from './report.ts';

type Signature = PollEventOf<'ResultChecked'>;

/** Keeps what auditors signed of a poll, and notes what was released without that and without saying why. */
export class SignOffWatch {
  readonly signed: { readonly at: Place; readonly signature: Signature }[] = [];
  readonly findings = new Findings();
  released = false;
  /** Whether the latest check agreed. */
  private stands = false;

  /** @param event of either stream, in the order of the log */
  add(event: RecordedEvent): void {
    if (isBallotBox(event.stream)) return;
    const decision = decisionIn(event);
    if (decision?.type === 'ResultChecked') this.signed.push({ at: placeOf(event), signature: decision });
    if (decision?.type === 'ResultChecked' || decision?.type === 'ResultCheckFailed') {
      this.stands = decision.type === 'ResultChecked';
    }
    if (decision?.type !== 'ResultProclaimed') return;
    this.released = true;
    if (!this.stands && decision.reason === undefined) {
      this.findings.add(finding('released-unexplained', placeOf(event), null, decision.by));
    }
  }
}

function notSigned(poll: Poll | null): Check {
  if (typeof poll?.closedAt !== 'string') return inapplicable('sign-off', 'before-the-end');
  if (poll.annulled !== undefined) return inapplicable('sign-off', 'annulled');
  // earlier versions released a result with its seal
  return isProclaimed(poll) ? inapplicable('sign-off', 'before-signatures') : skipped('sign-off', 'nothing-signed');
}

/** What was signed is what the log says now, and nothing was released in silence. */
export function signOffCheck({ recount, sql }: Evidence): Check {
  const { signed, released, findings } = recount.signOffWatch;
  if (signed.length === 0 && !released) return notSigned(recount.snapshot().poll);
  const commitment = recount.commitment.second();
  const votes = sumOf(recount.counts().votes);
  const again = sql === undefined ? votes : sumOf(sql.counts.votes);
  for (const { at, signature } of signed) {
    const { fold, sql: second } = signature;
    findings.add(
      ...difference('signed-differs', { ...at, part: 'commitment' }, commitment, signature.commitment),
      ...difference('signed-differs', { ...at, part: 'votes' }, votes, fold.votes),
      ...difference('signed-differs', { ...at, part: 'votes' }, again, second.votes),
      ...difference('signed-differs', { ...at, part: 'digest' }, fold.digest, second.digest),
    );
  }
  const last = signed.at(-1)?.signature;
  if (last === undefined) return checked('sign-off', { code: 'unsigned' }, findings);
  return checked('sign-off', { code: 'signed', name: last.by, at: last.checkedAt }, findings);
}
