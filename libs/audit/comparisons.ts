import type { TallySnapshot } from '#domain';
import { type StoredTally, digestOf } from '#read-model';

import { checked, skipped } from './checks.ts';
import { type TallyNumbers, differencesBetween } from './counts.ts';
import { Differences } from './differences.ts';
import type { Evidence } from './evidence.ts';
import { isoOf } from './order-check.ts';
import { statementDifferences, statementsOf } from './published.ts';
import type { Check } from './report.ts';

const FURTHER = 'não comparado: vai além do ponto em que a leitura parou';

/** How far a result may be behind the log when the audit begins, ms. What is further behind is no result of this log. */
const MAX_LAG_MS = 30_000;

/** The tally that the service stored and answers from. */
export function readModelCheck(evidence: Evidence): Check {
  const { options, stored, recount, next } = evidence;
  if (options.readModel === undefined) return skipped('read-model', 'não informado');
  if (stored === undefined) {
    const nothing = recount.events === 0 ? [] : ['o serviço não guardou nenhuma apuração desta votação'];
    return checked('read-model', 'nada guardado', Differences.of(nothing));
  }
  if (next !== undefined && next.position <= stored.position) return skipped('read-model', FURTHER);
  const differences = comparedTally(stored, recount.stored?.snapshot ?? recount.snapshot());
  addLag(differences, evidence, recount.stored?.nextRecordedAt ?? next?.recordedAt);
  return checked('read-model', `na posição ${String(stored.position)}`, differences);
}

/** What was published. */
export function publishedCheck(evidence: Evidence): Check {
  const { published, recount, next } = evidence;
  if (published === undefined) return skipped('published', 'não informado');
  const { numbers, statements, digest, name } = published;
  const end = recount.snapshot();
  if (next !== undefined && BigInt(numbers.revision) > BigInt(end.revision)) return skipped('published', FURTHER);
  const here = recount.published?.snapshot ?? end;
  // it does not name the cut, but says whether there is one
  const { cut: _, ...counted } = numbersOf(here);
  const differences = Differences.of(differencesBetween(numbers, counted, ['publicado', 'recontado']));
  differences.add(...statementDifferences(statements, statementsOf(here)));
  if (digest !== digestOf(here)) differences.add(`digest: ${digest} publicado, ${digestOf(here)} recontado`);
  addLag(differences, evidence, recount.published?.nextRecordedAt);
  return checked('published', `${name}, na revisão ${numbers.revision}`, differences);
}

/** The commitment of an earlier report. */
export function commitmentCheck({ options: { expected }, recount, next }: Evidence): Check {
  if (expected === undefined) return skipped('commitment', 'não informado');
  const revision = expected.split('@')[1] ?? '';
  if (next !== undefined && BigInt(revision) > BigInt(recount.snapshot().revision)) {
    return skipped('commitment', FURTHER);
  }
  const here = recount.committed ?? recount.commitment();
  const differences = Differences.of(here === expected ? [] : [`${expected} antes, ${here} agora`]);
  return checked('commitment', `SHA-256 até a revisão ${revision}`, differences);
}

/** A result that was right once, and was put back in its place, agrees with the log as it was then. */
function addLag(differences: Differences, { startedAt }: Evidence, nextRecordedAt: number | undefined): void {
  if (nextRecordedAt === undefined || nextRecordedAt >= startedAt - MAX_LAG_MS) return;
  differences.add(`parou antes do fim do registro: o evento seguinte foi registrado em ${isoOf(nextRecordedAt)}`);
}

/** What a stored tally holds besides its numbers, which the digest does not cover. */
const PARTS = {
  poll: 'votação',
  openedPosition: 'posição da abertura',
  minutes: 'minutos',
  quarantine: 'quarentena',
  clock: 'relógio',
  windowUntil: 'fim da janela de identificadores',
} as const;

/** Whoever can write to the store can put anything there, also what is no tally. */
function comparedTally(stored: StoredTally, here: TallySnapshot): Differences {
  try {
    return tallyDifferences(stored, here);
  } catch (error) {
    if (!(error instanceof TypeError || error instanceof SyntaxError)) throw error;
    return Differences.of([`o que está guardado não é uma apuração: ${error.message}`]);
  }
}

function tallyDifferences({ snapshot, digest }: StoredTally, here: TallySnapshot): Differences {
  const differences = Differences.of(
    differencesBetween(numbersOf(snapshot), numbersOf(here), ['guardado', 'recontado']),
  );
  if (digestOf(snapshot) !== digest) differences.add(`o digest guardado (${digest}) não é o dos números guardados`);
  else if (digest !== digestOf(here)) differences.add(`digest: ${digest} guardado, ${digestOf(here)} recontado`);
  for (const [part, words] of Object.entries(PARTS) as [keyof typeof PARTS, string][]) {
    const [is, shouldBe] = [sorted(snapshot[part]), sorted(here[part])];
    if (is !== shouldBe) differences.add(`${words}: ${is} guardado, ${shouldBe} recontado`);
  }
  // a restart may have left it further back than a single pass does, which only costs time; further on, ids are lost
  if (here.ids === undefined && BigInt(snapshot.windowFrom) > BigInt(here.windowFrom)) {
    differences.add(
      `início da janela de identificadores: ${snapshot.windowFrom} guardado, no máximo ${here.windowFrom}`,
    );
  }
  return differences;
}

function numbersOf(snapshot: TallySnapshot): TallyNumbers {
  const { revision, votes, hours, duplicates, late, expired, quarantined, cut } = snapshot;
  return { revision, votes, hours, duplicates, late, expired, quarantined, cut };
}

/** JSON that two equal values share, whatever the order of the keys of the outermost object. */
function sorted(value: unknown): string {
  if (value === undefined) return 'nada';
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return JSON.stringify(value);
  return JSON.stringify(Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))));
}
