import { type RecordedEvent, ballotBoxStream, VoteCodec, ruleOf } from '#domain';
import { EvidenceKey } from '#human-check';

import { checked, inapplicable, skipped } from './checks.ts';
import type { AuditOptions, Evidence } from './evidence.ts';
import { Findings, finding, placeOf } from './findings.ts';
import type { Recount } from './recount.ts';
import type { Check } from './report.ts';

/** Votes whose evidence the poll's key did not give. */
export interface EvidenceResult {
  readonly votes: number;
  readonly findings: Findings;
}

/**
 * Reads the box once more, now that the poll is over and its key is known.
 * @returns undefined where there is no key (yet)
 */
export async function verifyEvidence(
  { source, pollId, signal }: AuditOptions,
  recount: Recount,
): Promise<EvidenceResult | undefined> {
  const { poll, revision } = recount.snapshot();
  const { evidenceKey, isSealed } = recount.closingCheck;
  if (ruleOf(poll) !== 2) return undefined;
  // announced at the opening, it is owed at the end
  if (evidenceKey === undefined)
    return isSealed ? { votes: 0, findings: Findings.of([finding('missing-evidence-key', {})]) } : undefined;
  const findings = new Findings();
  const key = EvidenceKey.disclosed(evidenceKey);
  if (key.hash !== poll?.evidenceKeyHash)
    findings.add(finding('evidence-key-differs', {}, poll?.evidenceKeyHash ?? null, key.hash));
  const codec = new VoteCodec();
  let votes = 0;
  for await (const page of source.read(ballotBoxStream(pollId), 0n)) {
    for (const event of page) if (event.revision <= BigInt(revision)) verify(event);
    signal?.throwIfAborted();
  }
  return { votes, findings };

  function verify(event: RecordedEvent): void {
    const vote = codec.voteIn(event);
    if (vote === undefined || !('price' in vote.humanCheck)) return;
    votes++;
    if (!key.proves(vote)) findings.add(finding('false-evidence', placeOf(event)));
  }
}

/** Whether every vote was a challenge of this deployment. */
export function evidenceCheck({ evidence, options, recount }: Evidence): Check {
  if (ruleOf(recount.snapshot().poll) !== 2) return inapplicable('evidence', 'older-rule');
  if (options.independent === false) return skipped('evidence', 'quick');
  if (evidence === undefined) return skipped('evidence', 'no-key');
  return checked('evidence', { code: 'evidence', count: evidence.votes }, evidence.findings);
}
