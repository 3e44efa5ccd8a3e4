import { ruleOf } from '#domain';

import { announcedCheck } from './announced.ts';
import { boxCheck } from './box-watch.ts';
import { checked, inapplicable, skipped } from './checks.ts';
import { commitmentCheck, publishedCheck, readModelCheck } from './comparisons.ts';
import { differencesBetween, sumOf } from './counts.ts';

import type { Evidence } from './evidence.ts';
import { evidenceCheck } from './evidence-check.ts';
import { Findings, finding } from './findings.ts';
import { pollsCheck } from './polls-check.ts';
import type { Check, Detail } from './report.ts';
import { signOffCheck } from './sign-off.ts';
import { papersCheck } from './urna/papers-check.ts';
import { receiptsCheck } from './urna/receipts-check.ts';
import { urnaChecks } from './urna/urna-checks.ts';

/** Draws the conclusions, in the order of the report. */
export function checksOf(evidence: Evidence): Check[] {
  const { sql } = evidence;
  return [
    sourceCheck(evidence),
    pollsCheck(evidence),
    orderCheck(evidence),
    idsCheck(evidence),
    bytesCheck(evidence),
    sql === undefined ? skipped('times', 'quick') : checked('times', { code: 'times' }, sql.times.wrong, sql.times.odd),
    boxCheck(evidence),
    closingCheck(evidence),
    sql === undefined
      ? skipped('repeats', 'quick')
      : checked('repeats', { code: 'repeats' }, sql.repeats.wrong, sql.repeats.odd),
    evidenceCheck(evidence),
    sumsCheck(evidence),
    independentCheck(evidence),
    readModelCheck(evidence),
    publishedCheck(evidence),
    announcedCheck(evidence),
    commitmentCheck(evidence),
    ...urnaChecks(evidence),
    ...papersCheck(evidence),
    ...receiptsCheck(evidence),
    signOffCheck(evidence),
  ];
}

function sourceCheck({ options: { source } }: Evidence): Check {
  const findings = source.findings();
  if (findings === undefined) return inapplicable('source', 'no-manifest');
  return checked('source', { code: 'file', name: source.name.path ?? '' }, Findings.of(findings));
}

/** Of nothing, everything agrees: that is no audit. */
function orderCheck({ recount, options }: Evidence): Check {
  const { order, clock } = recount.orderCheck;
  if (recount.events === 0) order.add(finding('no-events', { poll: options.pollId }));
  const detail: Detail = { code: 'events-in-order', count: recount.events };
  // no clock decides by rule 2, and every clock may be set
  if (ruleOf(recount.snapshot().poll) === 2) return checked('order', detail, order, clock);
  order.addAll(clock);
  return checked('order', detail, order);
}

/** With the second recount also whether two events share one. */
function idsCheck({ recount, sql }: Evidence): Check {
  const { ids } = recount.orderCheck;
  if (sql !== undefined) ids.addAll(sql.ids);
  return checked('ids', { code: 'event-ids', count: recount.events }, ids);
}

/** The tally lists the first hundred quarantined events and counts the rest. */
function bytesCheck({ recount }: Evidence): Check {
  const { quarantine, quarantined } = recount.snapshot();
  const findings = Findings.of(
    quarantine.map(({ stream, revision, reason }) => finding('quarantined', { stream, revision }, null, reason)),
  );
  findings.count = quarantined;
  findings.addAll(recount.closingCheck.bytes);
  findings.add(...recount.closingCheck.missingPhotos());
  return checked('bytes', { code: 'events-read', count: recount.events }, findings);
}

/** A poll that was read up to a point in time is judged as of the last event before it. */
function closingCheck({ recount, options: { source }, next }: Evidence): Check {
  const asOf = next === undefined ? source.asOf() : undefined;
  const state = recount.closingCheck.finish(asOf ?? recount.lastRecordedAt ?? 0);
  const { closing, odd } = recount.closingCheck;
  return checked('closing', state, closing, odd);
}

/** Every event in the box has exactly one outcome, and every counted vote has its hour. */
function sumsCheck({ recount }: Evidence): Check {
  const { events, votes, hours, duplicates, late, expired, quarantined, cuts, openings } = recount.counts();
  const counted = sumOf(votes);
  const parts = [counted, duplicates, late, expired, quarantined, cuts, ...(openings > 0 ? [openings] : [])];
  const outcomes = sumOf(parts);
  const inHours = sumOf(Object.values(hours).map(sumOf));
  const findings = new Findings();
  if (outcomes !== events) findings.add(finding('outcomes-do-not-add-up', {}, events, outcomes));
  if (inHours !== counted) findings.add(finding('hours-do-not-add-up', {}, counted, inHours));
  return checked('sums', { code: 'sum', count: events, parts }, findings);
}

function independentCheck({ recount, sql }: Evidence): Check {
  if (sql === undefined) return skipped('independent', 'quick');
  const findings = Findings.of(differencesBetween('recounts-differ', sql.counts, recount.counts()));
  return checked('independent', { code: 'sql' }, findings);
}
