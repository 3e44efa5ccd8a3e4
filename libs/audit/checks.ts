import type { Differences } from './differences.ts';
import type { Check, CheckId } from './report.ts';

const TITLES: Readonly<Record<CheckId, string>> = {
  source: 'O arquivo é o que o seu manifesto diz',
  order: 'A ordem não tem falhas',
  ids: 'Cada evento tem um identificador válido',
  bytes: 'Cada evento pode ser lido e está na forma canônica',
  times: 'Os horários dos votos são possíveis',
  closing: 'O encerramento está completo e no lugar certo',
  sums: 'As somas fecham',
  independent: 'A recontagem independente (SQL) chega ao mesmo resultado',
  'read-model': 'A apuração guardada pelo serviço confere com a recontagem',
  published: 'O total publicado confere com a recontagem',
  commitment: 'A urna contém a que foi auditada antes',
};

/** A check that was made: it failed if anything differs. */
export function checked(id: CheckId, detail: string, { shown, count }: Pick<Differences, 'shown' | 'count'>): Check {
  const outcome = count === 0 ? 'ok' : 'failed';
  return { id, title: TITLES[id], outcome, detail, differences: shown, differenceCount: count };
}

/** A check that was not made, and why. */
export const skipped = (id: CheckId, detail: string): Check => ({
  id,
  title: TITLES[id],
  outcome: 'skipped',
  detail,
  differences: [],
  differenceCount: 0,
});
