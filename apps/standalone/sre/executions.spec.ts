import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import { Counter, Histogram, register } from 'prom-client';

import { LATENCY_BUCKETS } from '#platform';

import { Executions } from './executions.ts';

const FIRST_SECOND = new Date('2026-11-24T22:00:00.000Z');

let duration: Histogram;
let problems: Counter;
let executions: Executions;

beforeEach(() => {
  const labelNames = ['route', 'method', 'status'];
  duration = new Histogram({ name: 'http_request_duration_seconds', help: '-', labelNames, buckets: LATENCY_BUCKETS });
  problems = new Counter({ name: 'http_problems_total', help: '-', labelNames: ['code'] });
  jest.useFakeTimers({ now: FIRST_SECOND });
  executions = new Executions();
  executions.onApplicationBootstrap();
});
afterEach(() => {
  executions.onModuleDestroy();
  jest.useRealTimers();
  register.clear();
});

const second = (): Promise<void> => jest.advanceTimersByTimeAsync(1000);

function requests(count: number, route: string, status: number, seconds = 0.03): void {
  const method = route === '/votar/:participante' ? 'POST' : 'GET';
  for (let number = 0; number < count; number++) duration.observe({ route, method, status }, seconds);
}

it('has a sample a second with the rates of the last seconds', async () => {
  await second();
  requests(10, '/votar/:participante', 201);
  requests(4, '/votar/:participante', 503);
  requests(6, '/paredao', 200);
  requests(2, '/paredao', 404);
  await second();
  await second();

  const [first, next] = executions.samples();
  expect(first).toMatchObject({ medido_em: '2026-11-24T22:00:02.000Z', pedidos: 22, votos: 14, falhas: 4, recusas: 2 });
  expect(next).toMatchObject({ pedidos: 11, votos: 7, falhas: 2, recusas: 1 });
  expect(first?.p50_segundos).toBeCloseTo(0.0375);
  expect(executions.samples(1)).toEqual([next]);
});

it('tells routes apart, the busiest first, and leaves out live streams and what was not asked for', async () => {
  requests(5, '/desafio', 200);
  await second();
  requests(1, '/paredao', 200);
  requests(20, '/votar/:participante', 201, 0.2);
  requests(3, '/total/aovivo', 200, 3600);
  await second();

  expect(executions.routes()).toMatchObject([
    { rota: 'POST /votar/:participante', por_segundo: 20, p50_segundos: 0.175 },
    { rota: 'GET /paredao', por_segundo: 1 },
  ]);
  expect(executions.samples()).toMatchObject([{ pedidos: 21 }]);
});

it('counts problems by code over the time it remembers', async () => {
  problems.inc({ code: 'not-found' }, 5);
  await second();
  problems.inc({ code: 'queue-full' }, 3);
  problems.inc({ code: 'not-found' }, 1);
  await second();

  expect(executions.problems()).toEqual([
    { codigo: 'queue-full', pedidos: 3 },
    { codigo: 'not-found', pedidos: 1 },
  ]);
});

it('has nothing to say of a second without votes, and forgets after five minutes', async () => {
  for (let count = 0; count < 400; count++) await second();

  expect(executions.samples()).toHaveLength(300);
  expect(executions.samples(1)).toMatchObject([{ pedidos: 0, p50_segundos: null, p99_segundos: null, falhas: 0 }]);
});
