import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';
import { Counter, Gauge, Registry } from 'prom-client';

import { EventStoreDbEventLog } from '#event-log/eventstoredb';
import { Readiness } from '#platform';

import { ProjectorMetrics } from '../apps/projector/projector-metrics.ts';
import { Projector } from '../apps/projector/projector.ts';
import { type LogLine, recordingLogger } from '../libs/platform/testing/recording-logger.ts';
import { ProjectionWorld } from '../libs/projection/testing/projection-world.ts';
import { EventStoreDbDouble } from './eventstoredb-double/double.ts';
import { eventually } from './support/eventually.ts';

/** Results are never later than this, ms, from the acknowledgement of a vote to the stored tally. */
const LATE_LIMIT_MS = 500;
/** What a subscription left out is in the tally by then, ms. */
const HEALED_LIMIT_MS = 1000;
const BATCH = 100;
const BATCH_MS = 100;
const BATCHES = 60;
const LIMIT_MS = 60_000;

let double: EventStoreDbDouble;
let world: ProjectionWorld;
let projector: Projector;
let lines: LogLine[];
let skipped: Counter;

beforeEach(async () => {
  double = await EventStoreDbDouble.start();
  world = new ProjectionWorld(EventStoreDbEventLog.connect(double.connectionString));
  await world.openPoll('1');
  const registers = [new Registry()];
  const gauge = (name: string): Gauge =>
    new Gauge({ name, help: '-', registers, labelNames: ['poll', 'participant', 'state', 'outcome'] });
  skipped = new Counter({ name: 'skipped', help: '-', labelNames: ['outcome'], registers });
  const metrics = new ProjectorMetrics(gauge('a'), gauge('b'), gauge('c'), gauge('d'), gauge('e'), skipped);
  const recording = recordingLogger();
  ({ lines } = recording);
  projector = new Projector(world.log, world.readModel, new Readiness(), recording.logger, metrics);
  projector.onApplicationBootstrap();
  await world.cast('1', 1);
  await eventually(counted, (votes) => votes === 1);
});
afterEach(async () => {
  await projector.beforeApplicationShutdown();
  await world.dispose();
  double.stop();
});

/** Events of the box that the stored tally has. */
const counted = async (): Promise<number> => Number((await world.tallies.load('1'))?.snapshot.revision ?? -1) + 1;

it.each(['ended', 'behind'] as const)(
  'counts 1,000 votes a second half a second late at most where a consumer that is slow is %s',
  async (slowConsumers) => {
    double.faults.slowConsumers = slowConsumers;
    /** When each event was acknowledged, by revision. */
    const acknowledged = [0];
    const total = 1 + BATCH * BATCHES;
    let latest = 0;
    const watching = (async () => {
      for (let votes = 1; votes < total; await delay(5)) {
        const now = performance.now();
        votes = await counted();
        // the oldest vote that was not counted when it was asked
        latest = Math.max(latest, now - (acknowledged[votes] ?? now));
      }
    })();
    const start = performance.now();
    for (let batch = 1; batch <= BATCHES; batch++) {
      await world.cast('1', BATCH);
      const now = performance.now();
      for (let vote = 0; vote < BATCH; vote++) acknowledged.push(now);
      await delay(Math.max(0, start + batch * BATCH_MS - performance.now()));
    }
    await watching;
    console.log(`${slowConsumers}: the latest result was ${latest.toFixed(0)} ms late`);
    expect(latest).toBeLessThan(LATE_LIMIT_MS);
    expect((await world.tallies.load('1'))?.digest).toBe((await world.expected('1')).digest);
    expect(lines.filter(({ level }) => level === 'error')).toEqual([]);
  },
  LIMIT_MS,
);

it(
  'has within a second what the subscription left out in the middle of what comes, and calls for help',
  async () => {
    double.faults.leaveOut(3);
    await world.cast('1', 10);
    const since = performance.now();
    await eventually(counted, (votes) => votes === 11);

    expect(performance.now() - since).toBeLessThan(HEALED_LIMIT_MS);
    expect((await world.tallies.load('1'))?.digest).toBe((await world.expected('1')).digest);
    expect(lines).toContainEqual(
      expect.objectContaining({ level: 'error', message: 'the log left out events; they were read again' }),
    );
    expect((await skipped.get()).values.find(({ labels }) => labels['outcome'] === 'found')?.value).toBe(3);
  },
  LIMIT_MS,
);

it(
  'has within some seconds what the subscription did not bring, and calls for nobody: it may be late',
  async () => {
    double.faults.leaveOut(10);
    await world.cast('1', 10);
    await eventually(counted, (votes) => votes === 11);

    expect((await world.tallies.load('1'))?.digest).toBe((await world.expected('1')).digest);
    expect(lines.filter(({ level }) => level === 'error')).toEqual([]);
    expect((await skipped.get()).values.find(({ labels }) => labels['outcome'] === 'found')?.value).toBe(0);
  },
  LIMIT_MS,
);
