import { type Finding, type FindingCode, type Place, type Value, finding } from './findings.ts';

/** What a recount of one poll says. Whoever counts, in whatever way, arrives at these numbers. */
export interface Counts {
  /** Events in the ballot box. */
  readonly events: number;
  /** Revision of the last of them, -1 when it is empty. */
  readonly revision: string;
  /** Counted votes of participant 1, 2, … */
  readonly votes: readonly number[];
  /** UTC hour (`2026-11-23T22`) → counted votes of participant 1, 2, … */
  readonly hours: Readonly<Record<string, readonly number[]>>;
  readonly duplicates: number;
  readonly late: number;
  readonly expired: number;
  /** Events of the ballot box that cannot be read, and votes for unknown participants. */
  readonly quarantined: number;
  /** Closing events in the box; the first one is the cut. */
  readonly cuts: number;
  /** 1 where the first event of the box opens it; in polls of earlier versions 0. */
  readonly openings: number;
  /** Revision of the cut. */
  readonly cut: string | null;
}

/** The numbers of a stored or published tally. Its `quarantined` may include events outside of the ballot box. */
export type TallyNumbers = Omit<Counts, 'events' | 'cuts' | 'openings'>;

/** Sum of numbers. */
export const sumOf = (numbers: readonly number[]): number => numbers.reduce((sum, number) => sum + number, 0);

type Numbers = Partial<Counts>;

const PARTS = [
  'events',
  'revision',
  'duplicates',
  'late',
  'expired',
  'quarantined',
  'cuts',
  'openings',
  'cut',
] as const;

/** Where two results differ, number by number. What only one of them has is not compared. */
export function* differencesBetween(code: FindingCode, expected: Numbers, actual: Numbers): Iterable<Finding> {
  yield* voteDifferences(code, expected.votes ?? [], actual.votes ?? []);
  yield* hourDifferences(code, expected.hours ?? {}, actual.hours ?? {});
  for (const part of PARTS) {
    const [one, other] = [expected[part], actual[part]];
    if (one !== undefined && other !== undefined) yield* difference(code, { part }, one, other);
  }
}

type Votes = readonly number[];

function* voteDifferences(code: FindingCode, expected: Votes, actual: Votes): Iterable<Finding> {
  for (const index of Array.from({ length: Math.max(expected.length, actual.length) }).keys()) {
    yield* difference(code, { participant: index + 1, part: 'votes' }, expected[index] ?? 0, actual[index] ?? 0);
  }
}

function* hourDifferences(code: FindingCode, expected: Counts['hours'], actual: Counts['hours']): Iterable<Finding> {
  for (const hour of [...new Set([...Object.keys(expected), ...Object.keys(actual)])].sort()) {
    yield* difference(code, { hour }, expected[hour] ?? null, actual[hour] ?? null);
  }
}

/** Nothing where both are the same, as JSON. */
export function* difference(code: FindingCode, at: Place, expected: Value, actual: Value): Iterable<Finding> {
  if (JSON.stringify(expected) !== JSON.stringify(actual)) yield finding(code, at, expected, actual);
}
