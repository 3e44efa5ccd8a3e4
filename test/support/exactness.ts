import { expect } from '@jest/globals';

import { type InvariantResult, checkInvariant, lastRevision } from '../../bench/lib/invariant.ts';
import type { StoresPlace } from '../../bench/lib/stores.ts';
import type { Client, Json } from './client.ts';
import { eventually } from './eventually.ts';

/**
 * The invariant of the design (§5.7), once the projection has caught up: every acknowledged vote is in the log and counts
 * once, for whom it was cast; and the tallies say what an independent recount of the log says.
 */
export async function expectExact(
  stores: StoresPlace,
  client: Client,
  acknowledged: ReadonlyMap<string, number>,
  pollId = '1',
  limitMs?: number,
): Promise<InvariantResult> {
  const revision = String(await lastRevision(stores, pollId));
  const total = await eventually(
    () => client.total(pollId),
    (answer: Json) => answer.revisao === revision,
    limitMs,
  );
  const result = await checkInvariant({ pollId, acknowledged, stores, total });
  expect(result.differences).toEqual([]);
  expect(result.holds).toBe(true);
  return result;
}
