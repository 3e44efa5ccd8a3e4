import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Controller, Get, Injectable, Module, type OnApplicationShutdown } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { register } from 'prom-client';

import { createApp, listen, stopOnSignals } from './bootstrap.ts';
import { type Environment, readEnvironment } from './environment.ts';
import { Readiness } from './health/readiness.ts';
import { PlatformModule } from './platform.module.ts';

@Injectable()
class Store implements OnApplicationShutdown {
  static open = true;
  onApplicationShutdown(): void {
    Store.open = false;
  }
}

@Controller()
class SlowController {
  @Get('lento')
  async slow(): Promise<{ storeIsOpen: boolean }> {
    await delay(200);
    return { storeIsOpen: Store.open };
  }

  @Get('quebrado')
  broken(): never {
    throw new Error('a secret path: /srv/data');
  }
}

let directory: string;
let app: NestFastifyApplication;
let environment: Environment;
let url: string;

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

beforeAll(() => {
  // one for all: a process has one log
  directory = mkdtempSync(join(tmpdir(), 'paredao-'));
});
afterAll(() => {
  rmSync(directory, { recursive: true });
});

beforeEach(async () => {
  register.clear();
  Store.open = true;
  environment = readEnvironment(
    { port: 0, metricsPort: await freePort(), dataDir: directory, logFile: join(directory, 'x.log') },
    {},
  );
  const platform = PlatformModule.for({ name: 'test', environment });

  @Module({ imports: [platform], controllers: [SlowController], providers: [Store] })
  class TestModule {}
  app = await createApp(TestModule, environment, 'Test');
  await listen(app, environment);
  url = await app.getUrl();
});
afterEach(async () => {
  await app.close();
  jest.restoreAllMocks();
});

const statusOf = async (path: string): Promise<number> => (await fetch(url + path)).status;

describe('a service', () => {
  it('says that it lives and is ready', async () => {
    expect(await statusOf('/health/live')).toBe(200);
    expect(await statusOf('/health/ready')).toBe(200);
  });

  it('is not ready, and says why, while a part of it is not', async () => {
    app.get(Readiness).add('log', () => Promise.reject(new Error('disk full')));
    const answer = await fetch(`${url}/health/ready`);

    expect(answer.status).toBe(503);
    expect(await answer.json()).toMatchObject({
      status: 'error',
      error: { log: { status: 'down', message: 'disk full' } },
    });
  });

  it('shows its metrics on their own port only', async () => {
    expect(await statusOf('/metrics')).toBe(404);
    const metrics = await fetch(`http://127.0.0.1:${String(environment.metricsPort)}/metrics`);

    expect(metrics.status).toBe(200);
    expect(await metrics.text()).toContain('http_request_duration_seconds');
  });

  it.each([
    ['an unknown address', 'GET', '/nada', 404, 'not-found'],
    ['a wrong method', 'DELETE', '/lento', 405, 'method-not-allowed'],
    ['a bug', 'GET', '/quebrado', 500, 'internal-error'],
  ])('answers %s with a problem that tells nothing from inside', async (_what, method, path, status, code) => {
    const answer = await fetch(url + path, { method });

    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    const problem = (await answer.json()) as object;
    expect(problem).toMatchObject({ code, status });
    expect(Object.keys(problem).sort()).toEqual(['code', 'status', 'title', 'type']);
  });
});

describe('a service that is told to stop', () => {
  let exits: unknown[];
  let timers: jest.SpiedFunction<typeof setTimeout>;

  /** The timers that end a stop which takes too long, with what they do. */
  const limits = (): { timer: NodeJS.Timeout; end: () => void }[] =>
    timers.mock.calls.flatMap(([end, milliseconds], index) =>
      milliseconds === 9500 ? [{ timer: timers.mock.results[index]?.value as NodeJS.Timeout, end }] : [],
    );

  beforeEach(() => {
    exits = [];
    jest.spyOn(process, 'exit').mockImplementation(((code) => exits.push(code)) as typeof process.exit);
    timers = jest.spyOn(globalThis, 'setTimeout');
    stopOnSignals(app);
  });
  afterEach(() => {
    for (const { timer } of limits()) clearTimeout(timer);
    process.removeAllListeners('SIGTERM').removeAllListeners('SIGINT');
  });

  it('answers what is in flight, with its stores still open, and only then ends with 0', async () => {
    const slow = fetch(`${url}/lento`);
    await delay(50);
    process.emit('SIGTERM');
    await delay(50);
    expect(exits).toEqual([]);

    expect(await (await slow).json()).toEqual({ storeIsOpen: true });
    await delay(100);
    expect(exits).toEqual([0]);
    expect(Store.open).toBe(false);
  });

  it('is not ready any more and refuses new work, kindly', async () => {
    app.get(Readiness).endWork();
    const refused = await fetch(`${url}/lento`);
    const ready = await fetch(`${url}/health/ready`);

    expect(refused.status).toBe(503);
    expect(refused.headers.get('retry-after')).toBe('2');
    expect(refused.headers.get('connection')).toBe('close');
    expect(await refused.json()).toMatchObject({ code: 'shutting-down' });
    expect(ready.status).toBe(503);
    expect(await ready.json()).toMatchObject({ status: 'shutting_down' });
    expect(await statusOf('/health/live')).toBe(200);
  });

  it('ends at once with 1 at the second signal', async () => {
    const slow = fetch(`${url}/lento`);
    await delay(50);
    process.emit('SIGINT');
    process.emit('SIGINT');

    expect(exits).toEqual([1]);
    await slow;
    await delay(100);
  });

  it('ends with 1 when it takes too long', async () => {
    const slow = fetch(`${url}/lento`);
    await delay(50);
    process.emit('SIGTERM');
    limits()[0]?.end();

    expect(exits).toEqual([1]);
    await slow;
    await delay(100);
  });

  it('has its log written when it ends', async () => {
    await statusOf('/quebrado');
    process.emit('SIGTERM');
    await delay(200);

    expect(exits).toEqual([0]);
    const errors = readFileSync(join(directory, 'x.log'), 'utf8')
      .split('\n')
      .filter((line) => line.includes('"error"'));
    expect(errors.map((line) => (JSON.parse(line) as { mensagem: string }).mensagem)).toContain('request failed');
  });
});
