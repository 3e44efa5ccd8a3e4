import type { Findings } from './findings.ts';
import type { Check, CheckId, Detail } from './report.ts';

const NOTHING: Found = { shown: [], count: 0 };
type Found = Pick<Findings, 'shown' | 'count'>;

/** A check that was made: it failed if anything is wrong, whatever else was noted. */
export function checked(id: CheckId, detail: Detail, { shown, count }: Found, odd: Found = NOTHING): Check {
  return {
    ...{ id, outcome: count === 0 ? 'ok' : 'failed', detail, findings: shown, findingCount: count },
    ...{ observations: odd.shown, observationCount: odd.count },
  };
}

/** A check that was not made, and why. */
export const skipped = (id: CheckId, code: Detail['code']): Check => ({
  id,
  outcome: 'skipped',
  detail: { code },
  findings: [],
  findingCount: 0,
  observations: [],
  observationCount: 0,
});
