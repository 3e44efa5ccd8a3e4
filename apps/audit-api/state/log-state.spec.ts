import { afterEach, beforeEach, expect, it } from '@jest/globals';

import { Projection } from '#projection';

import { ProjectionWorld } from '../../../libs/projection/testing/projection-world.ts';
import { logState } from './log-state.ts';

let world: ProjectionWorld;
beforeEach(() => {
  world = new ProjectionWorld();
});
afterEach(() => world.dispose());

async function project(): Promise<void> {
  const projection = await Projection.restore(world.tallies, world.log);
  await projection.fold(await world.events(), true);
  await projection.save();
}

it('shows the poll that was opened last first, and drafts behind', async () => {
  await world.openPoll('2');
  await world.openPoll('1');
  await world.draftPoll('3');
  await project();
  const { paredoes } = await logState(world.log, world.readModel);
  expect(paredoes.map(({ paredao }) => paredao)).toEqual(['1', '2', '3']);
});

it('does not read all that a projection has not counted yet', async () => {
  await world.openPoll('1');
  await world.cast('1', 1);
  await project();
  for (let batch = 0; batch < 7; batch++) await world.cast('1', 2000);
  const [poll] = (await logState(world.log, world.readModel)).paredoes;
  expect(poll).toMatchObject({ eventos_contados: 1 });
  expect(poll?.eventos_na_urna).toBeGreaterThan(10_000);
  expect(poll?.eventos_na_urna).toBeLessThan(14_000);
});

it('shows rehearsals behind every real poll, and says what they are', async () => {
  await world.openPoll('1');
  await world.openRehearsal('2');
  await project();
  const { paredoes } = await logState(world.log, world.readModel);
  expect(paredoes.map(({ paredao, ensaio }) => [paredao, ensaio])).toEqual([
    ['1', undefined],
    ['2', true],
  ]);
});
