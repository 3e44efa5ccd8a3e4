import { beforeAll, describe, expect, it } from '@jest/globals';

import { PROBLEM_CODES } from '../libs/contract/index.ts';
import type { Answer, Client } from './support/client.ts';
import { eventually } from './support/eventually.ts';
import { expectExact } from './support/exactness.ts';
import { type FuzzedRequest, fuzzedRequest } from './support/fuzz.ts';
import { expectNoLeak, expectProblemShape } from './support/problem.ts';
import { Random } from './support/random.ts';
import { Server } from './support/server.ts';

const REQUESTS = Number(process.env['FUZZ_REQUESTS'] ?? 5000);
const SEED = Number(process.env['FUZZ_SEED'] ?? 20_261_123);
const AT_ONCE = 16;

/** A dozen outcomes, one line for all others, and the projector's; and a few lines for what happens once. */
const LINES_PER_SECOND = 14;
const LINES_ONCE = 5;

let server: Server;
let client: Client;
let linesBefore: number;
let seconds: number;

const outcomes: { request: FuzzedRequest; answer: Answer }[] = [];

beforeAll(async () => {
  server = await Server.start();
  client = server.client();
  const random = new Random(SEED);
  const { cedula } = await client.challenge();
  const solved = await Promise.all(Array.from({ length: 10 }, async () => ({ altcha: await client.solved(), cedula })));
  const requests = Array.from({ length: REQUESTS }, () => fuzzedRequest(random, solved));
  linesBefore = server.log().length;
  const started = performance.now();
  const worker = async (): Promise<void> => {
    for (let request = requests.pop(); request !== undefined; request = requests.pop()) {
      outcomes.push({ request, answer: await client.call(request.method, request.path, request) });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  seconds = (performance.now() - started) / 1000;
  console.log(
    `${String(REQUESTS)} requests in ${seconds.toFixed(1)} s, seed ${String(SEED)}: ${JSON.stringify(byStatus())}`,
  );
}, 120_000);

function byStatus(): Record<number, number> {
  const counts: Record<number, number> = {};
  for (const { answer } of outcomes) counts[answer.status] = (counts[answer.status] ?? 0) + 1;
  return counts;
}

/** Fails with the request in the message, so that it can be sent again. */
function forEach(check: (answer: Answer, request: FuzzedRequest) => void): void {
  for (const { request, answer } of outcomes) {
    try {
      check(answer, request);
    } catch (error) {
      const sent = JSON.stringify({ ...request, body: String(request.body) });
      throw new Error(`${sent} → ${answer.text}: ${(error as Error).message}`, { cause: error });
    }
  }
}

describe('requests of every kind', () => {
  it('are all answered, and reach success and every kind of refusal', () => {
    expect(outcomes).toHaveLength(REQUESTS);
    for (const status of [200, 201, 400, 401, 403, 404, 405, 413, 415])
      expect(byStatus()).toHaveProperty(String(status));
  });

  it('never find a fault', () => {
    forEach(({ status }) => {
      expect(status).toBeGreaterThanOrEqual(200);
      expect(status).toBeLessThan(500);
    });
    expect(server.log().filter(({ level }) => level === 'error' || level === 'fatal')).toEqual([]);
    expect(server.isRunning).toBe(true);
  });

  it('are refused with a known problem, and with nothing of the inside', () => {
    forEach((answer, { method }) => {
      if (answer.status >= 400 && method !== 'HEAD') {
        expectProblemShape(answer);
        expect(PROBLEM_CODES).toContain(answer.json.code);
      }
      expectNoLeak(answer.text);
    });
  });

  it('do not flood the log', () => {
    // the service's seconds begin when they like: of those that the requests touched, the first and the last are not whole
    const touched = Math.ceil(seconds) + 1;
    expect(server.log().length - linesBefore).toBeLessThanOrEqual(LINES_ONCE + LINES_PER_SECOND * touched);
    expect(server.log().length).toBeGreaterThan(linesBefore);
  });

  it('leave the service as it was', async () => {
    expect((await client.get('/health/ready')).status).toBe(200);
    expect((await client.get('/paredao')).json.estado).toBe('aberto');
    const acknowledged = new Map(
      outcomes
        .filter(({ answer }) => answer.status === 201)
        .map(({ answer }) => [answer.json.voto.id as string, answer.json.voto.participante as number]),
    );
    expect((await expectExact(server.dataDir, client, acknowledged)).distinct).toBe(acknowledged.size);
    await eventually(
      () => server.metric('http_requests_in_flight'),
      (inFlight) => inFlight === 1,
    );
  });
});
