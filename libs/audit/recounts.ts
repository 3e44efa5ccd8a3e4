import type { Count, CountedTally } from '#domain';
import { digestOf } from '#read-model';

import { sumOf } from './counts.ts';
import type { Evidence } from './evidence.ts';
import type { AuditReport } from './report.ts';

/** What both ways of counting came to: from the same numbers comes the same digest. */
export function recountsOf({ recount, sql }: Pick<Evidence, 'recount' | 'sql'>): AuditReport['recounts'] {
  const snapshot = recount.snapshot();
  return { fold: countOf(snapshot), sql: sql === undefined ? null : countOf({ ...snapshot, ...sql.counts }) };
}

const countOf = (tally: CountedTally): Count => ({ votes: sumOf(tally.votes), digest: digestOf(tally) });
