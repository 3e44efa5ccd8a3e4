import { type HourCounts, type Total as WholeTotal, votesIn } from '#contract';
import { type TallySnapshot, hourKey, isComplete, totalOf } from '#domain';

import { type TallyNumbers, difference, sumOf } from './counts.ts';
import type { Finding, Place } from './findings.ts';

/** What somebody published: everything in `/total` that follows from the log. */
export interface Published {
  /** Where it was read, for the report. */
  readonly name: string;
  readonly pollId: string;
  readonly digest: string;
  readonly numbers: Omit<TallyNumbers, 'cut'>;
  readonly statements: Statements;
  /** What is answered when no poll is asked for. */
  readonly byDefault?: Published | undefined;
}

/** What a total says besides its numbers, or says once more. */
export type Statements = readonly Statement[];
type Statement = readonly [at: Place, value: string | number | boolean];

/** What an audit reads of it. */
type Total = Pick<
  WholeTotal,
  | `voto_${number}`
  | ('paredao' | 'digest' | 'revisao' | 'total' | 'por_participante' | 'por_hora' | 'completo' | 'final')
  | ('duplicados' | 'atrasados' | 'expirados' | 'quarentena')
  | 'ensaio'
>;

/**
 * What `GET /total` answered.
 * @throws TypeError when it is something else
 */
export function publishedTotal(name: string, answer: unknown): Published {
  if (!isTotal(answer)) throw new TypeError(`${name} did not answer with a total`);
  const { paredao, digest, revisao, por_hora, duplicados, atrasados, expirados, quarentena } = answer;
  const hours = Object.fromEntries(por_hora.map((row) => [hourOf(row), votesIn(row)]));
  return {
    name,
    pollId: paredao,
    digest,
    numbers: {
      revision: revisao,
      votes: votesIn(answer),
      hours,
      duplicates: duplicados,
      late: atrasados,
      expired: expirados,
      quarantined: quarentena,
    },
    statements: statementsIn(answer),
  };
}

function statementsIn({ total, final, completo, ensaio, por_participante, por_hora }: Total): Statements {
  return [
    ...sums(total, final, completo),
    [{ part: 'rehearsal' }, ensaio ?? false],
    ...por_participante.flatMap(({ numero, nome, votos }) => participant(numero, nome, votos)),
    ...por_hora.map((row) => hour(hourOf(row), row.total)),
  ];
}

/** What a total that is made of this tally says. */
export function statementsOf(snapshot: TallySnapshot): Statements {
  const { poll, votes, hours, cut } = snapshot;
  return [
    ...sums(totalOf(snapshot), cut !== null, isComplete(snapshot)),
    [{ part: 'rehearsal' }, poll?.rehearsal ?? false],
    ...(poll?.participants ?? []).flatMap(({ number, name }, index) => participant(number, name, votes[index] ?? 0)),
    ...Object.entries(hours).map(([key, counts]) => hour(key, sumOf(counts))),
  ];
}

const hourOf = ({ hora }: HourCounts): string => hourKey(hora);
const sums = (total: number, isFinal: boolean, isComplete: boolean): Statements => [
  [{ part: 'total' }, total],
  [{ part: 'final' }, isFinal],
  [{ part: 'complete' }, isComplete],
];
const hour = (key: string, total: number): Statement => [{ hour: key, part: 'total' }, total];
const participant = (number: number, name: string, votes: number): Statements => [
  [{ participant: number, part: 'name' }, name],
  [{ participant: number, part: 'listed' }, votes],
];

/** Where two of them differ. */
export function* statementDifferences(expected: Statements, actual: Statements): Iterable<Finding> {
  const [one, other] = [byPlace(expected), byPlace(actual)];
  for (const key of new Set([...one.keys(), ...other.keys()])) {
    const at = JSON.parse(key) as Place;
    yield* difference('published-differs', at, one.get(key) ?? null, other.get(key) ?? null);
  }
}

const byPlace = (statements: Statements) => new Map(statements.map(([at, value]) => [JSON.stringify(at), value]));

function isTotal(answer: unknown): answer is Total {
  const total = answer as Partial<Total> | null;
  return (
    typeof total?.digest === 'string' &&
    typeof total.paredao === 'string' &&
    /^(-1|\d{1,19})$/.test(total.revisao ?? '') &&
    isListOfObjects(total.por_participante) &&
    isListOfObjects(total.por_hora) &&
    total.por_hora.every(({ hora }) => typeof hora === 'string') &&
    typeof total['voto_1'] === 'number'
  );
}

const isListOfObjects = (value: unknown): value is object[] =>
  Array.isArray(value) && value.every((one) => typeof one === 'object' && one !== null);
