import { type RecordedEvent, type VoteCast, VoteCodec, ballotBoxStream, decisionIn, pollStream, ruleOf } from '#domain';
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

/** Verifies the evidence of votes, one after the other, with a key that was disclosed. */
export class EvidenceWatch implements EvidenceResult {
  readonly findings = new Findings();
  votes = 0;
  private readonly evidence: EvidenceKey;
  private readonly codec = new VoteCodec();

  /** @param key 64 hexadecimal digits */
  constructor(readonly key: string) {
    this.evidence = EvidenceKey.disclosed(key);
  }

  /**
   * With the key that the poll's own stream discloses, of which few events are read: so the votes are verified while they are counted.
   * @returns undefined where no key was disclosed (yet), and where the evidence is not asked for
   */
  static async begin({ source, pollId, independent }: AuditOptions): Promise<EvidenceWatch | undefined> {
    if (independent === false) return undefined;
    let key: string | undefined;
    for await (const page of source.read(pollStream(pollId), 0n)) {
      for (const event of page) {
        const decision = decisionIn(event);
        if (decision?.type === 'PollSealed') key = decision.evidenceKey;
      }
    }
    return key === undefined ? undefined : new EvidenceWatch(key);
  }

  /**
   * Takes the next event of the box.
   * @param vote that it is, where it was read already
   */
  add(event: RecordedEvent, vote: VoteCast | undefined = this.codec.voteIn(event)): void {
    if (vote === undefined || !('price' in vote.humanCheck)) return;
    this.votes++;
    if (!this.evidence.proves(vote)) this.findings.add(finding('false-evidence', placeOf(event)));
  }
}

/**
 * What the votes' evidence came to, now that the poll is over and its key is known.
 * @returns undefined where there is no key (yet)
 */
export async function verifyEvidence(options: AuditOptions, recount: Recount): Promise<EvidenceResult | undefined> {
  const { poll } = recount.snapshot();
  const { evidenceKey, isSealed } = recount.closingCheck;
  if (ruleOf(poll) !== 2) return undefined;
  // announced at the opening, it is owed at the end
  if (evidenceKey === undefined)
    return isSealed ? { votes: 0, findings: Findings.of([finding('missing-evidence-key', {})]) } : undefined;
  const findings = new Findings();
  const { hash } = EvidenceKey.disclosed(evidenceKey);
  if (hash !== poll?.evidenceKeyHash)
    findings.add(finding('evidence-key-differs', {}, poll?.evidenceKeyHash ?? null, hash));
  const { evidenceWatch } = recount;
  // the poll was sealed while it was read, or was sealed again after the point in time
  const watch = evidenceWatch?.key === evidenceKey ? evidenceWatch : await readAgain(options, recount, evidenceKey);
  findings.addAll(watch.findings);
  return { votes: watch.votes, findings };
}

async function readAgain({ source, pollId, signal }: AuditOptions, recount: Recount, key: string) {
  const watch = new EvidenceWatch(key);
  const last = BigInt(recount.snapshot().revision);
  for await (const page of source.read(ballotBoxStream(pollId), 0n)) {
    for (const event of page) if (event.revision <= last) watch.add(event);
    signal?.throwIfAborted();
  }
  return watch;
}

/** Whether every vote was a challenge of this deployment. */
export function evidenceCheck({ evidence, options, recount }: Evidence): Check {
  if (ruleOf(recount.snapshot().poll) !== 2) return inapplicable('evidence', 'older-rule');
  if (options.independent === false) return skipped('evidence', 'quick');
  if (evidence === undefined) return skipped('evidence', 'no-key');
  return checked('evidence', { code: 'evidence', count: evidence.votes }, evidence.findings);
}
