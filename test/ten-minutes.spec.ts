import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { join } from 'node:path';

import { PlatformModule, StoresModule, createApp, readEnvironment } from '#platform';

import { LogWatch } from '../apps/command-api/poll-lifecycle/log-watch.ts';
import { openDemoPoll } from '../apps/standalone/demo-poll.ts';
import { StandaloneModule } from '../apps/standalone/standalone.module.ts';
import { solvedPayload } from '../bench/lib/solver.ts';
import type { Challenge } from '../libs/contract/index.ts';
import { seeded } from '../libs/platform/testing/seeded.ts';
import { temporaryDirectory } from './support/server.ts';

/** The difficulty of this service, of a real one, and what a slow phone solves of that in a second. */
const [DIFFICULTY, REAL_DIFFICULTY, SLOW_PHONE] = [100, 250_000, 950_000];
const TEN_MINUTES_MS = 600_000;
const PERSON = '198.51.100.7';

let app: NestFastifyApplication;

beforeAll(async () => {
  // the clocks stand still until the spec moves them; timers run as ever
  jest.useFakeTimers({
    now: Date.now(),
    doNotFake: ['hrtime', 'nextTick', 'queueMicrotask', 'setImmediate', 'clearImmediate']
      .concat(['setInterval', 'clearInterval', 'setTimeout', 'clearTimeout'])
      .map((name) => name as 'setTimeout'),
  });
  const dataDir = temporaryDirectory();
  const logFile = join(dataDir, 'log');
  const environment = readEnvironment({ dataDir, logFile, humanCheckDifficulty: DIFFICULTY }, {});
  const stores = await StoresModule.open(environment, { eventLog: 'write', readModel: true });
  const platform = PlatformModule.for({ name: 'standalone', environment });
  app = await createApp(StandaloneModule.on(platform, stores), environment, 'Paredão');
  await app.init();
  await openDemoPoll(app, 2);
});
afterAll(async () => {
  await app.close();
  jest.useRealTimers();
});

describe('a person who votes for ten minutes', () => {
  it.each([3, 5])('every %i s or so is never refused, and never waits for a challenge', async (seconds) => {
    const random = seeded(seconds);
    const statuses: number[] = [];
    let waited = 0;
    for (const end = Date.now() + TEN_MINUTES_MS; Date.now() < end;) {
      const asked = await app.inject({ method: 'GET', url: '/desafio', remoteAddress: PERSON });
      const { parameters, signature, cedula } = asked.json<Challenge>();
      const solvingMs = (1000 * REAL_DIFFICULTY * parameters.data.dificuldade) / DIFFICULTY / SLOW_PHONE;
      const pause = 1000 * seconds * (0.7 + 0.6 * random());
      waited += Math.max(0, solvingMs - pause);
      jest.advanceTimersByTime(pause);
      // the service does that every second of its own
      await app.get(LogWatch).look();
      const altcha = solvedPayload({ parameters, signature });
      const vote = { method: 'POST', url: '/votar/1', payload: { altcha, cedula }, remoteAddress: PERSON } as const;
      statuses.push(asked.statusCode, (await app.inject(vote)).statusCode);
    }
    expect(statuses.length).toBeGreaterThan((1.8 * TEN_MINUTES_MS) / 1000 / seconds);
    expect(new Set(statuses)).toEqual(new Set([200, 201]));
    expect(waited).toBe(0);
    // the next one begins anew
    jest.advanceTimersByTime(TEN_MINUTES_MS);
  });
});
