import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';
import { Counter, Gauge, Registry } from 'prom-client';

import type { RecordedEvent } from '#domain';
import type { EventLog } from '#event-log';
import { Readiness } from '#platform';

import { type LogLine, recordingLogger } from '../../libs/platform/testing/recording-logger.ts';
import { ProjectionWorld } from '../../libs/projection/testing/projection-world.ts';
import { ProjectorMetrics } from './projector-metrics.ts';
import { Projector } from './projector.ts';

const LIMIT_MS = 20_000;

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

function start(log: EventLog) {
  const registers = [new Registry()];
  const gauge = (name: string): Gauge =>
    new Gauge({ name, help: '-', registers, labelNames: ['poll', 'participant', 'state', 'outcome'] });
  const skipped = new Counter({ name: 'skipped', help: '-', labelNames: ['outcome'], registers });
  const gauges = [gauge('position'), gauge('lag'), gauge('events'), gauge('votes'), gauge('state')] as const;
  const { logger, lines } = recordingLogger();
  const metrics = new ProjectorMetrics(...gauges, skipped);
  const projector = new Projector(log, world.readModel, new Readiness(), logger, metrics);
  running.push(projector);
  projector.onApplicationBootstrap();
  const value = async (outcome: string): Promise<number | undefined> =>
    (await skipped.get()).values.find(({ labels }) => labels.outcome === outcome)?.value;
  const troubles = (): LogLine[] => lines.filter(({ level }) => level === 'warn' || level === 'error');
  return { troubles, value };
}

async function eventually(condition: () => Promise<boolean>): Promise<void> {
  for (const limit = performance.now() + LIMIT_MS; performance.now() < limit;) {
    if (await condition()) return;
    await delay(20);
  }
  throw new Error('it did not happen');
}

/** The log, whose subscriptions leave out the events that `leftOut` says. */
function leaky(leftOut: (event: RecordedEvent) => boolean): EventLog {
  const log: Partial<EventLog> = {
    head: () => world.log.head(),
    read: (...given) => world.log.read(...given),
    async *subscribe(...given) {
      for await (const { events, caughtUp } of world.log.subscribe(...given)) {
        yield { events: events.filter((event) => !leftOut(event)), caughtUp };
      }
    },
  };
  return log as EventLog;
}

it.each<[string, (event: RecordedEvent) => boolean]>([
  ['in the middle of a box', ({ stream, revision }) => stream === 'votes-1' && revision >= 3n && revision <= 5n],
  ['at the end of a box', ({ stream, revision }) => stream === 'votes-1' && revision >= 8n],
  ['at its beginning', ({ stream, revision }) => stream === 'votes-1' && revision < 2n],
  ['of the opening', ({ stream }) => stream === 'poll-1'],
])(
  'finds events within ten seconds that the log left out %s, counts them, and calls for help',
  async (_where, leftOut) => {
    await world.openPoll('1');
    const { troubles, value } = start(leaky(leftOut));
    await world.cast('1', 10);
    const expected = (await world.expected('1')).digest;
    const since = performance.now();
    await eventually(async () => (await world.tallies.load('1'))?.digest === expected);

    expect(performance.now() - since).toBeLessThan(10_000);
    expect((await world.tallies.load('1'))?.snapshot.skipped).toBeUndefined();
    if (
      leftOut({ stream: 'votes-1', revision: 4n } as RecordedEvent) ||
      leftOut({ stream: 'votes-1', revision: 9n } as RecordedEvent)
    ) {
      expect(troubles()[0]).toMatchObject({
        level: 'error',
        message: 'the log left out events; they were read again',
      });
      expect(await value('found')).toBeGreaterThan(0);
      expect(await value('lost')).toBe(0);
    }
  },
);

it('does not say that events were left out when the log brings them late', async () => {
  await world.openPoll('1');
  const log = leaky(() => false);
  log.subscribe = async function* (...given) {
    for await (const { events, caughtUp } of world.log.subscribe(...given)) {
      for (const event of events) {
        await delay(100);
        yield { events: [event], caughtUp };
      }
    }
  };
  const { troubles, value } = start(log);
  await world.cast('1', 20);
  const expected = (await world.expected('1')).digest;
  await eventually(async () => (await world.tallies.load('1'))?.digest === expected);

  expect(troubles()).toEqual([]);
  expect(await value('found')).toBe(0);
});

it('says that a tally is not complete when the log has lost events', async () => {
  await world.openPoll('1');
  await world.cast('1', 5);
  const lost = ({ stream, revision }: RecordedEvent): boolean => stream === 'votes-1' && revision === 2n;
  const log = leaky(lost);
  log.read = async function* (...given) {
    for await (const page of world.log.read(...given)) yield page.filter((event) => !lost(event));
  };
  const { troubles, value } = start(log);
  await eventually(async () => (await world.tallies.load('1'))?.snapshot.revision === '4');

  expect((await world.tallies.load('1'))?.snapshot).toMatchObject({ skipped: 1, quarantined: 0 });
  expect(troubles()[0]).toMatchObject({
    level: 'error',
    message: 'the log has lost events: the tally is not complete',
  });
  expect(await value('lost')).toBe(1);
});
