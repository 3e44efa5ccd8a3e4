import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { readEnvironment } from '#platform';

import { type LogLine, recordingLogger } from '../../../libs/platform/testing/recording-logger.ts';
import { temporaryDirectory } from '../../../test/support/server.ts';
import { ProblemHistory } from './problem-history.ts';

const MINUTE = 60_000;
const NOW = Date.now();

let dataDir: string;
let file: string;
let lines: LogLine[];
const started: ProblemHistory[] = [];

beforeEach(() => {
  dataDir = temporaryDirectory();
  file = join(dataDir, 'problem-history.json');
  lines = [];
});
afterEach(async () => {
  await Promise.all(started.splice(0).map((history) => history.onApplicationShutdown()));
});

async function start(): Promise<ProblemHistory> {
  const recording = recordingLogger();
  ({ lines } = recording);
  const history = new ProblemHistory(readEnvironment({ dataDir }, {}), recording.logger);
  started.push(history);
  await history.onApplicationBootstrap();
  return history;
}

const counters = (...counts: [string, number][]): Map<string, number> => new Map(counts);

describe('the history of the problems', () => {
  it('has the counts of an hour by minute, the most frequent code first, and nothing for minutes without a process', async () => {
    const history = await start();
    history.add(counters(['not-found', 1]), NOW - 2 * MINUTE);
    history.add(counters(['not-found', 1], ['queue-full', 7]), NOW);

    const [first, second] = history.lastHour(NOW);
    expect([first, second]).toMatchObject([
      { codigo: 'queue-full', pedidos: 7 },
      { codigo: 'not-found', pedidos: 1 },
    ]);
    expect(first?.por_minuto).toHaveLength(60);
    expect(first?.por_minuto.slice(-4)).toEqual([null, 0, null, 7]);
    expect(second?.por_minuto.slice(-4)).toEqual([null, 1, null, 0]);
  });

  it('forgets what is older than an hour', async () => {
    const history = await start();
    history.add(counters(['not-found', 3]), NOW - 61 * MINUTE);
    history.add(counters(['not-found', 4]), NOW);

    expect(history.lastHour(NOW)).toMatchObject([{ codigo: 'not-found', pedidos: 1 }]);
  });

  it('keeps the last hour while the clock is set back, over a restart too', async () => {
    const before = await start();
    before.add(counters(['queue-full', 3]), NOW + 60 * MINUTE);
    before.add(counters(['queue-full', 4]), NOW);
    await before.onApplicationShutdown();

    const after = await start();
    after.add(counters(['queue-full', 2]), NOW + MINUTE);
    expect(after.lastHour(NOW + MINUTE)).toMatchObject([{ pedidos: 3 }]);
    expect(after.lastHour(NOW + 60 * MINUTE)).toMatchObject([{ pedidos: 5 }]);
    for (let minute = 2; minute <= 61; minute++) after.add(counters(), NOW + minute * MINUTE);
    expect(after.lastHour(NOW + 61 * MINUTE)).toEqual([]);
  });

  it('goes on after a restart, whose counters begin at zero', async () => {
    const before = await start();
    before.add(counters(['queue-full', 7]), NOW - MINUTE);
    await before.onApplicationShutdown();

    const after = await start();
    after.add(counters(['queue-full', 2]), NOW);

    expect(after.lastHour(NOW)).toMatchObject([{ codigo: 'queue-full', pedidos: 9 }]);
    expect(readdirSync(dataDir)).toEqual(['problem-history.json']);
  });

  it.each([
    ['no JSON', '{"minutes":', 1],
    ['something else', '[1, null]', 0],
    [
      'counts that cannot be',
      `{"minutes":{"${String(Math.floor(NOW / MINUTE))}":{"queue-full":-1,"evil":9},"x":{}}}`,
      0,
    ],
  ])('begins anew with a file that has %s', async (_what, text, warnings) => {
    writeFileSync(file, text);
    const history = await start();

    expect(lines).toHaveLength(warnings);
    expect(history.lastHour(NOW)).toEqual([]);
    history.add(counters(['not-found', 1]), NOW);
    await history.onApplicationShutdown();
    expect(readFileSync(file, 'utf8')).toContain('"not-found":1');
  });

  it('stays in memory where nothing can be written, and says so once', async () => {
    mkdirSync(file);
    const history = await start();
    lines.length = 0;
    history.add(counters(['not-found', 1]), NOW);
    await history.onApplicationShutdown();
    await history.onApplicationShutdown();

    expect(history.isKept).toBe(false);
    expect(history.lastHour(NOW)).toMatchObject([{ pedidos: 1 }]);
    expect(lines).toMatchObject([{ level: 'warn', message: 'the history of the problems cannot be written' }]);
  });
});
