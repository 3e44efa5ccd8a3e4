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
  /** Events of the ballot box that nobody can read, and votes for nobody. */
  readonly quarantined: number;
  /** Closing events in the box; the first one is the cut. */
  readonly cuts: number;
  /** Revision of the cut. */
  readonly cut: string | null;
}

/** The numbers of a stored or published tally. Its `quarantined` may include events outside of the ballot box. */
export type TallyNumbers = Omit<Counts, 'events' | 'cuts'>;

/** Sum of numbers. */
export const sumOf = (numbers: readonly number[]): number => numbers.reduce((sum, number) => sum + number, 0);

type Numbers = Partial<Counts>;

const WORDS = {
  events: 'eventos na urna',
  revision: 'última revisão',
  duplicates: 'duplicados',
  late: 'atrasados',
  expired: 'expirados',
  quarantined: 'em quarentena',
  cuts: 'fechamentos na urna',
  cut: 'revisão do corte',
} as const;

/**
 * Where two results differ, number by number, in words. What only one of them has is not compared.
 * @param names who says the first and the second
 */
export function* differencesBetween(one: Numbers, other: Numbers, names: readonly [string, string]): Iterable<string> {
  for (const [what, first, second] of pairsOf(one, other)) {
    if (first !== second) yield `${what}: ${first} ${names[0]}, ${second} ${names[1]}`;
  }
}

type Pair = readonly [what: string, first: string, second: string];

function* pairsOf(one: Numbers, other: Numbers): Iterable<Pair> {
  for (const index of Array.from({ length: lengthOf(one, other) }).keys()) {
    yield [`votos do participante ${index + 1}`, shown(one.votes?.[index] ?? 0), shown(other.votes?.[index] ?? 0)];
  }
  const [hours, otherHours] = [one.hours ?? {}, other.hours ?? {}];
  for (const hour of [...new Set([...Object.keys(hours), ...Object.keys(otherHours)])].sort()) {
    yield [`hora ${hour}h UTC`, perParticipant(hours[hour]), perParticipant(otherHours[hour])];
  }
  for (const [key, words] of Object.entries(WORDS) as [keyof typeof WORDS, string][]) {
    const [first, second] = [one[key], other[key]];
    if (first !== undefined && second !== undefined) yield [words, shown(first), shown(second)];
  }
}

const lengthOf = (one: Numbers, other: Numbers): number => Math.max(one.votes?.length ?? 0, other.votes?.length ?? 0);
const perParticipant = (votes: readonly number[] | undefined): string => votes?.join(' + ') ?? 'nada';
const shown = (value: number | string | null): string => (value === null ? 'nenhuma' : String(value));
