import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { NO_CHECKPOINT } from '#read-model';

import { ProjectionWorld } from '../../../libs/projection/testing/projection-world.ts';
import { dropUnused } from './drop.ts';

describe('dropping', () => {
  let world: ProjectionWorld;

  beforeEach(() => {
    world = new ProjectionWorld();
  });
  afterEach(() => world.dispose());

  it('takes what nobody uses, and says of the rest why it stays', async () => {
    for (const version of ['6-0', '6-1', '6-2', '7-0'])
      await world.readModel.tallies(version).saveCheckpoint({ ...NO_CHECKPOINT, position: 1n, at: Date.now() });
    // of a host whose clock is an hour behind
    let at = Date.now() - 3_600_000;
    const beat = (): Promise<void> =>
      world.readModel.tallies('6-2').saveCheckpoint({ ...NO_CHECKPOINT, position: 1n, at: ++at });
    await beat();
    const beating = setInterval(() => void beat(), 100);
    await world.readModel.activate('6-1', '6-0');
    const lines: string[] = [];
    await dropUnused(world.readModel, (line) => lines.push(line), 500);
    clearInterval(beating);
    expect(lines).toEqual([
      '6-0: dropped',
      '6-1: kept, it is active',
      '6-2: kept, somebody writes to it',
      '7-0: kept, it is of a newer release',
    ]);
    expect((await world.readModel.versions()).map(({ version }) => version)).toEqual(['6-1', '6-2', '7-0']);
  });
});
