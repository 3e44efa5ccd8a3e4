import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import { Gauge, Registry } from 'prom-client';

import { type LogLine, recordingLogger } from '../../../libs/platform/testing/recording-logger.ts';
import type { BallotBox } from './ballot-box.ts';
import { VoteWaits } from './vote-waits.ts';

const box = { depth: 0, waits: { oldestMs: 0, standstillMs: 0 } };
let lines: LogLine[];
let gauges: Gauge[];
let waits: VoteWaits;

beforeEach(() => {
  jest.useFakeTimers();
  const recording = recordingLogger();
  ({ lines } = recording);
  const registers = [new Registry()];
  gauges = ['oldest', 'standstill'].map((name) => new Gauge({ name, help: '-', registers }));
  waits = new VoteWaits(box as BallotBox, gauges[0]!, gauges[1]!, recording.logger);
});
afterEach(() => {
  waits.onApplicationShutdown();
  jest.useRealTimers();
});

/** Half a second later it is like this. */
function then(depth: number, oldestMs: number, standstillMs: number): void {
  Object.assign(box, { depth, waits: { oldestMs, standstillMs } });
  jest.advanceTimersByTime(500);
}

it('tells metrics how long votes wait', async () => {
  then(3, 700, 250);

  const values = await Promise.all(gauges.map(async (gauge) => (await gauge.get()).values[0]?.value));
  expect(values).toEqual([0.7, 0.25]);
});

it('tells the log once when none is stored, and once when that is over', () => {
  then(1, 600, 600);
  expect(lines).toEqual([]);
  then(5, 1100, 1100);
  then(9, 1600, 1600);
  then(0, 0, 0);
  then(1, 20, 20);

  expect(lines).toMatchObject([
    {
      level: 'error',
      fields: { code: 'log-unavailable', queue: 5, oldest_seconds: 1.1 },
      message: 'votes come in and none is stored',
    },
    { level: 'info', fields: { queue: 0, seconds: 2.1 }, message: 'the standstill of the votes is over' },
  ]);
});
