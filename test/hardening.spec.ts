import { beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';

import type { Answer, Client } from './support/client.ts';
import { ApiDocument } from './support/openapi.ts';
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
    expect(read.headers).toMatchObject({ 'access-control-allow-origin': ALLOWED, vary: 'origin, passe' });
    expect((await ask(open, ALLOWED, 'GET', '/total')).headers['access-control-allow-origin']).toBe(ALLOWED);
    const asked = await ask(open, ALLOWED, 'OPTIONS', '/total', PREFLIGHT);
    expect([asked.status, asked.headers['access-control-allow-headers']]).toEqual([
      204,
      'authorization, content-type, passe',
    ]);
    // every method that a route takes
    expect(asked.headers['access-control-allow-methods']).toBe('GET, POST, PUT, PATCH, DELETE');
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

describe('whatever changes something', () => {
  const OTHERS = {
    'another site': { 'sec-fetch-site': 'cross-site' },
    'another port of this host': { 'sec-fetch-site': 'same-site' },
    'another origin, in a browser that says no more': { origin: 'https://evil.example' },
    'another port, in a browser that says no more': { origin: 'http://127.0.0.1:1' },
    'a frame without an origin': { origin: 'null' },
    'what is no origin': { origin: 'x' },
  };
  const OWN = {
    'our own page': { 'sec-fetch-site': 'same-origin', origin: 'https://tv.example' },
    'the address bar': { 'sec-fetch-site': 'none' },
    'a program': {},
  };
  const changing: [operation: string, method: string, path: string][] = [];

  beforeAll(async () => {
    const api = new ApiDocument((await client.get('/swagger-json')).json);
    for (const operation of api.operations().filter((name) => !name.startsWith('GET '))) {
      const [method = '', path = ''] = operation.split(' ');
      expect(api.statuses(operation)).toContain(403);
      changing.push([operation, method, path.replaceAll(/\{\w+\}/g, '9')]);
    }
    expect(changing.length).toBeGreaterThan(9);
  });

  it.each(Object.entries(OTHERS))('is refused to a page of %s, token or not', async (_who, headers) => {
    for (const [operation, method, path] of changing) {
      for (const credentials of [{}, await client.bearer('admin')]) {
        const answer = await client.call(method, path, { headers: { ...headers, ...credentials } });
        expect([operation, answer.json?.code]).toEqual([operation, 'cross-site-request']);
      }
    }
  });

  it.each(Object.entries(OWN))('is open to %s', async (_who, headers) => {
    for (const [operation, method, path] of changing) {
      const { json } = await client.call(method, path, { headers });
      expect([operation, json?.code]).not.toEqual([operation, 'cross-site-request']);
    }
  });

  it('is open to our own page in a browser that names its origin only, under every name of the service', async () => {
    const login = async (host: string, origin: string): Promise<string | undefined> =>
      (await client.call('POST', '/login', { headers: { host, origin }, json: {} })).json.code as string;
    for (const [host, origin] of [
      [`127.0.0.1:${server.port}`, `http://127.0.0.1:${server.port}`],
      ['tv.example', 'https://tv.example'],
      ['TV.example:443', 'https://tv.example'],
      ['[::1]:3000', 'http://[::1]:3000'],
    ])
      expect(await login(host!, origin!)).toBe('malformed-request');
    expect(await login('tv.example', 'https://tv.example:8443')).toBe('cross-site-request');
    expect(await login('tv.example.evil.example', 'https://tv.example')).toBe('cross-site-request');
  });

  it('is open to the pages that were named', async () => {
    const open = (await Server.start({ env: { CORS_ORIGINS: ALLOWED } })).client();
    for (const site of ['cross-site', 'same-site']) {
      const login = (origin: string): Promise<Answer> =>
        open.call('POST', '/login', { headers: { 'sec-fetch-site': site, origin }, json: {} });
      expectProblem(await login(ALLOWED), 400, 'malformed-request');
      expectProblem(await login('https://evil.example'), 403, 'cross-site-request');
    }
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
