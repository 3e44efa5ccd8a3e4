import { afterEach, describe, expect, it } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';

import type { Answer } from './support/client.ts';
import { Crowd } from './support/crowd.ts';
import { eventually } from './support/eventually.ts';
import { expectExact } from './support/exactness.ts';
import { expectProblem } from './support/problem.ts';
import { Random } from './support/random.ts';
import { Server } from './support/server.ts';
import { StalledLog } from '../bench/lib/stalled-log.ts';

const STOP_LIMIT_MS = 10_000;
const VOTERS = 24;
const IN_FLIGHT = 30;

let stalled: StalledLog | undefined;

afterEach(() => {
  stalled?.release();
  stalled = undefined;
});

/** Votes that are sent, and on their way to a log that does not take them. */
async function votesInFlight(server: Server): Promise<Promise<Answer>[]> {
  const client = server.client();
  const challenges = await Promise.all(Array.from({ length: IN_FLIGHT }, () => client.solved()));
  stalled = new StalledLog(server.dataDir);
  const votes = challenges.map((challenge) => client.vote(1, challenge));
  await eventually(
    () => server.metric('vote_queue_depth'),
    (depth) => depth === IN_FLIGHT,
  );
  return votes;
}

describe('SIGTERM', () => {
  it('lets the votes in flight finish, and meanwhile is not ready and refuses new ones', async () => {
    const server = await Server.start();
    const votes = await votesInFlight(server);
    const late = server.client();
    const unused = late.get('/paredao');
    expect((await unused).status).toBe(200);

    const began = performance.now();
    server.signal('SIGTERM');
    const ready = await eventually(
      () => late.get('/health/ready'),
      // a log that does not answer is a reason of its own, and may be the first
      ({ json }) => json.status === 'shutting_down',
    );
    expect([ready.status, ready.json.status]).toEqual([503, 'shutting_down']);
    const refused = await late.call('POST', '/votar/1', { json: { altcha: 'e30=' } });
    expectProblem(refused, 503, 'shutting-down');
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect(refused.headers.connection).toBe('close');
    expect(server.isRunning).toBe(true);

    stalled?.release();
    stalled = undefined;
    const answers = await Promise.all(votes);
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: IN_FLIGHT }, () => 201));
    expect(await server.exited).toEqual({ code: 0, signal: null });
    expect(performance.now() - began).toBeLessThan(STOP_LIMIT_MS);
    expect(server.output).toMatch(
      new RegExp(`Paredão stopped in [\\d.]+ s: ${IN_FLIGHT} votes on their way were stored`),
    );

    const next = await Server.start({ dataDir: server.dataDir });
    const acknowledged = new Map(answers.map(({ json }) => [json.voto.id as string, 1]));
    const { distinct } = await expectExact(next.dataDir, next.client(), acknowledged);
    expect(distinct).toBe(IN_FLIGHT);
  });

  it('under load ends with exit code 0 in time; the crowd goes on with the next start and no vote is lost', async () => {
    const server = await Server.start();
    const { dataDir, port } = server;
    const crowd = new Crowd(port, VOTERS, new Random(3));
    const stream = server.client().stream('/resultado/aovivo', Infinity);
    await crowd.voted(20 * VOTERS);

    const began = performance.now();
    expect(await server.stop()).toEqual({ code: 0, signal: null });
    console.log(`stopped under load in ${String(Math.round(performance.now() - began))} ms`);
    expect(performance.now() - began).toBeLessThan(STOP_LIMIT_MS);
    expect((await stream).events.length).toBeGreaterThan(0);

    const next = await Server.start({ dataDir, port });
    await crowd.voted(VOTERS);
    await crowd.end();
    const { acknowledged } = await expectExact(dataDir, next.client(), crowd.acknowledged);
    expect(acknowledged).toBeGreaterThan(20 * VOTERS);
    expect(Object.keys(crowd.refusals)).not.toEqual([]);
    for (const code of Object.keys(crowd.refusals)) expect(['connection-lost', 'shutting-down']).toContain(code);
  });

  it('comes to an end even when the log never does: the votes are not acknowledged', async () => {
    const server = await Server.start();
    const votes = Promise.allSettled(await votesInFlight(server));
    const began = performance.now();
    server.signal('SIGTERM');
    const { code } = await server.exited;
    expect(performance.now() - began).toBeLessThan(STOP_LIMIT_MS);
    // it did not end as it should: whoever runs it must know
    expect(code).toBe(1);
    for (const outcome of await votes) {
      if (outcome.status === 'fulfilled') expectProblem(outcome.value, 503, 'log-unavailable');
    }
  });

  it('twice ends at once', async () => {
    const server = await Server.start();
    const votes = Promise.allSettled(await votesInFlight(server));
    server.signal('SIGTERM');
    await delay(200);
    const began = performance.now();
    server.signal('SIGTERM');
    expect(await server.exited).toEqual({ code: 1, signal: null });
    expect(performance.now() - began).toBeLessThan(1000);
    await votes;
  });
});
