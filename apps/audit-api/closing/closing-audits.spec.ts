import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';
import { Gauge, Registry } from 'prom-client';

import { audit, logSource } from '#audit';
import { encodePollEvent, pollStream } from '#domain';
import { Projection } from '#projection';
import { digestOf } from '#read-model';

import { recordingLogger } from '../../../libs/platform/testing/recording-logger.ts';
import { ProjectionWorld } from '../../../libs/projection/testing/projection-world.ts';
import { ClosingAudits, PollAudit } from './closing-audits.ts';

let world: ProjectionWorld;
let running: ClosingAudits[];
let audited: string[];

beforeEach(() => {
  world = new ProjectionWorld();
  running = [];
  audited = [];
});
afterEach(async () => {
  jest.restoreAllMocks();
  await Promise.all(running.map((audits) => audits.beforeApplicationShutdown()));
  await world.dispose();
});

async function seal(pollId: string, rehearsal = false): Promise<void> {
  const at = new Date().toISOString();
  await (rehearsal ? world.openRehearsal(pollId) : world.openPoll(pollId));
  await world.cast(pollId, 5, rehearsal ? 2 : 1);
  await world.append(pollStream(pollId), encodePollEvent({ type: 'PollClosed', pollId, closedAt: at, by: 'a' }));
  await world.cut(pollId);
  await world.append(pollStream(pollId), encodePollEvent({ type: 'PollSealed', pollId, cut: '5', sealedAt: at }));
}

async function project(version = world.tallies.version): Promise<void> {
  const projection = await Projection.restore(world.readModel.tallies(version), world.log);
  await projection.fold(await world.events(), true);
  await projection.save();
}

/** A vote less for participant 1, well disguised. */
async function forge(pollId: string): Promise<void> {
  const stored = (await world.tallies.load(pollId))!;
  const [first = 0, ...others] = stored.snapshot.votes;
  const snapshot = { ...stored.snapshot, votes: [first - 1, ...others] };
  await world.tallies.save({ position: stored.position + 1n, snapshot, digest: digestOf(snapshot) });
}

const here: PollAudit = {
  async of(pollId, signal) {
    audited.push(pollId);
    const readModel = await world.readModel.current();
    return audit({ source: logSource(world.log), pollId, readModel, independent: false, signal });
  },
};

function start(pollAudit = here) {
  const gauge = new Gauge({ name: 'audits', help: '-', labelNames: ['outcome'], registers: [new Registry()] });
  const { logger, lines } = recordingLogger();
  const audits = new ClosingAudits(world.log, world.readModel, pollAudit, logger, gauge);
  running.push(audits);
  audits.onApplicationBootstrap();
  const outcomes = async (): Promise<Record<string, number>> =>
    Object.fromEntries((await gauge.get()).values.map(({ labels, value }) => [String(labels.outcome), value]));
  return { lines, outcomes };
}

async function eventually(condition: () => boolean): Promise<void> {
  for (const limit = performance.now() + 12_000; performance.now() < limit; await delay(20)) if (condition()) return;
  throw new Error('it did not happen');
}

const ofLevel = (lines: ReturnType<typeof start>['lines'], level: string) =>
  lines.filter((line) => line.level === level);

it('audits the poll that was sealed last after a start, and each poll that is sealed later, once', async () => {
  await seal('1');
  await seal('2');
  await project();
  const { lines, outcomes } = start();
  await eventually(() => lines.length === 1);
  await seal('3');
  await project();
  await eventually(() => lines.length === 2);
  await delay(6000);

  expect(audited).toEqual(['2', '3']);
  expect(lines.map(({ level, message, fields }) => [level, message, fields['poll']])).toEqual([
    ['info', 'the audit of a sealed poll agrees', '2'],
    ['info', 'the audit of a sealed poll agrees', '3'],
  ]);
  expect(await outcomes()).toEqual({ agrees: 2, differs: 0, failed: 0 });
}, 30_000);

it('audits a rehearsal as well, and calls nobody for it: it is told in the log alone', async () => {
  await seal('1');
  await seal('2', true);
  await project();
  const { lines, outcomes } = start();
  await eventually(() => lines.length === 1);
  // after a start it is the last real result that somebody may announce
  expect(audited).toEqual(['1']);
  await seal('3', true);
  await project();
  await forge('3');
  await eventually(() => lines.length === 2);

  expect(lines[1]).toMatchObject({ level: 'error', fields: { poll: '3', rehearsal: true } });
  expect(await outcomes()).toEqual({ agrees: 1, differs: 0, failed: 0 });
}, 30_000);

it('calls for help when the tally is not what the log says, and looks again once it was rebuilt', async () => {
  await seal('1');
  await project();
  await forge('1');
  const { lines, outcomes } = start();
  await eventually(() => lines.length === 1);

  expect(lines[0]).toMatchObject({
    level: 'error',
    message: 'the audit of a sealed poll does not agree',
    fields: { poll: '1', checks: expect.stringContaining('read-model') },
  });
  expect(await outcomes()).toEqual({ agrees: 0, differs: 1, failed: 0 });

  const rebuilt = await world.readModel.create();
  await project(rebuilt);
  await world.readModel.activate(rebuilt, world.tallies.version);
  await eventually(() => lines.length === 2);
  expect(lines[1]).toMatchObject({ level: 'info', message: 'the audit of a sealed poll agrees' });
  expect(await outcomes()).toEqual({ agrees: 1, differs: 0, failed: 0 });
}, 30_000);

it('waits for the tally of the poll', async () => {
  await seal('1');
  const { lines } = start();
  await eventually(() => lines.length === 1);
  expect(lines[0]).toMatchObject({ level: 'warn', message: 'a sealed poll is not audited yet; trying again' });
  expect(audited).toEqual([]);
  await project();
  await eventually(() => ofLevel(lines, 'info').length === 1);
});

it('gives an audit up that does not come about, and says so', async () => {
  await seal('1');
  await project();
  const { lines, outcomes } = start({ of: () => Promise.reject(new Error('the log is away')) });
  await eventually(() => lines.length === 1);
  jest.spyOn(performance, 'now').mockReturnValue(performance.now() + 600_001);
  for (let round = 0; round < 200 && ofLevel(lines, 'error').length === 0; round++) await delay(20);

  expect(ofLevel(lines, 'error')[0]).toMatchObject({
    message: 'a sealed poll could not be audited',
    fields: { poll: '1', err: new Error('the log is away') },
  });
  expect(await outcomes()).toEqual({ agrees: 0, differs: 0, failed: 1 });
});

it('ends an audit that is under way when the service stops', async () => {
  await seal('1');
  await project();
  let ended = false;
  start({
    of: (_pollId, signal) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => {
          ended = true;
          reject(new Error('stopped'));
        });
        audited.push('1');
      }),
  });
  await eventually(() => audited.length === 1);
  await running.pop()?.beforeApplicationShutdown();
  expect(ended).toBe(true);
});
