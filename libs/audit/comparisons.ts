import type { TallySnapshot } from '#domain';
import { type StoredTally, digestOf } from '#read-model';

import { checked, skipped } from './checks.ts';
import { type TallyNumbers, difference, differencesBetween } from './counts.ts';
import type { Evidence } from './evidence.ts';
import { Findings, type Value, finding } from './findings.ts';
import { isoOf } from './order-check.ts';
import { statementDifferences, statementsOf } from './published.ts';
import type { Check } from './report.ts';

/** How far a result may be behind the log when the audit begins, ms. What is further behind is no result of this log. */
const MAX_LAG_MS = 30_000;

/** The tally that the service stored and answers from. */
export function readModelCheck(evidence: Evidence): Check {
  const { options, stored, recount, next } = evidence;
  if (options.readModel === undefined) return skipped('read-model', 'not-given');
  if (stored === undefined) {
    const nothing = recount.events === 0 ? [] : [finding('no-tally', { poll: options.pollId })];
    return checked('read-model', { code: 'nothing-stored' }, Findings.of(nothing));
  }
  if (next !== undefined && next.position <= stored.position) return skipped('read-model', 'further');
  const findings = comparedTally(stored, recount.stored?.snapshot ?? recount.snapshot());
  addLag(findings, evidence, recount.stored?.nextRecordedAt ?? next?.recordedAt);
  return checked('read-model', { code: 'at-position', at: String(stored.position) }, findings);
}

/** What was published. */
export function publishedCheck(evidence: Evidence): Check {
  const { published, recount, next } = evidence;
  if (published === undefined) return skipped('published', 'not-given');
  const { numbers, statements, digest, name } = published;
  const end = recount.snapshot();
  if (next !== undefined && BigInt(numbers.revision) > BigInt(end.revision)) return skipped('published', 'further');
  const here = recount.published?.snapshot ?? end;
  // it does not name the cut, but says whether there is one
  const { cut: _, ...counted } = numbersOf(here);
  const findings = Findings.of(differencesBetween('published-differs', counted, numbers));
  findings.add(...statementDifferences(statementsOf(here), statements));
  findings.add(...difference('published-differs', { part: 'digest' }, digestOf(here), digest));
  addLag(findings, evidence, recount.published?.nextRecordedAt);
  return checked('published', { code: 'at-revision', name, at: numbers.revision }, findings);
}

/** The commitment of an earlier report. */
export function commitmentCheck({ options: { expected }, recount, next }: Evidence): Check {
  if (expected === undefined) return skipped('commitment', 'not-given');
  const revision = expected.split('@')[1] ?? '';
  if (next !== undefined && BigInt(revision) > BigInt(recount.snapshot().revision)) {
    return skipped('commitment', 'further');
  }
  const here = recount.committed ?? recount.commitment();
  return checked(
    'commitment',
    { code: 'up-to', at: revision },
    Findings.of(difference('commitment-differs', {}, expected, here)),
  );
}

/** A result that was right once, and was put back in its place, agrees with the log as it was then. */
function addLag(findings: Findings, { startedAt }: Evidence, nextRecordedAt: number | undefined): void {
  if (nextRecordedAt === undefined || nextRecordedAt >= startedAt - MAX_LAG_MS) return;
  findings.add(finding('behind-the-log', {}, isoOf(nextRecordedAt)));
}

/** What a stored tally holds besides its numbers, which the digest does not cover. */
const PARTS = ['poll', 'openedPosition', 'minutes', 'quarantine', 'clock', 'windowUntil'] as const;

/** Whoever can write to the store can put anything there, also what is no tally. */
function comparedTally(stored: StoredTally, here: TallySnapshot): Findings {
  try {
    return tallyDifferences(stored, here);
  } catch (error) {
    if (!(error instanceof TypeError || error instanceof SyntaxError)) throw error;
    return Findings.of([finding('not-a-tally', { poll: here.pollId })]);
  }
}

function tallyDifferences({ snapshot, digest }: StoredTally, here: TallySnapshot): Findings {
  const findings = Findings.of(differencesBetween('tally-differs', numbersOf(here), numbersOf(snapshot)));
  const own = digestOf(snapshot);
  if (own !== digest) findings.add(finding('tally-digest-differs', {}, own, digest));
  else findings.add(...difference('tally-differs', { part: 'digest' }, digestOf(here), digest));
  for (const part of PARTS) {
    findings.add(...difference('tally-differs', { part }, plain(here[part]), plain(snapshot[part])));
  }
  // a restart may have left it further back than a single pass does, which only costs time; further on, ids are lost
  if (here.ids === undefined && BigInt(snapshot.windowFrom) > BigInt(here.windowFrom)) {
    findings.add(finding('window-too-late', {}, here.windowFrom, snapshot.windowFrom));
  }
  return findings;
}

function numbersOf(snapshot: TallySnapshot): TallyNumbers {
  const { revision, votes, hours, duplicates, late, expired, quarantined, cut } = snapshot;
  return { revision, votes, hours, duplicates, late, expired, quarantined, cut };
}

/** Two equal values as the same JSON, whatever the order of the keys of the outermost object. */
function plain(value: unknown): Value {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return (value ?? null) as Value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
