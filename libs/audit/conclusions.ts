import { type TallySnapshot, ballotBoxStream } from '#domain';
import { type StoredTally, digestOf } from '#read-model';

import { checked, skipped } from './checks.ts';
import { type TallyNumbers, differencesBetween, sumOf } from './counts.ts';
import { Differences } from './differences.ts';
import type { Evidence } from './evidence.ts';
import type { Check } from './report.ts';

const PARTIAL = 'não comparado: a leitura parou num ponto do passado';

/** Draws the conclusions, in the order of the report. */
export function checksOf(evidence: Evidence): Check[] {
  const { recount, sql, options } = evidence;
  const box = ballotBoxStream(options.pollId);
  const state = recount.closingCheck.finish();
  return [
    sourceCheck(evidence),
    checked('order', `${recount.events} eventos, revisões e posições em sequência`, recount.orderCheck.order),
    checked('ids', `${recount.events} identificadores`, recount.orderCheck.ids),
    bytesCheck(evidence),
    sql === undefined
      ? skipped('times', 'não pedido')
      : checked('times', 'voto, validade do desafio e registro', sql.impossibleTimes(box)),
    checked('closing', state, recount.closingCheck.closing),
    sumsCheck(evidence),
    independentCheck(evidence),
    readModelCheck(evidence),
    publishedCheck(evidence),
    commitmentCheck(evidence),
  ];
}

function sourceCheck({ options: { source }, partial }: Evidence): Check {
  const findings = source.findings();
  if (findings === undefined) return skipped('source', 'lido do próprio registro, que não tem manifesto');
  if (partial) return skipped('source', PARTIAL);
  return checked('source', source.name, differencesOf(findings));
}

const REASONS: Readonly<Record<string, string>> = {
  'unknown participant': 'voto para participante que não existe',
  'not a canonical VoteCast': 'não está na forma canônica de um voto',
  'not UTF-8': 'os bytes não são texto UTF-8',
};

/** Samples of what is quarantined are in the tally, and only counted behind the first hundred. */
function bytesCheck({ recount }: Evidence): Check {
  const { quarantine, quarantined } = recount.snapshot();
  const differences = new Differences();
  for (const { stream, revision, reason } of quarantine) {
    differences.add(`${stream}, revisão ${revision}: ${REASONS[reason] ?? reason}`);
  }
  differences.count = quarantined;
  const { shown, count } = recount.closingCheck.bytes;
  differences.add(...shown);
  differences.count += count - shown.length;
  return checked('bytes', `${recount.events} eventos lidos e comparados com a sua forma canônica`, differences);
}

/** Every event in the box has exactly one outcome, and every counted vote has its hour. */
function sumsCheck({ recount }: Evidence): Check {
  const { events, votes, hours, duplicates, late, expired, quarantined, cuts } = recount.counts();
  const counted = sumOf(votes);
  const outcomes = counted + duplicates + late + expired + quarantined + cuts;
  const inHours = sumOf(Object.values(hours).map(sumOf));
  const differences = new Differences();
  if (outcomes !== events) differences.add(`${events} eventos na urna, mas os resultados somam ${outcomes}`);
  if (inHours !== counted) differences.add(`${counted} votos contados, mas as horas somam ${inHours}`);
  const sum = [counted, duplicates, late, expired, quarantined, cuts].join(' + ');
  return checked('sums', `${events} eventos = ${sum}`, differences);
}

function independentCheck({ recount, sql }: Evidence): Check {
  if (sql === undefined) return skipped('independent', 'não pedido');
  const names = ['na apuração', 'na recontagem SQL'] as const;
  const differences = differencesOf(differencesBetween(recount.counts(), sql.counts(), names));
  return checked('independent', 'a mesma urna contada por SQL, sem o código da apuração', differences);
}

function readModelCheck({ options, stored, recount }: Evidence): Check {
  if (options.readModel === undefined) return skipped('read-model', 'não informado');
  if (options.until !== undefined) return skipped('read-model', PARTIAL);
  if (stored !== undefined) {
    const here = recount.stored ?? recount.snapshot();
    return checked('read-model', `na posição ${String(stored.position)}`, tallyDifferences(stored, here));
  }
  const nothing = recount.events === 0 ? [] : ['o serviço não guardou nenhuma apuração desta votação'];
  return checked('read-model', 'nada guardado', differencesOf(nothing));
}

const PARTS = { poll: 'votação', minutes: 'minutos', quarantine: 'quarentena' } as const;

/** The digest covers what was counted; names, minutes and samples of the quarantine are compared beside it. */
function tallyDifferences({ snapshot, digest }: StoredTally, here: TallySnapshot): Differences {
  const differences = differencesOf(
    differencesBetween(numbersOf(snapshot), numbersOf(here), ['guardado', 'recontado']),
  );
  if (digestOf(snapshot) !== digest) differences.add(`o digest guardado (${digest}) não é o dos números guardados`);
  else if (digest !== digestOf(here)) differences.add(`digest: ${digest} guardado, ${digestOf(here)} recontado`);
  for (const [part, words] of Object.entries(PARTS) as [keyof typeof PARTS, string][]) {
    const [is, shouldBe] = [sorted(snapshot[part]), sorted(here[part])];
    if (is !== shouldBe) differences.add(`${words}: ${is} guardado, ${shouldBe} recontado`);
  }
  return differences;
}

function publishedCheck({ options, published, recount }: Evidence): Check {
  if (options.published === undefined) return skipped('published', 'não informado');
  if (published === undefined) return skipped('published', PARTIAL);
  const here = recount.published ?? recount.snapshot();
  const { numbers, digest, name } = published;
  const names = ['publicado', 'recontado'] as const;
  const { cut: _, ...counted } = numbersOf(here);
  const differences = differencesOf(differencesBetween(numbers, counted, names));
  if (digest !== digestOf(here)) differences.add(`digest: ${digest} publicado, ${digestOf(here)} recontado`);
  return checked('published', `${name}, na revisão ${numbers.revision}`, differences);
}

function commitmentCheck({ options: { expected }, recount }: Evidence): Check {
  if (expected === undefined) return skipped('commitment', 'não informado');
  const differences = new Differences();
  const here = recount.committed ?? recount.commitment();
  if (here !== expected) differences.add(`${expected} antes, ${here} agora`);
  return checked('commitment', `SHA-256 até a revisão ${expected.split('@')[1] ?? ''}`, differences);
}

function numbersOf(snapshot: TallySnapshot): TallyNumbers {
  const { revision, votes, hours, duplicates, late, expired, quarantined, cut } = snapshot;
  return { revision, votes, hours, duplicates, late, expired, quarantined, cut };
}

function differencesOf(texts: Iterable<string>): Differences {
  const differences = new Differences();
  differences.add(...texts);
  return differences;
}

/** JSON that two equal values share, whatever the order of the keys of the outermost object. */
function sorted(value: object | null): string {
  if (value === null || Array.isArray(value)) return JSON.stringify(value);
  return JSON.stringify(Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))));
}
