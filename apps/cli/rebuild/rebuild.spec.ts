import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { NO_CHECKPOINT } from '#read-model';

import { ProjectionWorld } from '../../../libs/projection/testing/projection-world.ts';
import { dropUnused } from './drop.ts';
import { progressText } from './progress-line.ts';

describe('the progress of a rebuild', () => {
  const progress = { phase: 'folding', version: '1-1', events: 5000, position: 50n, head: 200n } as const;

  it('has a bar, a rate and the time left', () => {
    expect(progressText(progress, 2)).toBe(
      '██████░░░░░░░░░░░░░░░░░░ 25.0 %  version 1-1: folding, 2,500 events/s, 6 s left',
    );
  });

  it('is whole beyond the end that the log had, and on an empty log', () => {
    expect(progressText({ ...progress, position: 300n }, 2)).toContain('100.0 %');
    expect(progressText({ ...progress, position: 0n, head: 0n, events: 0 }, 0)).toContain('100.0 %');
    expect(progressText({ ...progress, phase: 'handing over' }, 2)).not.toContain('left');
  });
});

describe('dropping', () => {
  let world: ProjectionWorld;

  beforeEach(() => {
    world = new ProjectionWorld();
  });
  afterEach(() => world.dispose());

  it('takes what nobody uses, and says of the rest why it stays', async () => {
    const now = Date.now();
    for (const [version, age] of [
      ['1-0', 60_000],
      ['1-1', 60_000],
      ['1-2', 1000],
      ['2-0', 60_000],
    ] as const) {
      await world.readModel.tallies(version).saveCheckpoint({ ...NO_CHECKPOINT, position: 1n, at: now - age });
    }
    await world.readModel.activate('1-1', '1-0');
    const lines: string[] = [];
    await dropUnused(world.readModel, (line) => lines.push(line), now);
    expect(lines).toEqual([
      '1-0: dropped',
      '1-1: kept, it is active',
      '1-2: kept, somebody writes to it',
      '2-0: kept, it is of a newer release',
    ]);
    expect((await world.readModel.versions()).map(({ version }) => version)).toEqual(['1-1', '1-2', '2-0']);
  });
});
