import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';

import { LATENCY_BUCKETS, type Outcome } from '#platform';

import { Executions } from './executions.ts';
import { readRequests } from './request-series.ts';

const FIRST_SECOND = new Date('2026-11-24T22:00:00.000Z');
const VOTE_ROUTE = '/votar/:participante';

let outcomes: Outcome[];
let queue = { depth: 0, oldestMs: 0, standstillMs: 0, lagSeconds: 0 };
let executions: Executions;

beforeEach(() => {
  outcomes = [];
  jest.useFakeTimers({ now: FIRST_SECOND });
  queue = { depth: 0, oldestMs: 0, standstillMs: 0, lagSeconds: 0 };
  executions = new Executions();
});
afterEach(() => {
  jest.useRealTimers();
});

function second(count = 1): void {
  for (let passed = 0; passed < count; passed++) {
    jest.advanceTimersByTime(1000);
    executions.add(readRequests(outcomes), queue);
  }
}

function requests(count: number, route: string, status: number, seconds = 0.03): void {
  const method = route === VOTE_ROUTE ? 'POST' : 'GET';
  const first = [...LATENCY_BUCKETS, Infinity].findIndex((bound) => seconds <= bound);
  const within = Array.from({ length: LATENCY_BUCKETS.length + 1 }, (_, bucket) => (bucket === first ? count : 0));
  outcomes.push({ method, route, status, code: undefined, total: count, within });
}

describe('the samples', () => {
  it('are of each second, so that a failure shows in the next one', () => {
    second();
    requests(10, VOTE_ROUTE, 201);
    requests(4, VOTE_ROUTE, 503);
    requests(6, '/paredao', 200);
    requests(2, '/paredao', 404);
    second();
    second();

    const [first, next] = executions.newest(2);
    const rates = { pedidos: 22, votos: 14, votos_com_falha: 4, falhas: 4, recusas: 2 };
    expect(first).toMatchObject({ medido_em: '2026-11-24T22:00:02.000Z', periodo_segundos: 1, ...rates });
    expect(first?.p50_segundos).toBeCloseTo(0.0375);
    expect(next).toMatchObject({ pedidos: 0, votos: 0, falhas: 0, p50_segundos: null, p99_segundos: null });
  });

  it('leave out the time in which the process stood still', () => {
    second(2);
    jest.advanceTimersByTime(7000);
    requests(16, '/paredao', 200);
    second();

    expect(executions.newest(1)).toMatchObject([
      { medido_em: '2026-11-24T22:00:10.000Z', periodo_segundos: 1, pedidos: 2 },
    ]);
  });

  it('of a longer time have the quantiles of all its requests, and the worst of the queue', () => {
    second();
    requests(98, VOTE_ROUTE, 201, 0.03);
    queue = { depth: 7, oldestMs: 2500, standstillMs: 1500, lagSeconds: 6 };
    second();
    queue = { depth: 1, oldestMs: 100, standstillMs: 0, lagSeconds: 0 };
    requests(2, VOTE_ROUTE, 201, 2);
    second(9);

    const [first] = executions.samples(60);
    expect(first).toMatchObject({ na_fila: 7, mais_antigo_segundos: 2.5, parado_segundos: 1.5, atraso_segundos: 6 });
    expect(first).toMatchObject({ medido_em: '2026-11-24T22:00:10.000Z', periodo_segundos: 9 });
    expect(first?.p50_segundos).toBeLessThan(0.05);
    expect(first?.p99_segundos).toBeGreaterThan(1.5);
  });

  it('of a longer time show that the process stood still within it', () => {
    second(12);
    jest.advanceTimersByTime(4000);
    second(8);

    expect(executions.samples(60).map(({ periodo_segundos: seconds }) => seconds)).toEqual([9, 6]);
  });

  it('are fine for ten minutes, coarser for an hour and for six, and no more', () => {
    second(7 * 3600);

    const lengths = [1, 5, 15, 60, 360].map((minutes) => executions.samples(minutes).length);
    expect(lengths).toEqual([60, 300, 90, 360, 360]);
    expect(executions.samples(360)[0]).toMatchObject({ periodo_segundos: 60 });
  });
});

describe('the routes', () => {
  it('are told apart, the busiest first, without live streams and what was not asked for', () => {
    requests(5, '/desafio', 200);
    second();
    requests(1, '/paredao', 200);
    requests(20, VOTE_ROUTE, 201, 0.2);
    requests(3, '/total/aovivo', 200, 3600);
    second();

    expect(executions.routes()).toMatchObject([
      { rota: 'POST /votar/:participante', por_segundo: 20, p50_segundos: 0.175 },
      { rota: 'GET /paredao', por_segundo: 1 },
    ]);
    expect(executions.newest(9)).toMatchObject([{ pedidos: 21 }]);
  });
});

describe('the votes of the last minute', () => {
  it('are those that failed, those that were slow, and the others', () => {
    requests(50, VOTE_ROUTE, 503);
    second();
    requests(10, VOTE_ROUTE, 201);
    requests(3, VOTE_ROUTE, 503, 10);
    requests(2, VOTE_ROUTE, 201, 0.4);
    second(30);

    expect(executions.votesOfTheMinute()).toEqual({ votes: 15, failed: 3, slow: 2 });
    second(61);
    expect(executions.votesOfTheMinute()).toEqual({ votes: 0, failed: 0, slow: 0 });
  });
});
