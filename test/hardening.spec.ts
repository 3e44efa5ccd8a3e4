import { beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';

import type { Answer, Client } from './support/client.ts';
import { expectProblem } from './support/problem.ts';
import { Server } from './support/server.ts';

const ALLOWED = 'https://tv.example';
const PREFLIGHT = { 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization' };
/** The service gives a request 15 s to arrive and looks every two; more is for a machine that does other things. */
const SLOW_LIMIT_MS = 30_000;

let server: Server;
let client: Client;

beforeAll(async () => {
  server = await Server.start();
  client = server.client();
});

describe('every answer', () => {
  it.each([
    ['GET', '/paredao', 200],
    ['GET', '/desafio', 200],
    ['GET', '/total', 401],
    ['POST', '/votar/1', 400],
    ['GET', '/nada', 404],
    ['DELETE', '/paredao', 405],
    ['GET', '/votar/%zz', 400],
    ['GET', '/health/ready', 200],
    ['GET', '/', 200],
    ['GET', '/admin.html', 200],
    ['GET', '/swagger', 200],
  ])('%s %s has the security headers', async (method, path, status) => {
    const answer = await client.call(method, path);
    expect(answer.status).toBe(status);
    expect(answer.headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'content-security-policy': expect.stringMatching(/^default-src '(self|none)';.*frame-ancestors 'none'/),
    });
    for (const name of ['server', 'x-powered-by', 'access-control-allow-origin']) {
      expect(answer.headers).not.toHaveProperty(name);
    }
  });
});

describe('another origin', () => {
  const ask = (on: Client, origin: string, method = 'GET', path = '/resultado', headers = {}): Promise<Answer> =>
    on.call(method, path, { headers: { origin, ...headers } });

  it('is told nothing by default', async () => {
    const answers = [await ask(client, ALLOWED), await ask(client, ALLOWED, 'OPTIONS', '/total', PREFLIGHT)];
    expect(answers.map(({ status }) => status)).toEqual([200, 405]);
    for (const { headers } of answers) expect(Object.keys(headers).join()).not.toContain('access-control');
  });

  it('may read where it was named, and no other may', async () => {
    const open = (await Server.start({ env: { CORS_ORIGINS: `${ALLOWED}, https://other.example:8443` } })).client();
    const read = await ask(open, ALLOWED);
    expect(read.headers).toMatchObject({ 'access-control-allow-origin': ALLOWED, vary: 'origin' });
    expect((await ask(open, ALLOWED, 'GET', '/total')).headers['access-control-allow-origin']).toBe(ALLOWED);
    const asked = await ask(open, ALLOWED, 'OPTIONS', '/total', PREFLIGHT);
    expect([asked.status, asked.headers['access-control-allow-headers']]).toEqual([204, 'authorization, content-type']);
    for (const origin of ['https://tv.example.evil.example', 'http://tv.example', 'null', '*']) {
      expect((await ask(open, origin)).headers).not.toHaveProperty('access-control-allow-origin');
    }
    // a cookie would be of no use: there are none
    expect(read.headers).not.toHaveProperty('access-control-allow-credentials');
  });
});

describe('the page of another site', () => {
  const VISITOR = { 'x-forwarded-for': '203.0.113.50' };
  const FOREIGN = { ...VISITOR, 'sec-fetch-site': 'cross-site' };

  it('does not make a visitor of it pay for challenges', async () => {
    for (let image = 0; image < 40; image++) {
      expectProblem(await client.get('/desafio', FOREIGN), 403, 'cross-site-request');
    }
    for (const site of ['same-origin', 'none']) {
      const { json } = await client.get('/desafio', { ...VISITOR, 'sec-fetch-site': site });
      expect(json.parameters.data.dificuldade).toBe(50);
    }
  });

  it('may link to ours, and asks for challenges where its origin was named', async () => {
    expect((await client.get('/', FOREIGN)).status).toBe(200);
    const open = (await Server.start({ env: { CORS_ORIGINS: ALLOWED } })).client();
    expect((await open.get('/desafio', { ...FOREIGN, origin: ALLOWED })).status).toBe(200);
    expectProblem(
      await open.get('/desafio', { ...FOREIGN, origin: 'https://evil.example' }),
      403,
      'cross-site-request',
    );
  });
});

describe('a client that sends too slowly', () => {
  /** What the server says until it hangs up; a byte goes out every half second. */
  const drip = (head: string): Promise<string> =>
    new Promise((resolve, reject) => {
      let answer = '';
      const socket = connect(server.port, '127.0.0.1', () => socket.write(head));
      const timer = setInterval(() => socket.write('x'), 500);
      const limit = setTimeout(() => socket.destroy(new Error('still connected')), SLOW_LIMIT_MS);
      socket.setEncoding('utf8').on('data', (text: string) => (answer += text));
      socket.once('close', () => {
        clearInterval(timer);
        clearTimeout(limit);
        resolve(answer);
      });
      socket.on('error', (error: NodeJS.ErrnoException) => {
        if (error.code !== 'EPIPE' && error.code !== 'ECONNRESET') reject(error);
      });
    });

  it('is cut off in its headers and in its body, while others are served', async () => {
    const slow = [
      drip('GET /paredao HTTP/1.1\r\nhost: x\r\nx-slow: '),
      drip(
        'POST /login HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 9000\r\n\r\n{"usuario":"',
      ),
    ];
    expect((await client.get('/paredao')).status).toBe(200);
    for (const answer of await Promise.all(slow)) {
      expect(answer).toMatch(/^HTTP\/1\.1 408 /);
      expect(answer).toContain('x-content-type-options: nosniff');
      expect(answer).toContain('"code":"request-timeout"');
    }
  });

  it('may not send headers without end', async () => {
    const answer = await client.call('GET', '/paredao', { headers: { 'x-long': 'x'.repeat(20_000) } });
    expect(answer.status).toBe(431);
  });
});

describe('the lock file', () => {
  it('pins every package by a strong hash', () => {
    const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
      packages: Record<string, { resolved?: string; integrity?: string; link?: boolean; inBundle?: boolean }>;
    };
    const installed = Object.entries(packages).filter(([path, { inBundle }]) => path !== '' && inBundle !== true);
    expect(installed.length).toBeGreaterThan(100);
    const loose = installed.filter(([, { integrity }]) => integrity?.startsWith('sha512-') !== true);
    expect(loose.map(([path]) => path)).toEqual([]);
  });
});
