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

const WORDS: Readonly<Record<string, string>> = {
  events: 'eventos na urna',
  revision: 'última revisão',
  duplicates: 'duplicados',
  late: 'atrasados',
  expired: 'expirados',
  quarantined: 'em quarentena',
  cuts: 'fechamentos na urna',
  cut: 'revisão do corte',
};

/**
 * Where two results differ, number by number, in words.
 * @param names who says the first and the second
 */
export function* differencesBetween<T extends Partial<Counts>>(
  one: T,
  other: T,
  names: readonly [string, string],
): Iterable<string> {
  const tell = (what: string, first: unknown, second: unknown): string =>
    `${what}: ${shown(first)} ${names[0]}, ${shown(second)} ${names[1]}`;
  const [votes, otherVotes] = [one.votes ?? [], other.votes ?? []];
  for (let index = 0; index < Math.max(votes.length, otherVotes.length); index++) {
    const [first, second] = [votes[index] ?? 0, otherVotes[index] ?? 0];
    if (first !== second) yield tell(`votos do participante ${index + 1}`, first, second);
  }
  const [hours, otherHours] = [one.hours ?? {}, other.hours ?? {}];
  for (const hour of [...new Set([...Object.keys(hours), ...Object.keys(otherHours)])].sort()) {
    const [first, second] = [hours[hour] ?? [], otherHours[hour] ?? []].map((counts) => counts.join(' + '));
    if (first !== second) yield tell(`hora ${hour}h UTC`, first, second);
  }
  for (const [key, words] of Object.entries(WORDS)) {
    const [first, second] = [one[key as keyof T], other[key as keyof T]];
    if (first !== undefined && second !== undefined && first !== second) yield tell(words, first, second);
  }
}

const shown = (value: unknown): string => (value === null ? 'nenhuma' : value === '' ? 'nada' : String(value));
