import { expect, it, jest } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';

import { Readiness } from '#platform';

import { recordingLogger } from '../../libs/platform/testing/recording-logger.ts';
import { ProjectionWorld } from '../../libs/projection/testing/projection-world.ts';
import type { ProjectorMetrics } from './projector-metrics.ts';
import { Projector } from './projector.ts';

const METRICS = { isBehind: () => {}, hasStored: () => {} } as Partial<ProjectorMetrics> as ProjectorMetrics;

async function eventually(condition: () => boolean | Promise<boolean>): Promise<void> {
  for (let round = 0; !(await condition()); round++) {
    if (round > 300) throw new Error('it did not happen');
    await delay(20);
  }
}

it('a projector stands still when the log was restored under it, also when that has grown again, until there are other tallies', async () => {
  const world = new ProjectionWorld();
  await world.openPoll('1');
  await world.cast('1', 5);
  const { logger, lines } = recordingLogger();
  const readiness = new Readiness();
  const projector = new Projector(world.log, world.readModel, readiness, logger, METRICS);
  const isReady = (): Promise<boolean> =>
    Promise.all(readiness.checks().map(([, check]) => check())).then(
      () => true,
      () => false,
    );
  projector.onApplicationBootstrap();
  await eventually(isReady);
  const errors = () => lines.filter(({ level }) => level === 'error').map(({ fields }) => fields['err']);

  const head = jest.spyOn(world.log, 'head').mockResolvedValue({ position: 3n, recordedAt: 0 });
  await eventually(() => errors().length > 0);
  head.mockRestore();
  await eventually(() => errors().length > 3);
  expect(new Set(errors().map((error) => (error as { code?: string }).code))).toEqual(new Set(['foreign-read-model']));
  expect(await isReady()).toBe(false);

  await world.readModel.activate(await world.readModel.create(), '6-0');
  await eventually(isReady);
  expect((await (await world.readModel.current()).load('1'))?.digest).toBe((await world.expected('1')).digest);

  await projector.beforeApplicationShutdown();
  await world.dispose();
});
