import type { TallySnapshot } from '#domain';
import { type StoredTally, digestOf } from '#read-model';

import { checked, skipped } from './checks.ts';
import { type TallyNumbers, difference, differencesBetween } from './counts.ts';
import type { Evidence } from './evidence.ts';
import { type Finding, Findings, finding } from './findings.ts';
import { extentOf } from './commitment.ts';
import { CLOCK_SET_MS, isoOf } from './order-check.ts';
import { plain } from './plain.ts';
import { lastOpenedIn } from './polls.ts';
import { type Published, statementDifferences, statementsOf } from './published.ts';
import type { Check } from './report.ts';

/** How far a result may be behind what the log has, on the log's own clock, ms. A result that is further behind does not belong to this log. */
const MAX_LAG_MS = 30_000;

/** The tally that the service stored and answers from. */
export function readModelCheck(evidence: Evidence): Check {
  const { options, stored, recount, next } = evidence;
  if (options.readModel === undefined) return skipped('read-model', 'no-read-model');
  if (stored === undefined) {
    const nothing = recount.events === 0 ? [] : [finding('no-tally', { poll: options.pollId })];
    return checked('read-model', { code: 'nothing-stored' }, Findings.of(nothing));
  }
  if (next !== undefined && next.position <= stored.position) return skipped('read-model', 'further');
  const findings = comparedTally(stored, recount.stored?.snapshot ?? recount.snapshot(), evidence.sql?.expiryBefore);
  const odd = addLag(findings, evidence, recount.stored?.nextRecordedAt ?? next?.recordedAt);
  return checked('read-model', { code: 'at-position', at: String(stored.position) }, findings, odd);
}

/** What was published of this poll, and what is published when the request names no poll. */
export function publishedCheck(evidence: Evidence): Check {
  const { published, recount, next, byDefault } = evidence;
  if (published === undefined) return skipped('published', 'no-total');
  const end = recount.snapshot();
  const { revision } = published.numbers;
  if (next !== undefined && BigInt(revision) > BigInt(end.revision)) return skipped('published', 'further');
  const { findings, odd } = publishedFindings(evidence, published);
  findings.add(...defaultFindings(evidence, published.byDefault), ...byDefault);
  return checked('published', { code: 'at-revision', name: published.name, at: revision }, findings, odd);
}

interface Compared {
  readonly findings: Findings;
  readonly odd: Findings;
}

function publishedFindings(evidence: Evidence, { pollId, numbers, statements, digest }: Published): Compared {
  const { recount, options } = evidence;
  if (pollId !== options.pollId) {
    const other = finding('other-poll-published', {}, options.pollId, pollId);
    return { findings: Findings.of([other]), odd: new Findings() };
  }
  const mark = recount.published.get(BigInt(numbers.revision));
  const here = mark?.snapshot ?? recount.snapshot();
  // it does not name the cut, but says whether there is one
  const { cut: _, ...counted } = numbersOf(here);
  const findings = Findings.of(differencesBetween('published-differs', counted, numbers));
  findings.add(...statementDifferences(statementsOf(here), statements));
  findings.add(...difference('published-differs', { part: 'digest' }, digestOf(here), digest));
  return { findings, odd: addLag(findings, evidence, mark?.nextRecordedAt) };
}

/** It has to be the poll that was opened last; another poll's numbers are in `byDefault`. */
function* defaultFindings(evidence: Evidence, byDefault: Published | undefined): Iterable<Finding> {
  if (byDefault === undefined) return;
  const { polls, options } = evidence;
  const last = polls && lastOpenedIn(polls);
  if (last !== undefined && byDefault.pollId !== last)
    yield finding('other-poll-by-default', {}, last, byDefault.pollId);
  if (byDefault.pollId === options.pollId) yield* publishedFindings(evidence, byDefault).findings.shown;
}

/** The commitment of an earlier report. */
export function commitmentCheck({ options: { expected }, recount, next }: Evidence): Check {
  if (expected === undefined) return skipped('commitment', 'no-commitment');
  const { box } = extentOf(expected);
  if (next !== undefined && box > BigInt(recount.snapshot().revision)) return skipped('commitment', 'further');
  const here = recount.commitment.again() ?? '';
  const at = expected.slice(expected.indexOf('@') + 1);
  return checked(
    'commitment',
    { code: 'up-to', at },
    Findings.of(difference('commitment-differs', {}, expected, here)),
  );
}

/**
 * A result that was right once, and was put back in its place, agrees with the log as it was then. How far it is behind, the log says itself; the
 * clock of this host, which may be another than the log's, says it only beyond what a clock explains that was set.
 * @param nextRecordedAt when the first event was recorded that the result does not have, ms since the epoch
 * @returns what such a clock explains
 */
function addLag(findings: Findings, { startedAt, recount }: Evidence, nextRecordedAt: number | undefined): Findings {
  const odd = new Findings();
  if (nextRecordedAt === undefined) return odd;
  const [behindLog, age] = [recount.newestRecordedAt - nextRecordedAt, startedAt - nextRecordedAt];
  const isOld = behindLog > MAX_LAG_MS || age > CLOCK_SET_MS;
  if (isOld || age > MAX_LAG_MS) (isOld ? findings : odd).add(finding('behind-the-log', {}, isoOf(nextRecordedAt)));
  return odd;
}

/** What is compared in another way: number by number, or as what a restart may have left otherwise. */
const COMPARED: ReadonlySet<string> = new Set([
  ...['revision', 'votes', 'hours', 'duplicates', 'late', 'expired', 'quarantined', 'cut'],
  ...['windowFrom', 'ids'],
]);

/** Whoever can write to the store can put anything there, also what is no tally. */
function comparedTally(stored: StoredTally, here: TallySnapshot, expiryBefore?: number | null): Findings {
  try {
    return tallyDifferences(stored, here, expiryBefore);
  } catch (error) {
    if (!(error instanceof TypeError || error instanceof SyntaxError)) throw error;
    return Findings.of([finding('not-a-tally', { poll: here.pollId })]);
  }
}

function tallyDifferences(
  { snapshot, digest }: StoredTally,
  here: TallySnapshot,
  expiryBefore?: number | null,
): Findings {
  const findings = Findings.of(differencesBetween('tally-differs', numbersOf(here), numbersOf(snapshot)));
  const own = digestOf(snapshot);
  if (own !== digest) findings.add(finding('tally-digest-differs', {}, own, digest));
  else findings.add(...difference('tally-differs', { part: 'digest' }, digestOf(here), digest));
  const [expected, actual] = [{ ...here }, { ...snapshot }] as Readonly<Record<string, unknown>>[];
  for (const part of new Set([...Object.keys(expected!), ...Object.keys(actual!)]).difference(COMPARED)) {
    findings.add(...difference('tally-differs', { part }, plain(expected![part]), plain(actual![part])));
  }
  // a restart may have left it further back than a single pass does, which only costs time; further on, ids are lost
  if (here.ids === undefined && BigInt(snapshot.windowFrom) > BigInt(here.windowFrom)) {
    findings.add(finding('window-too-late', {}, here.windowFrom, snapshot.windowFrom));
  }
  findings.add(...refillDifferences(here.ids, snapshot.ids, expiryBefore ?? -Infinity));
  return findings;
}

type IdRefill = TallySnapshot['ids'];

/** After a restart other ids may be kept in memory than a single pass keeps. That they are all of them has to be true. */
function* refillDifferences(here?: IdRefill, stored?: IdRefill, expiryBefore = -Infinity): Iterable<Finding> {
  const at = { part: 'ids' };
  if (here === undefined || stored === undefined) {
    yield* difference('tally-differs', at, plain(here), plain(stored));
    return;
  }
  yield* difference('tally-differs', at, here.until, stored.until);
  if (!/^\d{1,19}$/.test(stored.since) || !Number.isInteger(stored.after) || expiryBefore > stored.after)
    yield finding('tally-differs', at, plain(here), plain(stored));
}

function numbersOf(snapshot: TallySnapshot): TallyNumbers {
  const { revision, votes, hours, duplicates, late, expired, quarantined, cut } = snapshot;
  return { revision, votes, hours, duplicates, late, expired, quarantined, cut };
}
