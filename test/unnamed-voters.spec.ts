import { expect, it } from '@jest/globals';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { StalledLog } from '../bench/lib/stalled-log.ts';
import type { Answer } from './support/client.ts';
import { Server, temporaryDirectory } from './support/server.ts';

/** The voter: as the trusted proxy names it, as the connection has it, and what the browser says. */
const FORWARDED = '203.0.113.77';
const PEER = '127.77.7.7';
const VOTER = {
  'x-forwarded-for': FORWARDED,
  'user-agent': 'the-very-browser/1.0',
  referer: 'https://example.test/the-very-page?token=the-very-token',
  cookie: 'who=the-very-voter',
  'accept-language': 'the-very-language',
};
const TRACES = /127\.77\.|203\.0\.113|the-very-/;
const RECORD = 'address-record';
const JSON_TYPE = { 'content-type': 'application/json' };
const READS = [
  '/',
  '/resultado.html',
  '/paredao',
  '/resultado',
  '/resultado?desde=x',
  '/fotos/x',
  '/votar/1',
  '/nada',
  '/%zz',
];
const LIMIT_MS = 120_000;

const start = (env: Record<string, string>): Promise<Server> => Server.start({ env: { LOG_LEVEL: 'trace', ...env } });

const get = (server: Server, path: string, headers: Record<string, string> = {}): Promise<Answer> =>
  server.client().get(path, { ...VOTER, ...headers });

const post = (
  server: Server,
  path: string,
  body: string,
  headers: Record<string, string> = JSON_TYPE,
): Promise<Answer> => server.client().call('POST', path, { headers: { ...VOTER, ...headers }, body });

/** Sends bytes as they are from the voter's own address, and hangs up after a while. */
function raw(server: Server, bytes: string | Buffer, hangUpAfter = 300): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect({
      host: '127.0.0.1',
      port: server.port,
      localAddress: PEER,
    });
    socket.on('error', () => undefined).on('data', () => undefined);
    socket.once('close', () => resolve()).write(bytes);
    setTimeout(() => socket.destroy(), hangUpAfter).unref();
  });
}

/** What it wrote anywhere, but for the record of addresses, and what it tells Prometheus. */
async function expectNoTrace(server: Server): Promise<void> {
  const metrics = await fetch(`http://127.0.0.1:${server.metricsPort}/metrics`).then((answer) => answer.text());
  await server.stop();
  const stored = readdirSync(server.dataDir).filter((name) => name !== RECORD);
  const files = [...stored.map((name) => join(server.dataDir, name)), server.logFile];
  const written = [metrics, server.output, ...files.map((file) => readFileSync(file, 'latin1'))].join('\n');
  expect(server.log().filter(({ level }) => level === 'debug').length).toBeGreaterThan(0);
  expect(written).not.toMatch(TRACES);
}

it(
  'a service writes nowhere who a voter is, whatever becomes of the request',
  async () => {
    const denied = join(temporaryDirectory(), 'networks.txt');
    writeFileSync(denied, '203.0.113.99/33\n203.0.113.99\n');
    const server = await start({
      DENY_LIST: denied,
      RATE_LIMIT: '40',
      VOTE_QUEUE_LIMIT: '3',
    });
    const seen = new Set<number>();
    const note = ({ status }: Answer): unknown => seen.add(status);

    for (const path of READS) note(await get(server, path));
    note(await get(server, '/', { 'x-forwarded-for': '203.0.113.99' }));
    note(await get(server, '/desafio', { 'sec-fetch-site': 'cross-site' }));
    note(await get(server, '/paredao', { 'x-large': 'x'.repeat(20_000) }));
    note(await get(server, `/${'x'.repeat(3000)}`));
    note(await post(server, '/votar/1', '{}'));
    note(await post(server, '/votar/1', 'the-very-body'));
    note(await post(server, '/votar/1', '{"altcha":"the-very-solution"}'));
    note(await post(server, '/votar/1', 'x'.repeat(20_000)));
    note(
      await post(server, '/votar/1', 'a=the-very-form', {
        'content-type': 'application/x-www-form-urlencoded',
      }),
    );
    note(await server.client().call('DELETE', '/paredao', { headers: VOTER }));
    for (let vote = 0; vote < 60; vote++) note(await get(server, '/desafio'));

    const head = `Host: x\r\nUser-Agent: ${VOTER['user-agent']}\r\nX-Forwarded-For: ${FORWARDED}\r\n`;
    await Promise.all([
      raw(server, `GET /resultado/aovivo HTTP/1.1\r\n${head}\r\n`),
      raw(server, `GET /resultado/aovivo HTTP/1.1\r\n${head}Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n`),
      raw(server, `POST /votar/1 HTTP/1.1\r\n${head}Content-Type: application/json\r\nContent-Length: 90\r\n\r\n{`),
      raw(server, `POST /votar/1 HTTP/1.1\r\n${head}Content-Length: nonsense\r\n\r\n`),
      raw(server, 'the-very first line\r\n\r\n'),
      raw(server, `GET / HTTP/1.1\r\n${head}`, 13_000),
      raw(server, Buffer.from('16030100a5010000a10303', 'hex')),
    ]);

    const challenges = await Promise.all(Array.from({ length: 12 }, () => server.client().solved()));
    const stalled = new StalledLog(server.dataDir);
    const votes = challenges.map((altcha) => server.client().vote(1, altcha).then(note));
    await raw(server, `POST /votar/1 HTTP/1.1\r\n${head}Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}`);
    await delay(1000);
    stalled.release();
    await Promise.all(votes);

    expect(new Set([200, 201, 400, 403, 404, 405, 413, 415, 429, 431, 503]).difference(seen)).toEqual(new Set());
    await expectNoTrace(server);
  },
  LIMIT_MS,
);

it('nor does one whose captcha provider is away', async () => {
  const server = await start({
    CAPTCHA_PROVIDER: 'turnstile',
    CAPTCHA_SITE_KEY: 'key',
    CAPTCHA_SECRET: 'secret',
    CAPTCHA_HOSTNAME: 'vote.example',
    CAPTCHA_VERIFY_URL: 'http://127.0.0.1:1/siteverify',
    CAPTCHA_WHEN: 'always',
  });
  const { cedula } = (await server.client().get('/paredao')).json;
  const altcha = await server.client().solved();
  const answer = await post(server, '/votar/1', JSON.stringify({ altcha, cedula, captcha: 'the-very-captcha' }));
  expect(answer.json.code).toBe('captcha-unavailable');
  await expectNoTrace(server);
});
