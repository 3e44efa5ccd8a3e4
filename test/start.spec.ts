import { beforeAll, describe, expect, it } from '@jest/globals';
import { createServer, type Server as NetServer } from 'node:net';
import { once } from 'node:events';

import { expectNoLeak } from './support/problem.ts';
import { Server, freePort } from './support/server.ts';

/** A refusal to start: quickly, with exit code 1, and in words. */
async function expectRefusal(server: Server, words: RegExp): Promise<void> {
  const began = performance.now();
  expect(await server.exited).toEqual({ code: 1, signal: null });
  expect(performance.now() - began).toBeLessThan(10_000);
  expect(server.output).toMatch(/cannot start: /);
  expect(server.output).toMatch(words);
  expect(server.output).not.toMatch(/\n\s+at |Error:/);
}

async function occupied(): Promise<{ port: number; listener: NetServer }> {
  const port = await freePort();
  const listener = createServer();
  await once(listener.listen(port, '127.0.0.1'), 'listening');
  return { port, listener };
}

describe('a second start', () => {
  let first: Server;

  beforeAll(async () => {
    first = await Server.start();
  });

  it('on the same data fails at once and says so; the first goes on', async () => {
    const client = first.client();
    await client.cast(1);
    const second = await Server.launch({ dataDir: first.dataDir });
    await expectRefusal(second, /data directory .* is in use by another process/);
    await client.cast(2);
    expect((await client.get('/health/ready')).status).toBe(200);
  });

  it('on the same port fails and says so; the first goes on', async () => {
    const second = await Server.launch({ port: first.port });
    await expectRefusal(second, new RegExp(`address already in use 127.0.0.1:${String(first.port)}`));
    await first.client().cast(1);
  });

  it('with the same port for metrics fails and says so', async () => {
    const second = await Server.launch({ env: { METRICS_PORT: String(first.metricsPort) } });
    await expectRefusal(second, new RegExp(`address already in use 127.0.0.1:${String(first.metricsPort)}`));
  });

  it('after the first was killed works: no lock is left behind', async () => {
    await first.kill();
    const next = await Server.start({ dataDir: first.dataDir });
    expect((await next.client().total()).total).toBe(3);
  });
});

describe('a port that another program has', () => {
  it('is named', async () => {
    const { port, listener } = await occupied();
    await expectRefusal(await Server.launch({ port }), new RegExp(`address already in use 127.0.0.1:${String(port)}`));
    listener.close();
  });
});

describe('a wrong variable', () => {
  it('is named with its value, and so are all others', async () => {
    const env = {
      PORT: '70000',
      METRICS_PORT: '-1',
      LOG_LEVEL: 'loud',
      HUMAN_CHECK_DIFFICULTY: '0',
      HUMAN_CHECK_LIFETIME_SECONDS: '5',
      VOTE_BATCH_LIMIT: '2.5',
      RATE_LIMIT: 'none',
    };
    const server = await Server.launch({ env });
    await expectRefusal(server, /./);
    for (const [name, value] of Object.entries(env)) expect(server.output).toContain(`${name}=${value}: `);
    expectNoLeak(server.output);
  });

  it('is named even when it is a proxy that is no address', async () => {
    await expectRefusal(await Server.launch({ env: { TRUSTED_PROXIES: 'nginx' } }), /TRUSTED_PROXIES/);
  });
});
