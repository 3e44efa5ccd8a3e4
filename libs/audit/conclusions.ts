import { checked, skipped } from './checks.ts';
import { commitmentCheck, publishedCheck, readModelCheck } from './comparisons.ts';
import { differencesBetween, sumOf } from './counts.ts';
import { Differences } from './differences.ts';
import type { Evidence } from './evidence.ts';
import type { Check } from './report.ts';

/** Draws the conclusions, in the order of the report. */
export function checksOf(evidence: Evidence): Check[] {
  const { recount, sql } = evidence;
  return [
    sourceCheck(evidence),
    orderCheck(evidence),
    checked('ids', `${recount.events} identificadores`, recount.orderCheck.ids),
    bytesCheck(evidence),
    sql === undefined
      ? skipped('times', 'não pedido')
      : checked('times', 'voto, validade do desafio e registro', sql.impossibleTimes),
    closingCheck(evidence),
    sumsCheck(evidence),
    independentCheck(evidence),
    readModelCheck(evidence),
    publishedCheck(evidence),
    commitmentCheck(evidence),
  ];
}

function sourceCheck({ options: { source } }: Evidence): Check {
  const findings = source.findings();
  if (findings === undefined) return skipped('source', 'lido do próprio registro, que não tem manifesto');
  return checked('source', source.name, Differences.of(findings));
}

/** Of nothing, everything agrees: that is no audit. */
function orderCheck({ recount, options }: Evidence): Check {
  const { order } = recount.orderCheck;
  if (recount.events === 0) order.add(`não há nenhum evento da votação ${options.pollId}`);
  return checked('order', `${recount.events} eventos, revisões e posições em sequência`, order);
}

const REASONS: Readonly<Record<string, string>> = {
  'unknown participant': 'voto para participante que não existe',
  'not a canonical VoteCast': 'não está na forma canônica de um voto',
  'not UTF-8': 'os bytes não são texto UTF-8',
};

/** Samples of what is quarantined are in the tally, and only counted behind the first hundred. */
function bytesCheck({ recount }: Evidence): Check {
  const { quarantine, quarantined } = recount.snapshot();
  const differences = Differences.of(
    quarantine.map(({ stream, revision, reason }) => `${stream}, revisão ${revision}: ${REASONS[reason] ?? reason}`),
  );
  differences.count = quarantined;
  const { shown, count } = recount.closingCheck.bytes;
  differences.add(...shown);
  differences.count += count - shown.length;
  return checked('bytes', `${recount.events} eventos lidos e comparados com a sua forma canônica`, differences);
}

/** A poll that was read up to a point in time is judged as of the last event before it. */
function closingCheck({ recount, options: { source }, next }: Evidence): Check {
  const asOf = next === undefined ? source.asOf() : undefined;
  const state = recount.closingCheck.finish(asOf ?? recount.lastRecordedAt ?? 0);
  return checked('closing', state, recount.closingCheck.closing);
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
  const differences = Differences.of(differencesBetween(recount.counts(), sql.counts, names));
  return checked('independent', 'a mesma urna contada por SQL, sem o código da apuração', differences);
}
