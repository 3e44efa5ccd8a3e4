import type { TallySnapshot } from '#domain';

import { randomFrom } from '../../../domain/testing/random.ts';
import { type StoredTally, digestOf } from '../../read-model.ts';
import { tallyAt } from '../../testing/tallies.ts';

/** The tally of poll 1 at this position, but for what is to be different. */
export function tallyWith(position: bigint, change: Partial<TallySnapshot> = {}): StoredTally {
  const snapshot = { ...tallyAt('1', position).snapshot, ...change };
  return { position, digest: digestOf(snapshot), snapshot };
}

/** 1 to `count` in an order that the seed decides. */
export function shuffledPositions(count: number, seed: number): bigint[] {
  const random = randomFrom(seed);
  const positions = Array.from({ length: count }, (_, index) => BigInt(index + 1));
  for (let last = count - 1; last > 0; last--) {
    const other = random(last + 1);
    [positions[last], positions[other]] = [positions[other]!, positions[last]!];
  }
  return positions;
}
