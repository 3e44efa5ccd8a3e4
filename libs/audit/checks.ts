import type { Findings } from './findings.ts';
import type { Check, CheckId, Detail, InapplicableCode, UnverifiedCode } from './report.ts';

const NOTHING: Found = { shown: [], count: 0 };
type Found = Pick<Findings, 'shown' | 'count'>;

/** A check that was made: it failed if anything is wrong, whatever else was noted. */
export function checked(id: CheckId, detail: Detail, { shown, count }: Found, odd: Found = NOTHING): Check {
  return {
    ...{ id, outcome: count === 0 ? 'ok' : 'failed', detail, findings: shown, findingCount: count },
    ...{ observations: odd.shown, observationCount: odd.count },
  };
}

const notMade = (id: CheckId, outcome: 'skipped' | 'inapplicable', code: Detail['code']): Check => ({
  id,
  outcome,
  detail: { code },
  findings: [],
  findingCount: 0,
  observations: [],
  observationCount: 0,
});

/** A check that was not made, and why. */
export const skipped = (id: CheckId, code: UnverifiedCode): Check => notMade(id, 'skipped', code);

/** A check of what does not arise here. */
export const inapplicable = (id: CheckId, code: InapplicableCode): Check => notMade(id, 'inapplicable', code);
