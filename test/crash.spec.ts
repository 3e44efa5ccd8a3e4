import { expect, it } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';

import { Crowd } from './support/crowd.ts';
import { expectExact } from './support/exactness.ts';
import { Random } from './support/random.ts';
import { Server } from './support/server.ts';

const CRASHES = Number(process.env['CRASHES'] ?? 20);
const SEED = Number(process.env['CRASH_SEED'] ?? 7);
const VOTERS = 24;
/** A crash comes at a random moment of this time under load, ms. */
const LOAD_MS = 600;
/** Some crash again on the way up, within this time, ms. */
const CRASH_AT_START = 0.25;
const START_MS = 1200;
/** The service is back in this time, ms, on a machine that does other things as well. */
const RECOVERY_LIMIT_MS = 10_000;
const TEST_LIMIT_MS = 30_000 + CRASHES * 10_000;

it(
  `${String(CRASHES)} times killed at random moments under load, it comes back by itself and no acknowledged vote is lost`,
  async () => {
    const random = new Random(SEED);
    let server = await Server.start();
    const { dataDir, port } = server;
    const crowd = new Crowd(port, VOTERS, random);
    const recoveries: number[] = [];
    for (let crash = 0; crash < CRASHES; crash++) {
      await crowd.voted(1);
      await delay(random.below(LOAD_MS));
      expect(await server.kill()).toEqual({ code: null, signal: 'SIGKILL' });
      if (random.chance(CRASH_AT_START)) {
        const early = await Server.launch({ dataDir, port });
        await delay(random.below(START_MS));
        await early.kill();
      }
      const down = performance.now();
      server = await Server.start({ dataDir, port });
      recoveries.push(Math.round(performance.now() - down));
    }
    await crowd.voted(VOTERS);
    await crowd.end();
    const { acknowledged, distinct } = await expectExact(dataDir, server.client(), crowd.acknowledged);
    console.log(
      `${String(acknowledged)} votes acknowledged, ${String(distinct)} in the log; ready again after ms: ${recoveries.join(' ')}; ` +
        `attempts refused or lost: ${JSON.stringify(crowd.refusals)}`,
    );
    expect(acknowledged).toBeGreaterThan(CRASHES * VOTERS);
    expect(crowd.refusals['connection-lost']).toBeGreaterThan(CRASHES);
    expect(Math.max(...recoveries)).toBeLessThan(RECOVERY_LIMIT_MS);
    // votes with challenges from before the start wait until it knows which of them were used
    const errors = server.log().filter(({ level }) => level === 'error' || level === 'fatal');
    expect(errors.filter(({ code }) => code !== 'log-unavailable')).toEqual([]);
  },
  TEST_LIMIT_MS,
);
