import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';
import { Counter, Gauge, Registry } from 'prom-client';

import { ballotBoxStream, encodePollEvent, pollStream } from '#domain';
import type { EventLog } from '#event-log';
import { Readiness } from '#platform';
import type { ReadModel } from '#read-model';

import { type LogLine, recordingLogger } from '../../libs/platform/testing/recording-logger.ts';
import { ProjectorMetrics } from './projector-metrics.ts';
import { Projector } from './projector.ts';
import { FlakyReadModel } from '../../libs/projection/testing/flaky-read-model.ts';
import { ProjectionWorld } from '../../libs/projection/testing/projection-world.ts';

let world: ProjectionWorld;
let running: Projector[];

beforeEach(() => {
  world = new ProjectionWorld();
  running = [];
});
afterEach(async () => {
  await Promise.all(running.map((projector) => projector.beforeApplicationShutdown()));
  await world.dispose();
});

function start(readModel: ReadModel = world.readModel, log = world.log) {
  const registers = [new Registry()];
  const gauge = (name: string, labelNames: string[] = []): Gauge =>
    new Gauge({ name, help: '-', registers, labelNames });
  const [position, lag, events] = [gauge('position'), gauge('lag'), gauge('events', ['outcome'])];
  const [votes, state] = [gauge('votes', ['poll', 'participant']), gauge('state', ['poll', 'state'])];
  const skipped = new Counter({ name: 'skipped', help: '-', labelNames: ['outcome'], registers });
  const metrics = new ProjectorMetrics(position, lag, events, votes, state, skipped);
  const { logger, lines } = recordingLogger();
  const readiness = new Readiness();
  const projector = new Projector(log, readModel, readiness, logger, metrics);
  running.push(projector);
  projector.onApplicationBootstrap();
  const isReady = (): Promise<boolean> =>
    Promise.all(readiness.checks().map(([, check]) => check())).then(
      () => true,
      () => false,
    );
  const value = async (metric: Gauge | Counter, outcome?: string): Promise<number | undefined> =>
    (await metric.get()).values.find(({ labels }) => labels['outcome'] === outcome)?.value;
  const series = async (metric: Gauge): Promise<Record<string, number>> =>
    Object.fromEntries(
      (await metric.get()).values.map(({ labels, value: number }) => [Object.values(labels).join(' '), number]),
    );
  const troubles = (): LogLine[] => lines.filter(({ level }) => level === 'warn' || level === 'error');
  return { projector, lines, troubles, isReady, value, series, position, lag, events, votes, state, skipped };
}

/** Waits until everything in the log is in the stored tallies. */
async function caughtUp(): Promise<void> {
  const { position } = await world.log.head();
  for (let round = 0; round < 200; round++) {
    if ((await world.tallies.checkpoint()).position === position) return;
    await delay(20);
  }
  throw new Error('the projector did not catch up');
}

async function eventually(condition: () => boolean | Promise<boolean>): Promise<void> {
  for (let round = 0; round < 200; round++) {
    if (await condition()) return;
    await delay(20);
  }
  throw new Error('it did not happen');
}

const expectTally = async (pollId = '1'): Promise<void> => {
  expect((await world.tallies.load(pollId))?.digest).toBe((await world.expected(pollId)).digest);
};

describe('the projector', () => {
  it('takes in what was there before, and then what comes', async () => {
    await world.openPoll('1');
    await world.cast('1', 10);
    const { value, position, events, lag } = start();
    await caughtUp();
    await world.cast('1', 5);
    await caughtUp();

    await expectTally();
    await eventually(async () => (await value(position)) === 16);
    expect(await value(events, 'counted')).toBe(15);
    expect(await value(lag)).toBe(0);
    expect((await world.tallies.checkpoint()).lagSeconds).toBe(0);
  });

  it.each([1000, 2000, 999])(
    'does not leave a burst of %i votes lying, and knows that it has caught up',
    async (count) => {
      await world.openPoll('1');
      const { value, lag } = start();
      await caughtUp();
      await world.cast('1', count);
      await caughtUp();
      await delay(1100);

      await expectTally();
      expect(await value(lag)).toBe(0);
      expect((await world.tallies.checkpoint()).lagSeconds).toBe(0);
    },
  );

  it('gives a sign of life although nothing happens', async () => {
    await world.openPoll('1');
    start();
    await caughtUp();
    const before = await world.tallies.checkpoint();
    await delay(1100);

    expect((await world.tallies.checkpoint()).at).toBeGreaterThan(before.at);
  });

  it('continues after a restart', async () => {
    await world.openPoll('1');
    await world.cast('1', 10);
    const first = start();
    await caughtUp();
    await first.projector.beforeApplicationShutdown();
    await world.cast('1', 10);
    start();
    await caughtUp();

    await expectTally();
    expect((await world.tallies.load('1'))?.snapshot.votes).toEqual([10, 10]);
  });

  it('can run twice: neither disturbs the other', async () => {
    await world.openPoll('1');
    const [one, other] = [start(), start()];
    for (let round = 0; round < 20; round++) {
      await world.cast('1', 7);
      await delay(15);
    }
    await caughtUp();

    await expectTally();
    await eventually(async () => (await one.value(one.events, 'counted')) === 140);
    await eventually(async () => (await other.value(other.events, 'counted')) === 140);
    expect([...one.troubles(), ...other.troubles()]).toEqual([]);
  });

  it('is not ready while the read model is away, says why, and catches up when it is back', async () => {
    const readModel = new FlakyReadModel(world.readModel);
    const { lines, isReady } = start(readModel);
    await world.openPoll('1');
    await caughtUp();
    expect(await isReady()).toBe(true);

    readModel.isDown = () => true;
    await world.cast('1', 10);
    await eventually(async () => !(await isReady()));
    await eventually(() => Promise.resolve(lines.some(({ level }) => level === 'error')));
    readModel.isDown = () => false;
    await eventually(isReady);
    await caughtUp();
    await expectTally();
  });

  it.each<[string, (readModel: FlakyReadModel) => unknown]>([
    ['the read model', (readModel) => (readModel.isDown = (call) => call === 'active')],
    ['the log', () => world.log.close()],
  ])('is not ready without %s, although no event comes that would show it', async (_store, takeAway) => {
    const readModel = new FlakyReadModel(world.readModel);
    const { isReady } = start(readModel);
    await world.openPoll('1');
    await caughtUp();
    expect(await isReady()).toBe(true);

    await takeAway(readModel);
    expect(await isReady()).toBe(false);
  });

  it('sets aside what cannot be read, says so at error once, and goes on', async () => {
    await world.openPoll('1');
    const unreadable = { type: 'VoteCast', version: 1, data: new TextEncoder().encode('{"secret":1}') };
    await world.append(ballotBoxStream('1'), unreadable);
    await world.cast('1', 3);
    const first = start();
    await caughtUp();
    await first.projector.beforeApplicationShutdown();
    const second = start();
    await world.cast('1', 1);
    await caughtUp();

    const { snapshot } = (await world.tallies.load('1')) ?? {};
    expect(snapshot).toMatchObject({ votes: [3, 1], quarantined: 1 });
    expect(first.troubles()).toMatchObject([
      { level: 'error', fields: { stream: 'votes-1', revision: '0', position: '2' } },
    ]);
    expect(JSON.stringify(first.lines)).not.toContain('secret');
    expect(second.troubles()).toEqual([]);
    expect(await second.value(second.events, 'quarantined')).toBe(1);
  });

  it('raises an alarm when another fold of the same events disagrees, and overwrites nothing', async () => {
    await world.openPoll('1');
    await world.cast('1', 2);
    const { snapshot } = await world.expected('1');
    await world.tallies.save({ position: 3n, digest: 'another', snapshot });
    await world.tallies.saveCheckpoint({ position: 0n, clock: 0, at: 0, lagSeconds: 0 });
    const blind = new FlakyReadModel(world.readModel);
    blind.isBlind = true;
    const { troubles, isReady } = start(blind);
    await eventually(() => troubles().length > 0);

    expect(troubles()[0]).toMatchObject({
      level: 'error',
      message: 'two folds disagree; starting again from what is stored',
    });
    expect(await isReady()).toBe(false);
    expect((await world.tallies.load('1'))?.digest).toBe('another');
  });

  it('says how far behind it is, more and more, while the read model is away', async () => {
    const readModel = new FlakyReadModel(world.readModel);
    const { value, lag } = start(readModel);
    await world.openPoll('1');
    await caughtUp();
    await eventually(async () => (await value(lag)) === 0);

    readModel.isDown = () => true;
    await world.cast('1', 1);
    await eventually(async () => ((await value(lag)) ?? 0) > 0.3);
    const early = (await value(lag)) ?? 0;
    await delay(300);
    expect(await value(lag)).toBeGreaterThan(early + 0.25);
    readModel.isDown = () => false;
    await eventually(async () => (await value(lag)) === 0);
  });

  it('tells the votes and the state of the poll that was opened last, and of no other', async () => {
    await world.openPoll('9');
    await world.cast('9', 3);
    const later = (poll: string) =>
      Object.fromEntries(['encerrado', 'conferido', 'proclamado', 'anulado'].map((name) => [`${poll} ${name}`, 0]));
    const { series, votes, state } = start();
    await eventually(async () => (await series(votes))['9 1'] === 2);
    expect(await series(votes)).toEqual({ '9 1': 2, '9 2': 1 });
    expect(await series(state)).toEqual({ '9 aberto': 1, ...later('9') });
    await world.append(
      pollStream('9'),
      encodePollEvent({ type: 'PollClosed', pollId: '9', closedAt: new Date().toISOString(), by: 'ana' }),
    );
    await eventually(async () => (await series(state))['9 encerrado'] === 1);

    await world.openPoll('10');
    await eventually(async () => '10 aberto' in (await series(state)));
    expect(await series(votes)).toEqual({ '10 1': 0, '10 2': 0 });
    expect(await series(state)).toEqual({ '10 aberto': 1, ...later('10') });
  });

  it.each(['debug', 'info'] as const)('says at %s which positions it has stored, without a gap', async (level) => {
    await world.openPoll('1');
    const running = start();
    for (let round = 0; round < 3; round++) {
      await world.cast('1', 5);
      await caughtUp();
    }
    const said = (): LogLine[] => running.lines.filter((line) => line.level === level);
    await eventually(() => said().at(-1)?.fields['position'] === '16');
    await world.cast('1', 1);
    await caughtUp();
    // what a second has not told yet is told at the end
    await running.projector.beforeApplicationShutdown();
    const lines = said();
    expect(lines.at(-1)?.fields['position']).toBe('17');
    if (level === 'info') expect(lines.length).toBeLessThanOrEqual(3);

    const ranges = lines.map(({ fields }) => [Number(fields['first_position']), Number(fields['position'])] as const);
    expect(ranges[0]?.[0]).toBe(1);
    ranges.slice(1).forEach(([first], index) => expect(first).toBe((ranges[index]?.[1] ?? 0) + 1));
    expect(new Set(lines.flatMap(({ fields }) => Object.keys(fields)))).toEqual(
      new Set(['first_position', 'position']),
    );
  });

  it('does not begin where the read model is ahead of the log, and says so: its votes would be skipped', async () => {
    await world.openPoll('1');
    await world.tallies.saveCheckpoint({ position: 1000n, clock: 0, at: 1, lagSeconds: 0 });
    const { troubles, isReady } = start();
    await eventually(() => troubles().length > 0);

    expect(troubles()[0]).toMatchObject({
      level: 'error',
      fields: { err: { code: 'foreign-read-model', message: expect.stringMatching(/the log ends at 1/) } },
    });
    expect(await isReady()).toBe(false);
  });

  it('is behind, more and more, while its subscription is broken and nobody knows whether there is more', async () => {
    const broken = Promise.withResolvers<void>();
    const log = {
      head: () => world.log.head(),
      async *subscribe(...given: Parameters<EventLog['subscribe']>) {
        yield { events: [], caughtUp: true };
        await broken.promise;
        yield { events: [], caughtUp: false };
        await new Promise((resolve) => given[2].addEventListener('abort', resolve));
      },
    } as unknown as EventLog;
    const { value, lag } = start(world.readModel, log);
    await eventually(async () => (await value(lag)) === 0);
    broken.resolve();
    await eventually(async () => ((await value(lag)) ?? 0) > 0.1);
    expect(await value(lag)).toBeLessThan(5);
  });

  it('says how many events cannot be read, when there are more than a tally lists', async () => {
    await world.openPoll('1');
    const junk = { type: 'VoteCast', version: 9, data: new Uint8Array() };
    await world.append(ballotBoxStream('1'), ...Array<typeof junk>(103).fill(junk));
    const { troubles } = start();
    await caughtUp();
    await eventually(() => troubles().length > 100);

    expect(troubles()).toHaveLength(101);
    expect(troubles().at(-1)).toMatchObject({ level: 'error', fields: { poll: '1', quarantined: 103 } });
  });

  it('stops at once when it is told to', async () => {
    await world.openPoll('1');
    const { projector } = start();
    await caughtUp();
    const started = performance.now();
    await projector.beforeApplicationShutdown();

    expect(performance.now() - started).toBeLessThan(500);
  });
});
