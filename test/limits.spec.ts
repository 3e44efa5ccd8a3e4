import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';

import { setTimeout as delay } from 'node:timers/promises';

import type { Answer, Client } from './support/client.ts';
import { eventually } from './support/eventually.ts';
import { expectExact } from './support/exactness.ts';
import { expectProblem } from './support/problem.ts';
import { Server } from './support/server.ts';
import { StalledLog } from '../bench/lib/stalled-log.ts';

let stalled: StalledLog | undefined;

afterEach(() => {
  stalled?.release();
  stalled = undefined;
});

const retryAfter = ({ headers }: Answer): number => Number(headers['retry-after']);

describe('the rate limit', () => {
  const LIMIT = 20;
  const from = (client: Client, address: string, path = '/desafio'): Promise<Answer> =>
    client.get(path, { 'x-forwarded-for': address });

  async function used(client: Client, address: string): Promise<void> {
    for (let request = 0; request < LIMIT; request++) expect((await from(client, address)).status).toBe(200);
  }

  let client: Client;

  beforeAll(async () => {
    client = (await Server.start({ env: { RATE_LIMIT: String(LIMIT) } })).client();
  });

  it('stops an address that asks too often, says for how long, and leaves all others alone', async () => {
    await used(client, '203.0.113.1');
    const refused = await from(client, '203.0.113.1');
    expectProblem(refused, 429, 'too-many-requests');
    expect(retryAfter(refused)).toBeGreaterThan(0);
    expect(retryAfter(refused)).toBeLessThanOrEqual(10);
    expect((await from(client, '203.0.113.2')).status).toBe(200);
    // what only reads is not limited: thousands share one address
    expect((await from(client, '203.0.113.1', '/resultado')).status).toBe(200);
  });

  it('takes the /64 of IPv6 for one client', async () => {
    await used(client, '2001:db8:0:1::1');
    expectProblem(await from(client, '2001:db8:0:1:ffff::2'), 429, 'too-many-requests');
    expect((await from(client, '2001:db8:0:2::1')).status).toBe(200);
  });

  it('refuses challenges for a minute to an address that goes on at the highest price', async () => {
    await used(client, '203.0.113.7');
    // the next window
    await delay(10_100);
    const answers: Answer[] = [];
    for (let request = 0; request < LIMIT; request++) answers.push(await from(client, '203.0.113.7'));
    expect(answers[0]?.status).toBe(200);
    const refused = answers.at(-1)!;
    expectProblem(refused, 429, 'too-many-challenges');
    expect(retryAfter(refused)).toBe(10);
    expect((await from(client, '203.0.113.8')).status).toBe(200);
  });

  it.each([
    ['a port', (n: number) => `203.0.113.20:${n + 1024}`],
    ['brackets and a port', (n: number) => `[2001:db8:0:7::1]:${n + 1024}`],
    ['a zone', (n: number) => `2001:db8:0:8::1%eth${n}`],
    ['quotes', (n: number) => `"203.0.113.21:${n}"`],
    ['other spellings', (n: number) => `::ffff:${['cb00:7116', 'CB00:7116', '203.0.113.22'][n % 3]!}`],
    ['what is no address', (n: number) => `203.0.113.23, unknown${n}`],
    ['nothing', (n: number) => `203.0.113.23, _hidden${n}, ,`],
  ])('takes one client for one when its proxy writes %s behind it', async (_what, spelling) => {
    const answers: Answer[] = [];
    for (let n = 0; n <= LIMIT; n++) answers.push(await from(client, spelling(n)));
    expect(answers.at(-1)?.status).toBe(429);
  });

  it('does not ask other headers', async () => {
    const answers: Answer[] = [];
    for (let n = 0; n <= LIMIT; n++) {
      const address = `203.0.113.${30 + n}`;
      const headers = { 'x-forwarded-for': '203.0.113.24', 'x-real-ip': address, forwarded: `for=${address}` };
      answers.push(await client.get('/desafio', headers));
    }
    expect(answers.at(-1)?.status).toBe(429);
  });

  it('believes nobody who was not named as a proxy', async () => {
    const behind = await Server.start({ env: { RATE_LIMIT: String(LIMIT), TRUSTED_PROXIES: '192.0.2.1' } });
    const stranger = behind.client();
    for (let request = 0; request < LIMIT; request++) {
      expect((await from(stranger, `203.0.113.${String(request)}`)).status).toBe(200);
    }
    expectProblem(await from(stranger, '203.0.113.99'), 429, 'too-many-requests');
  });
});

describe('the vote queue', () => {
  it('is bounded: beyond it voters are told at once to come back, and what waits is stored', async () => {
    const [limit, more] = [10, 7];
    const server = await Server.start({ env: { VOTE_QUEUE_LIMIT: String(limit) } });
    const client = server.client();
    const challenges = await Promise.all(Array.from({ length: limit + more }, () => client.solved()));
    stalled = new StalledLog(server.dataDir);
    const waiting = challenges.slice(0, limit).map((challenge) => client.vote(1, challenge));
    await eventually(
      () => server.metric('vote_queue_depth'),
      (depth) => depth === limit,
    );
    for (const challenge of challenges.slice(limit)) {
      const refused = await client.vote(1, challenge);
      expectProblem(refused, 503, 'queue-full');
      expect(retryAfter(refused)).toBeGreaterThan(0);
      expect(refused.milliseconds).toBeLessThan(1000);
    }
    stalled.release();
    stalled = undefined;
    const answers = await Promise.all(waiting);
    // the refused come back with the same challenge
    for (const challenge of challenges.slice(limit)) answers.push(await client.vote(1, challenge));
    expect(answers.map(({ status }) => status)).toEqual(challenges.map(() => 201));
    const acknowledged = new Map(answers.map(({ json }) => [json.voto.id as string, 1]));
    const { distinct, recount } = await expectExact(server.dataDir, client, acknowledged);
    expect([distinct, recount.duplicates]).toEqual([limit + more, 0]);
  });

  it('gives a vote up after its deadline, unacknowledged; the same challenge is then taken', async () => {
    const server = await Server.start();
    const client = server.client();
    const challenge = await client.solved();
    stalled = new StalledLog(server.dataDir);
    const refused = await client.vote(1, challenge);
    expectProblem(refused, 503, 'log-unavailable');
    expect(retryAfter(refused)).toBeGreaterThan(0);
    expect(refused.milliseconds).toBeGreaterThan(9_500);
    expect(refused.milliseconds).toBeLessThan(12_000);
    stalled.release();
    stalled = undefined;
    const taken = await client.vote(1, challenge);
    expect(taken.status).toBe(201);
    const { distinct } = await expectExact(server.dataDir, client, new Map([[taken.json.voto.id as string, 1]]));
    expect(distinct).toBe(1);
  });
});

describe('the live streams', () => {
  it('leave the staff a place, however many of the public come', async () => {
    const server = await Server.start({ env: { STREAM_LIMIT: '2' } });
    const client = server.client();
    const followed = client.stream('/resultado/aovivo', Infinity);
    await eventually(
      () => server.metric('sse_clients'),
      (clients) => clients === 1,
    );
    expectProblem(await client.get('/resultado/aovivo'), 503, 'too-many-streams');
    expect((await client.stream('/total/aovivo', 1, client.basic('producao'))).status).toBe(200);
    await server.stop();
    await followed;
  });

  it('are capped over both routes; who is refused may poll, and a place that is given back is taken again', async () => {
    const server = await Server.start({ env: { STREAM_LIMIT: '2' } });
    const client = server.client();
    const followed = [
      client.stream('/resultado/aovivo', Infinity),
      client.stream('/total/aovivo', Infinity, client.basic('producao')),
    ];
    await eventually(
      () => server.metric('sse_clients'),
      (clients) => clients === 2,
    );
    const refused = await client.get('/resultado/aovivo');
    expectProblem(refused, 503, 'too-many-streams');
    expect(retryAfter(refused)).toBeGreaterThan(0);
    expect((await client.get('/resultado')).status).toBe(200);
    // a HEAD takes no place
    expect((await client.call('HEAD', '/resultado/aovivo')).status).toBe(200);
    expect(await server.metric('sse_clients')).toBe(2);
    client.close();
    expect(await server.stop()).toEqual({ code: 0, signal: null });
    for (const { status, events } of await Promise.all(followed))
      expect([status, events.length > 0]).toEqual([200, true]);
  });
});

describe('a client that hangs up before its answer', () => {
  it('is not counted as served, nor for ever as being served', async () => {
    const server = await Server.start();
    const client = server.client();
    const challenge = await client.solved();
    stalled = new StalledLog(server.dataDir);
    const controller = new AbortController();
    const vote = client.vote(1, challenge, controller.signal);
    await eventually(
      () => server.metric('http_requests_in_flight'),
      (inFlight) => inFlight === 2,
    );
    controller.abort();
    await expect(vote).rejects.toThrow();
    await eventually(
      () => server.metric('http_requests_in_flight'),
      (inFlight) => inFlight === 1,
    );
    const served = 'http_request_duration_seconds_count{route="/votar/:participante",method="POST",status="499"}';
    expect(await server.metric(served)).toBe(1);
    // the vote itself goes on: its voter may ask again
    stalled.release();
    stalled = undefined;
    expect((await client.vote(1, challenge)).status).toBe(200);
  });
});
