import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';

import type { EventLog } from '#event-log';
import { Readiness } from '#platform';

import { type LogLine, recordingLogger } from '../../libs/platform/testing/recording-logger.ts';
import { ProjectionWorld } from '../../libs/projection/testing/projection-world.ts';
import type { ProjectorMetrics } from './projector-metrics.ts';
import { Projector } from './projector.ts';

const LIMIT_MS = 60_000;
const METRICS = { isBehind: () => {}, hasStored: () => {} } as Partial<ProjectorMetrics> as ProjectorMetrics;

async function eventually(condition: () => boolean | Promise<boolean>): Promise<void> {
  for (const limit = performance.now() + LIMIT_MS / 2; !(await condition());) {
    if (performance.now() > limit) throw new Error('it did not happen');
    await delay(20);
  }
}

let world: ProjectionWorld;
let restored: ProjectionWorld;
/** What the projector reads; specs exchange it. */
let current: EventLog;
let projector: Projector;
let readiness: Readiness;
let lines: LogLine[];

const log = {
  isShared: false,
  head: () => current.head(),
  read: (...given) => current.read(...given),
  subscribe: (...given) => current.subscribe(...given),
} as Partial<EventLog> as EventLog;

beforeEach(async () => {
  world = new ProjectionWorld();
  restored = new ProjectionWorld();
  current = world.log;
  await world.openPoll('1');
  await world.cast('1', 5);
  await start();
});
afterEach(async () => {
  await projector.beforeApplicationShutdown();
  await world.dispose();
  await restored.dispose();
});

async function start(): Promise<void> {
  const recording = recordingLogger();
  ({ lines } = recording);
  readiness = new Readiness();
  projector = new Projector(log, world.readModel, readiness, recording.logger, METRICS);
  projector.onApplicationBootstrap();
  await eventually(async () => (await isReady()) || errors().length > 0);
}

const isReady = (): Promise<boolean> =>
  Promise.all(readiness.checks().map(([, check]) => check())).then(
    () => true,
    () => false,
  );
const errors = () => lines.filter(({ level }) => level === 'error').map(({ fields }) => fields['err']);
const codes = () => new Set(errors().map((error) => (error as { code?: string }).code));

/** The log of a backup that had the first events, and all that was voted since. */
async function restore(): Promise<void> {
  for (const { stream, id, type, version, data } of (await world.events()).slice(0, 3))
    await restored.log.append(stream, [{ id, type, version, data }], 'any');
  await restored.cast('1', 50);
  current = restored.log;
}

it.each([
  ['under it', restore],
  [
    'while it was down',
    async () => {
      await projector.beforeApplicationShutdown();
      await restore();
      await start();
    },
  ],
])(
  'a projector stands still when the log was restored %s and has grown again, until there are other tallies',
  async (_when, happens) => {
    await happens();
    await eventually(() => errors().length > 3);

    expect(codes()).toEqual(new Set(['foreign-read-model']));
    expect(await isReady()).toBe(false);
    expect((await world.tallies.load('1'))?.digest).toBe((await world.expected('1')).digest);

    await world.readModel.activate(await world.readModel.create(), '6-0');
    await eventually(isReady);
    expect((await (await world.readModel.current()).load('1'))?.digest).toBe((await restored.expected('1')).digest);
  },
  LIMIT_MS,
);

it(
  'a projector goes on by itself when a log that ended too early for long is as long as it was again',
  async () => {
    const head = jest.spyOn(world.log, 'head').mockResolvedValue({ position: 3n, recordedAt: 0 });
    await eventually(() => errors().length > 1);
    expect(codes()).toEqual(new Set(['foreign-read-model']));
    head.mockRestore();
    await world.cast('1', 5);
    await eventually(isReady);

    await eventually(async () => (await world.tallies.load('1'))?.digest === (await world.expected('1')).digest);
  },
  LIMIT_MS,
);
