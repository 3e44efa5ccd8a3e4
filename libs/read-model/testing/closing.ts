import { expect, it } from '@jest/globals';

import { NO_CHECKPOINT } from '../read-model.ts';
import type { ReadModelFixture } from './fixture.ts';
import { tallyAt } from './tallies.ts';

/** After the end nothing is answered as if it were still there. */
export function describeClosing(fixture: () => ReadModelFixture): void {
  it('refuses every call, and may be closed again', async () => {
    const {
      one,
      other,
      models: [model],
    } = fixture();
    await one.save(tallyAt('a', 1n));
    await model.close();
    const calls = [
      one.save(tallyAt('a', 2n)),
      one.load('a'),
      one.positions(),
      one.saveCheckpoint(NO_CHECKPOINT),
      one.checkpoint(),
      model.active(),
      model.create(),
      model.activate('6-1', '6-0'),
      model.versions(),
      model.drop('6-1'),
    ];
    for (const outcome of await Promise.allSettled(calls)) {
      expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'read-model-unavailable' } });
    }
    await expect(model.close()).resolves.toBeUndefined();
    expect(await other.load('a')).toEqual(tallyAt('a', 1n));
  });
}
