import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import Fastify, { type FastifyInstance, type HTTPMethods } from 'fastify';
import type { PinoLogger } from 'nestjs-pino';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';

import { LATENCY_BUCKETS } from '../metrics.ts';
import { ProblemError } from '../problems.ts';
import { type LogLine, recordingLogger } from '../testing/recording-logger.ts';
import { sendProblem } from './paredao-adapter.ts';
import { RequestObserver } from './request-observer.ts';

let lines: LogLine[];
let logger: PinoLogger;
let debug: boolean;
let inFlight: Gauge;
let duration: Histogram;
let problems: Counter;
let fastify: FastifyInstance;
let observer: RequestObserver;

beforeEach(async () => {
  ({ logger, lines } = recordingLogger(() => debug));
  debug = false;
  const registers = [new Registry()];
  inFlight = new Gauge({ name: 'in_flight', help: '-', registers });
  const labelNames = ['route', 'method', 'status'];
  duration = new Histogram({ name: 'duration', help: '-', registers, labelNames, buckets: LATENCY_BUCKETS });
  problems = new Counter({ name: 'problems', help: '-', registers, labelNames: ['code'] });
  observer = new RequestObserver(duration, inFlight, problems, logger);
  fastify = Fastify({ logger: false });
  observer.attach(fastify);
  fastify.setErrorHandler((error, _request, reply) => sendProblem(reply, error));
  fastify.setNotFoundHandler((_request, reply) => sendProblem(reply, new ProblemError('not-found')));
  fastify.get('/bom', () => ({}));
  fastify.get('/lento', () => delay(60));
  fastify.get('/parado', () => new Promise(() => {}));
  fastify.post('/votar/:participante', () => {
    throw new ProblemError('poll-not-open');
  });
  fastify.get('/quebrado', () => {
    throw new Error('a bug');
  });
  await fastify.ready();
});
afterEach(async () => {
  observer.onApplicationShutdown();
  await fastify.close();
});

const ask = async (method: HTTPMethods, url: string): Promise<void> => {
  await fastify.inject({ method, url });
  await delay(1);
};

/** The summary of everything so far, as the next second would bring it: level, method, route, code or status, count. */
const summary = (): string[] => {
  observer.onApplicationShutdown();
  return lines.filter(({ message }) => message === 'requests in the last second').map(shortly);
};

const shortly = ({ level, fields }: LogLine): string => {
  const { method, route, code, status, count } = fields;
  return [level, method, route, code ?? status, count].join(' ');
};

describe('the summary of a second', () => {
  it('is a line at info for what went well', async () => {
    await ask('GET', '/bom');
    await ask('GET', '/bom');

    expect(summary()).toEqual(['info GET /bom 200 2']);
    expect(lines).toHaveLength(1);
  });

  it('has a line at warn for what was refused, with its code', async () => {
    await ask('GET', '/bom');
    await ask('POST', '/votar/1');
    await ask('POST', '/votar/2');

    expect(summary()).toEqual(['warn POST /votar/:participante poll-not-open 2', 'info GET /bom 200 1']);
  });

  it('has lines for the worst of very many outcomes, and one for all others', async () => {
    const app = Fastify({ logger: false });
    observer.attach(app);
    for (let route = 0; route < 40; route++) {
      app.get(`/${String(route)}`, (_request, reply) => reply.code(route === 30 ? 503 : 200).send());
    }
    for (let route = 0; route < 40; route++) await app.inject(`/${String(route)}`);
    await delay(1);

    const own = summary();
    expect([own.length, own[0]]).toEqual([12, 'error GET /30 503 1']);
    expect(lines.at(-1)).toMatchObject({ level: 'warn', fields: { outcomes: 28, count: 28 } });
  });

  it('begins anew every second, and is left out when nothing happened', async () => {
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask', 'setTimeout'] });
    const own = new RequestObserver(duration, inFlight, problems, logger);
    const app = Fastify({ logger: false });
    own.attach(app);
    app.get('/bom', () => ({}));
    for (const second of [1, 2, 3]) {
      if (second !== 2) await app.inject('/bom');
      await delay(1);
      jest.advanceTimersByTime(1000);
    }
    jest.useRealTimers();
    own.onApplicationShutdown();

    expect(lines.map(shortly)).toEqual(['info GET /bom 200 1', 'info GET /bom 200 1']);
  });

  it('never says whom anybody voted for', async () => {
    debug = true;
    await ask('POST', '/votar/1');
    summary();

    expect(JSON.stringify(lines)).not.toContain('/votar/1');
  });

  it('counts strange methods and addresses together, so that nobody can make it grow', async () => {
    const strange = ['PROPFIND', 'LOCK', 'TRACE', 'SEARCH', 'MKCOL'] as const;
    for (const method of strange) fastify.addHttpMethod(method);
    for (const method of strange) await ask(method, `/${method}/${String(Math.random())}`);
    for (let round = 0; round < 20; round++) await ask('GET', `/${String(Math.random())}`);

    expect(summary()).toEqual(['warn other unmatched not-found 5', 'warn GET unmatched not-found 20']);
    const series = (await duration.get()).values.filter(({ metricName }) => metricName === 'duration_count');
    expect(series.map(({ labels, value }) => [labels['route'], labels['method'], labels['status'], value])).toEqual([
      ['unmatched', 'other', '404', 5],
      ['unmatched', 'GET', '404', 20],
    ]);
  });
});

describe('a fault', () => {
  it('is logged at error with its stack, and five a second at most; the summary counts all', async () => {
    for (let round = 0; round < 8; round++) await ask('GET', '/quebrado');

    expect(summary()).toEqual(['error GET /quebrado internal-error 8']);
    const errors = lines.filter(({ message }) => message === 'request failed');
    expect(errors).toHaveLength(5);
    expect(errors[0]).toMatchObject({
      message: 'request failed',
      fields: { route: '/quebrado', code: 'internal-error' },
    });
    expect((errors[0]?.fields['err'] as Error).stack).toContain('a bug');
  });
});

describe('the counts since the start', () => {
  it('are told by code, from zero on', async () => {
    await ask('POST', '/votar/1');
    await ask('GET', '/quebrado');
    await ask('GET', '/nada');
    await ask('GET', '/nada');

    const { values } = await problems.get();
    const counted = values.filter(({ value }) => value > 0).map(({ labels, value }) => [labels['code'], value]);
    expect(counted).toEqual([
      ['not-found', 2],
      ['poll-not-open', 1],
      ['internal-error', 1],
    ]);
    expect(values.length).toBeGreaterThan(counted.length);
    expect(values).toContainEqual({ labels: { code: 'queue-full' }, value: 0 });
  });

  it('are told by how long requests took, as the histogram has them', async () => {
    for (let round = 0; round < 3; round++) await ask('POST', '/votar/1');

    const [outcome] = [...observer.outcomes()];
    const { values } = await duration.get();
    const buckets = values.filter(({ metricName }) => metricName === 'duration_bucket').map(({ value }) => value);
    let sum = 0;
    expect(outcome?.within.map((count) => (sum += count))).toEqual(buckets);
    expect(sum).toBe(3);
  });

  it('begin at zero for what a route is known to answer', async () => {
    observer.expect('POST', '/votar/:participante', ['201', '503']);

    const { values } = await duration.get();
    const counts = values.filter(({ metricName }) => metricName === 'duration_count');
    expect(counts.map(({ labels, value }) => [labels['status'], value])).toEqual([
      ['201', 0],
      ['503', 0],
    ]);
  });
});

describe('a request that stored something', () => {
  beforeEach(async () => {
    const app = Fastify({ logger: false });
    observer.attach(app);
    app.get('/guardar', (_request, reply) => {
      reply.poll = '1';
      reply.position = 42n;
      return {};
    });
    await app.ready();
    fastify = app;
  });

  it('has its poll and position in its line at debug', async () => {
    debug = true;
    await ask('GET', '/guardar');

    expect(lines).toMatchObject([{ level: 'debug', fields: { poll: '1', position: '42', status: 200 } }]);
  });

  it('is logged at info once in a thousand', async () => {
    for (let round = 0; round < 2500; round++) await fastify.inject('/guardar');
    await delay(1);

    const found = lines.filter(({ message }) => message === 'one request in 1,000');
    expect(found).toHaveLength(2);
    expect(found[0]).toMatchObject({ level: 'info', fields: { position: '42', request_id: expect.any(String) } });
  });
});

describe('a request', () => {
  it('is logged at debug, if that is wanted', async () => {
    debug = true;
    await ask('GET', '/bom');

    expect(lines).toMatchObject([{ level: 'debug', fields: { method: 'GET', route: '/bom', status: 200 } }]);
    expect(lines[0]?.fields['request_id']).toBeDefined();
  });

  it('is measured from beginning to end', async () => {
    await ask('GET', '/lento');

    const { values } = await duration.get();
    const sum = values.find(({ metricName }) => metricName === 'duration_sum')?.value ?? 0;
    expect(sum).toBeGreaterThan(0.05);
    expect(sum).toBeLessThan(1);
  });

  it('is in flight until it is answered', async () => {
    const asking = ask('GET', '/lento');
    await delay(10);
    expect((await inFlight.get()).values[0]?.value).toBe(1);
    await asking;
    expect((await inFlight.get()).values[0]?.value).toBe(0);
  });

  it('whose client hangs up is over, and no success', async () => {
    await fastify.listen({ port: 0, host: '127.0.0.1' });
    const { port } = fastify.server.address() as { port: number };
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    socket.write('GET /parado HTTP/1.1\r\nhost: x\r\n\r\n');
    await delay(20);
    expect((await inFlight.get()).values[0]?.value).toBe(1);
    socket.destroy();
    await delay(20);

    expect((await inFlight.get()).values[0]?.value).toBe(0);
    expect(summary()).toEqual(['warn GET /parado 499 1']);
  });
});
