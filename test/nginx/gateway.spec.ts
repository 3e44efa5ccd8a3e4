import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { readFileSync, readdirSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

import type { ProblemCode } from '../../libs/contract/index.ts';
import { problemOf } from '../../libs/platform/problems.ts';
import { type Answer, Client } from '../support/client.ts';
import { eventually } from '../support/eventually.ts';
import { expectProblem } from '../support/problem.ts';
import { Nginx, describeWithNginx } from './nginx.ts';
import { StubApi, breaks, isBusy, takes } from './stub-api.ts';

const VOTE = { json: { altcha: 'a solved challenge' } };
const FORGED = {
  'x-forwarded-for': '203.0.113.9, 10.0.0.1',
  'x-forwarded-host': 'evil.example',
  'x-forwarded-port': '1',
  'x-forwarded-proto': 'https',
  'x-real-ip': '203.0.113.9',
  'x-request-id': 'chosen-by-the-client',
  forwarded: 'for=203.0.113.9',
};

let first: StubApi;
let second: StubApi;
let queryApi: StubApi;
let nginx: Nginx;
let client: Client;

async function startAll(balancers: string[] = []): Promise<void> {
  [first, second, queryApi] = [await StubApi.start(), await StubApi.start(), await StubApi.start()];
  nginx = await Nginx.start({ commandApis: [first.port, second.port], queryApis: [queryApi.port], balancers });
  client = nginx.client();
}

async function stopAll(): Promise<void> {
  client.close();
  await nginx.stop();
  await Promise.all([first, second, queryApi].map((stub) => stub.stop()));
}

const vote = (headers = {}): Promise<Answer> => client.call('POST', '/votar/1', { ...VOTE, headers });
const statuses = (answers: readonly Answer[]): number[] => [...new Set(answers.map(({ status }) => status))].sort();

/** Log lines come after the answer: waits until there are as many. */
async function logged(count: number): Promise<Record<string, unknown>[]> {
  const lines = await eventually(
    () => nginx.accessLog(),
    ({ length }) => length >= count,
  );
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

describeWithNginx('nginx as the only door', () => {
  describe('without a balancer in front', () => {
    beforeEach(() => startAll());
    afterEach(stopAll);

    it('names the client and the request itself, whatever the client says', async () => {
      const answer = await vote(FORGED);
      const [seen] = [...first.seen, ...second.seen];
      const id = seen?.headers['x-request-id'];
      expect(id).toMatch(/^[0-9a-f]{32}$/);
      expect(seen?.headers).toMatchObject({ 'x-forwarded-for': '127.0.0.1', 'x-forwarded-proto': 'http' });
      const left = Object.keys(seen?.headers ?? {}).filter((name) => /forwarded|real-ip/.test(name));
      expect(left.sort()).toEqual(['x-forwarded-for', 'x-forwarded-proto']);
      expect(answer.headers['x-request-id']).toBe(id);
      expect(await logged(1)).toContainEqual(expect.objectContaining({ request_id: id, remote_addr: '' }));
    });

    it('counts one client as one, whatever address it claims', async () => {
      const answers = await Promise.all(
        Array.from({ length: 1500 }, (_, index) => vote({ 'x-forwarded-for': `198.51.100.${index % 250}` })),
      );
      expect(statuses(answers)).toEqual([201, 429]);
      const refused = answers.find(({ status }) => status === 429)!;
      expectProblem(refused, 429, 'too-many-requests');
      expect(refused.headers['retry-after']).toBe('5');
      const taken = answers.filter(({ status }) => status === 201).length;
      expect(taken).toBeGreaterThanOrEqual(600);
    });

    it('lets the normal pace of an address that many share through', async () => {
      const answers: Promise<Answer>[] = [];
      for (let tick = 0; tick < 60; tick++) {
        answers.push(client.get('/desafio'), vote(), client.get('/resultado'));
        await delay(20);
      }
      expect(statuses(await Promise.all(answers))).toEqual([201]);
    });

    it('takes cookies that the services take', async () => {
      const cookie = (bytes: number): Promise<Answer> => client.get('/resultado', { cookie: 'x'.repeat(bytes) });
      expect((await cookie(12_000)).status).toBe(201);
      expectProblem(await cookie(17_000), 431, 'headers-too-large');
    });

    it('limits passwords more than votes', async () => {
      const answers = await Promise.all(Array.from({ length: 60 }, () => client.call('POST', '/login', { json: {} })));
      expect(answers.filter(({ status }) => status === 429).length).toBeGreaterThan(20);
    });

    it('keeps its connections to the services', async () => {
      for (let index = 0; index < 50; index++) await vote();
      expect(first.seen.length + second.seen.length).toBe(50);
      expect(first.seen.length).toBe(25);
      expect(first.connections + second.connections).toBeLessThanOrEqual(4);
    });

    it('passes every event of a stream on at once', async () => {
      queryApi.behaviour = (_request, response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.write('event: resultado\ndata: 1\n\n');
      };
      const started = performance.now();
      const { events, headers } = await client.stream('/resultado/aovivo', 1, { 'accept-encoding': 'gzip' });
      expect(events).toEqual([{ event: 'resultado', data: 1 }]);
      expect(headers['content-encoding']).toBeUndefined();
      expect(performance.now() - started).toBeLessThan(500);
    });

    it('tells an exporter its numbers, on another port', async () => {
      const status = new Client(nginx.statusPort);
      expect((await status.get('/status')).text).toMatch(/^Active connections: \d+/);
      expect((await status.get('/')).status).toBe(404);
      status.close();
    });
  });

  describe('with a balancer in front', () => {
    beforeAll(() => startAll(['127.0.0.1', '10.9.0.0/16']));
    afterAll(stopAll);

    const clientSeen = async (forwarded: string, id = ''): Promise<Record<string, unknown>> => {
      first.seen.length = second.seen.length = 0;
      await vote({ 'x-forwarded-for': forwarded, ...(id !== '' && { 'x-request-id': id }) });
      return [...first.seen, ...second.seen][0]?.headers ?? {};
    };

    it('believes it, and stops at the first address that is no balancer', async () => {
      expect(await clientSeen('198.51.100.1')).toMatchObject({ 'x-forwarded-for': '198.51.100.1' });
      expect(await clientSeen('203.0.113.9, 198.51.100.2, 10.9.0.4')).toMatchObject({
        'x-forwarded-for': '198.51.100.2',
      });
    });

    it.each([
      ['203.0.113.7:50001', '203.0.113.7'],
      ['[2001:db8::7]:50001', '2001:db8::7'],
      ['203.0.113.7, ,10.9.0.4,,', '203.0.113.7'],
      [`${'203.0.113.9, '.repeat(300)}198.51.100.2, 10.9.0.4`, '198.51.100.2'],
      ['unknown', '127.0.0.1'],
      ['203.0.113.7, _hidden', '127.0.0.1'],
      ['203.0.113.7, unknown, 10.9.0.4', '10.9.0.4'],
      ['2001:db8::7%eth0', '127.0.0.1'],
      ['"203.0.113.7"', '127.0.0.1'],
    ])('finds the client in %s, and takes what is no address for the balancer', async (forwarded, seen) => {
      expect(await clientSeen(forwarded)).toMatchObject({ 'x-forwarded-for': seen });
    });

    it("keeps the balancer's request id if it is well formed", async () => {
      expect(await clientSeen('198.51.100.3', 'balancer-0001')).toMatchObject({ 'x-request-id': 'balancer-0001' });
      const other = await clientSeen('198.51.100.3', 'x"} forged');
      expect(other['x-request-id']).toMatch(/^[0-9a-f]{32}$/);
    });

    it('limits each client by itself, and an IPv6 network as one', async () => {
      const flood = (address: (index: number) => string): Promise<Answer[]> =>
        Promise.all(Array.from({ length: 1500 }, (_, index) => vote({ 'x-forwarded-for': address(index) })));
      expect(statuses(await flood((index) => `198.51.${100 + (index >> 8)}.${index & 255}`))).toEqual([201]);
      expect(statuses(await flood((index) => `2001:db8:1:2::${(index + 1).toString(16)}`))).toEqual([201, 429]);
      expect((await vote({ 'x-forwarded-for': '2001:db8:1:3::1' })).status).toBe(201);
      expect(statuses(await flood((index) => `::ffff:198.51.${100 + (index >> 8)}.${index & 255}`))).toEqual([201]);
    });
  });

  describe('when a service fails', () => {
    beforeEach(() => startAll());
    afterEach(stopAll);

    it('hands the votes of a dead one to the other', async () => {
      await vote();
      await first.stop();
      const answers = await Promise.all(Array.from({ length: 40 }, () => vote()));
      expect(statuses(answers)).toEqual([201]);
      expect(second.seen.length).toBeGreaterThanOrEqual(40);
    });

    it.each([
      ['dies over it', breaks],
      ['is busy', isBusy],
    ])('tries a vote once elsewhere when its service %s, as it was', async (_how, behaviour) => {
      first.behaviour = behaviour;
      const answers = await Promise.all(Array.from({ length: 10 }, () => vote()));
      expect(statuses(answers)).toEqual([201]);
      expect(second.seen).toHaveLength(10);
      expect(first.seen.length).toBeGreaterThan(0);
      expect(new Set([...first.seen, ...second.seen].map(({ body }) => body))).toEqual(
        new Set([JSON.stringify(VOTE.json)]),
      );
    });

    it('does not try a third time, and passes the refusal on', async () => {
      first.behaviour = second.behaviour = isBusy;
      const answer = await vote();
      expect(answer).toMatchObject({ status: 503, json: { code: 'queue-full' }, headers: { 'retry-after': '7' } });
      expect([first.seen.length, second.seen.length]).toEqual([1, 1]);
    });

    it.each([
      ['POST', '/paredoes', breaks, 'shutting-down'],
      ['POST', '/paredoes/1/encerrar', isBusy, 'queue-full'],
      ['PATCH', '/paredoes/1/participantes/1', breaks, 'shutting-down'],
    ])('sends %s %s once', async (method, path, behaviour, code) => {
      first.behaviour = second.behaviour = behaviour;
      const answer = await client.call(method, path, { json: { nome: 'Ana' } });
      expect(answer).toMatchObject({ status: 503, json: { code } });
      expect(first.seen.length + second.seen.length).toBe(1);
    });

    it('asks for the list of polls where it is read, and makes one where it is written', async () => {
      await client.get('/paredoes', client.basic('auditor'));
      expect(queryApi.seen.map(({ method, url }) => `${method} ${url}`)).toEqual(['GET /paredoes']);
      await client.admin('POST', '/paredoes', {});
      expect(first.seen.length + second.seen.length).toBe(1);
    });

    it('sends an admin command elsewhere when it reached nobody', async () => {
      await first.stop();
      const answers = [await client.admin('POST', '/paredoes', {}), await client.admin('POST', '/paredoes', {})];
      expect(statuses(answers)).toEqual([201]);
      expect(second.seen).toHaveLength(2);
    });

    it('says 503 and when to come back when nobody is there, and its error log names no vote', async () => {
      await Promise.all([first.stop(), second.stop(), queryApi.stop()]);
      const pairs = [
        await vote(),
        await client.get('/desafio'),
        await client.get('/resultado'),
        await client.get('/resultado/aovivo'),
      ];
      for (const answer of pairs) {
        expectProblem(answer, 503, 'shutting-down');
        expect(answer.headers['retry-after']).toBe('2');
      }
      expect(nginx.errors).not.toMatch(/votar|127\.0\.0\.1/);
    });

    it('answers while another request hangs, and gives the next try to a service that lives', async () => {
      first.behaviour = () => undefined;
      const hanging = Promise.all([vote(), vote(), vote(), vote()]).catch(() => undefined);
      second.behaviour = takes;
      expect((await client.get('/saude')).status).toBe(200);
      await eventually(
        () => second.seen.length,
        (count) => count >= 2,
      );
      await first.stop();
      expect(statuses((await hanging) ?? [])).toEqual([201]);
    });
  });

  describe('its access log', () => {
    beforeEach(() => startAll());
    afterEach(stopAll);

    const FIELDS = [
      ['time', 'remote_addr', 'upstream_addr', 'remote_user', 'body_bytes_sent', 'request_time', 'status', 'request'],
      ['request_method', 'http_referrer', 'http_user_agent', 'request_id', 'upstream_status', 'upstream_response_time'],
      ['asctime', 'backend', 'level', 'syslog', 'mensagem', 'method', 'route', 'duration_ms'],
    ].flat();

    it('has the fields of the original challenge, as JSON, in every line', async () => {
      await client.get('/total', {
        authorization: `Basic ${Buffer.from('producao:segredo').toString('base64')}`,
        referer: 'https://exemplo.com.br/pagina?token=segredo',
        'user-agent': 'a "quoted" \\ agent',
      });
      await client.get('/nada');
      const [total, missing] = await logged(2);
      expect(Object.keys(total ?? {}).sort()).toEqual([...FIELDS].sort());
      expect(total).toMatchObject({
        remote_addr: '127.0.0.1',
        remote_user: 'producao',
        status: 201,
        request: 'GET /total HTTP/1.1',
        request_method: 'GET',
        http_referrer: 'https://exemplo.com.br/pagina',
        http_user_agent: 'a "quoted" \\ agent',
        upstream_addr: `127.0.0.1:${queryApi.port}`,
        upstream_status: '201',
        body_bytes_sent: expect.any(Number),
        request_time: expect.any(Number),
      });
      expect(Date.parse(String(total?.['time']))).toBeGreaterThan(Date.now() - 60_000);
      expect(Object.keys(missing ?? {}).sort()).toEqual([...FIELDS].sort());
      expect(missing).toMatchObject({ status: 404, request: 'GET /nada HTTP/1.1', upstream_addr: '' });
    });

    it('says of a vote that it was one, not for whom, and nothing that leads there', async () => {
      await vote();
      for (const path of ['/votar/2?x=1', '//votar/2', '/%76otar/2', '/votar/%32', '/./votar/2', '/x/../votar/2']) {
        await client.call('POST', path, VOTE);
      }
      await client.call('POST', '/votar/1', { json: { altcha: 'x'.repeat(20_000) } });
      await client.get('/resultado?desde=AAAAAAAAAAAAAAAAAAAAAA');
      const lines = await logged(9);
      expect(lines.map(({ request }) => request)).toEqual([
        'POST /votar/- HTTP/1.1',
        'POST /votar/- HTTP/1.1',
        ...Array<string>(5).fill('POST (encoded) HTTP/1.1'),
        'POST /votar/- HTTP/1.1',
        'GET /resultado HTTP/1.1',
      ]);
      expect(nginx.accessLog().join('\n')).not.toMatch(/votar\/[12]|AAAA/);
      expect(lines[7]).toMatchObject({ status: 413, request_method: 'POST' });
    });
  });
});

describe("nginx's own problems", () => {
  it.each(readdirSync('nginx/problems'))('%s is the one that the services have', (file) => {
    const code = file.replace('.json', '') as ProblemCode;
    expect(JSON.parse(readFileSync(`nginx/problems/${file}`, 'utf8'))).toEqual(problemOf(code));
  });
});
