import type { AnnouncedNumber } from '#contract';
import { type Poll, isProclaimed, sharesOf } from '#domain';

import { checked, inapplicable, skipped } from './checks.ts';
import { type Counts, difference, sumOf } from './counts.ts';
import type { Evidence } from './evidence.ts';
import { type Finding, Findings, type Place, finding } from './findings.ts';
import type { Check } from './report.ts';

/** What people round to when they speak. */
const ROUND = [9, 8, 7, 6, 5, 4, 3].map((digits) => 10 ** digits);
/** Parts of the box that a careless count takes for votes. */
const UNCOUNTED = ['duplicates', 'late', 'expired', 'quarantined'] as const;

/** What was said on air beside what is counted: where it differs, and what would explain it. */
export function announcedCheck({ options: { announced }, recount, moreVotes }: Evidence): Check {
  const counts = recount.counts();
  if (announced === undefined) return notAnnounced(recount.snapshot().poll);
  // what comes after the cut changes nothing
  if (moreVotes && counts.cut === null) return skipped('announced', 'further');
  const { total } = announced;
  const said = [...announced.participants].sort(([a], [b]) => a - b);
  const findings = announcedFindings(total, said, counts.votes);
  const isOrdered = keepsOrder(said, counts.votes);
  if (!isOrdered) findings.add(finding('announced-other-order', {}));
  const why = findings.count === 0 ? [] : explanations(total, said, counts);
  if (findings.count > 0 && isOrdered && said.length > 1) why.push(finding('announced-same-order', {}));
  const count = said.length + Number(total !== undefined);
  return checked('announced', { code: 'announced', count }, findings, Findings.of(why));
}

function notAnnounced(poll: Poll | null): Check {
  if (poll?.rehearsal === true) return inapplicable('announced', 'rehearsal');
  return poll !== null && isProclaimed(poll)
    ? skipped('announced', 'no-announcement')
    : inapplicable('announced', 'before-release');
}

function announcedFindings(total: number | undefined, said: Said, votes: readonly number[]): Findings {
  const findings = new Findings();
  if (total !== undefined) findings.add(...difference('announced-differs', { part: 'total' }, sumOf(votes), total));
  for (const [number, one] of said) findings.add(...participantDifferences(number, one, votes));
  findings.add(...sumDifference(total, said, votes.length));
  return findings;
}

type AnnouncedShare = Extract<AnnouncedNumber, { readonly share: number }>;
type Said = readonly (readonly [number: number, said: AnnouncedNumber])[];

function participantDifferences(number: number, said: AnnouncedNumber, votes: readonly number[]): Finding[] {
  const counted = votes[number - 1];
  const actual = 'votes' in said ? said.votes : said.share;
  if (counted === undefined) return [finding('announced-nobody', { participant: number }, votes.length, actual)];
  if ('votes' in said)
    return [...difference('announced-differs', { participant: number, part: 'votes' }, counted, actual)];
  const share = sharesOf(votes)[number - 1]!;
  const isRight = isShareOf(said, number, votes);
  return isRight ? [] : [finding('announced-differs', { participant: number, part: 'share' }, share, said.share)];
}

/** Either of shares that add up to 100, as the pages show them, or rounded for itself. */
function isShareOf({ share, decimals }: AnnouncedShare, number: number, votes: readonly number[]): boolean {
  const exact = (100 * (votes[number - 1] ?? NaN)) / Math.max(sumOf(votes), 1);
  const shown = sharesOf(votes)[number - 1] ?? exact;
  const half = 10 ** -decimals / 2 + 1e-9;
  return [exact, shown].some((one) => Math.abs(one - share) <= half);
}

/** Where every participant was named, the parts have to make the whole. */
function sumDifference(total: number | undefined, said: Said, people: number): Finding[] {
  const votes = said.flatMap(([, one]) => ('votes' in one ? [one.votes] : []));
  if (total === undefined || votes.length < people || votes.length < said.length) return [];
  return [...difference('announced-sum-differs', {}, sumOf(votes), total)];
}

/** Whether nobody was named before somebody with more votes. */
function keepsOrder(said: Said, votes: readonly number[]): boolean {
  const known = said.filter(([number]) => votes[number - 1] !== undefined);
  return known.every(([number, one]) =>
    known.every(([otherNumber, other]) => {
      if ('votes' in one !== 'votes' in other) return true;
      return valueOf(one) <= valueOf(other) || votes[number - 1]! >= votes[otherNumber - 1]!;
    }),
  );
}

const valueOf = (said: AnnouncedNumber): number => ('votes' in said ? said.votes : said.share);

/** Known ways to a number that is not the count. */
function explanations(total: number | undefined, said: Said, counts: Counts): Finding[] {
  const counted = sumOf(counts.votes);
  const places: [Place, expected: number, actual: number][] = said.flatMap(([number, one]) =>
    'votes' in one ? [[{ participant: number, part: 'votes' }, counts.votes[number - 1] ?? 0, one.votes]] : [],
  );
  if (total !== undefined) places.unshift([{ part: 'total' }, counted, total]);
  return [
    ...uncounted(total, counts),
    ...swapped(said, counts.votes),
    ...places.flatMap(([at, expected, actual]) => rounded(at, expected, actual)),
  ];
}

function uncounted(total: number | undefined, counts: Counts): Finding[] {
  const more = (total ?? 0) - sumOf(counts.votes);
  if (more <= 0) return [];
  const part = UNCOUNTED.find((one) => counts[one] === more);
  if (part !== undefined) return [finding('announced-uncounted', { part }, null, more)];
  return more === sumOf(UNCOUNTED.map((one) => counts[one]))
    ? [finding('announced-uncounted', { part: 'events' }, null, more)]
    : [];
}

/** Two participants of whom each was given the number of the other. */
function swapped(said: Said, votes: readonly number[]): Finding[] {
  const isOf = (one: AnnouncedNumber, number: number): boolean =>
    'votes' in one ? one.votes === votes[number - 1] : isShareOf(one, number, votes);
  const pairs = said.flatMap(([number, one], index) =>
    said.slice(index + 1).map((other) => [number, one, ...other] as const),
  );
  return pairs
    .filter(([a, one, b, other]) => votes[a - 1] !== votes[b - 1] && isOf(one, b) && isOf(other, a))
    .map(([a, , b]) => finding('announced-swapped', { participant: a }, null, b));
}

function rounded(at: Place, expected: number, actual: number): Finding[] {
  if (expected === actual || actual === 0) return [];
  const unit = ROUND.find((one) => actual % one === 0 && Math.abs(expected - actual) < one);
  return unit === undefined ? [] : [finding('announced-rounded', at, expected, unit)];
}
