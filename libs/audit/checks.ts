import type { Findings } from './findings.ts';
import type { Check, CheckId, Detail } from './report.ts';

/** A check that was made: it failed if anything differs. */
export function checked(id: CheckId, detail: Detail, { shown, count }: Pick<Findings, 'shown' | 'count'>): Check {
  return { id, outcome: count === 0 ? 'ok' : 'failed', detail, findings: shown, findingCount: count };
}

/** A check that was not made, and why. */
export const skipped = (id: CheckId, code: Detail['code']): Check => ({
  id,
  outcome: 'skipped',
  detail: { code },
  findings: [],
  findingCount: 0,
});
