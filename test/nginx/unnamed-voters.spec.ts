import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { type Agent, Agent as HttpAgent, type IncomingMessage, request } from 'node:http';
import { type Socket, connect, createServer } from 'node:net';
import { join } from 'node:path';

import { eventually } from '../support/eventually.ts';
import { temporaryDirectory } from '../support/server.ts';
import { Nginx, type NginxOptions, describeWithNginx } from './nginx.ts';
import { StubApi, breaks, isBusy } from './stub-api.ts';

/** The voter as nginx sees it: the connection's own address, and the one that a balancer names. */
const PEER = '127.77.7.7';
const FORWARDED = '203.0.113.77';
const VOTER = {
  'x-forwarded-for': FORWARDED,
  'user-agent': 'the-very-browser/1.0',
  referer: 'https://example.test/the-very-page',
  cookie: 'who=the-very-voter',
  'accept-language': 'the-very-language',
  authorization: `Basic ${Buffer.from('the-very-user:x').toString('base64')}`,
};
const TRACES = /127\.77\.|203\.0\.113|the-very-/;
const PATHS = [
  '/',
  '/index.html',
  '/resultado.html',
  '/assets/none.js',
  '/fotos/none',
  '/paredao',
  '/desafio',
  '/nada',
];
const READS = [
  ...PATHS,
  '/resultado',
  '/resultado?desde=the-very-cursor',
  '/votar/1',
  '/%76otar/1',
  '/total/../votar/1',
];

let api: StubApi;
let nginx: Nginx;
let agent: Agent;

async function start(options: Partial<NginxOptions> = {}): Promise<void> {
  api = await StubApi.start();
  nginx = await Nginx.start({ commandApis: [api.port], queryApis: [api.port], balancers: ['127.0.0.0/8'], ...options });
  agent = new HttpAgent({ keepAlive: true, localAddress: PEER, maxSockets: 64 });
}

beforeEach(() => start());
afterEach(async () => {
  agent.destroy();
  await nginx.stop();
  await api.stop();
});

/** The status of an answer; 0 without one. */
function send(method: string, path: string, body = '', headers: Record<string, string> = {}): Promise<number> {
  return new Promise((resolve) => {
    const target = { host: '127.0.0.1', port: nginx.port, method, path, agent };
    const outgoing = request({ ...target, headers: { ...VOTER, ...headers } }, (answer: IncomingMessage) => {
      if (answer.headers['content-type']?.startsWith('text/event-stream') === true) answer.destroy();
      answer.resume().once('close', () => resolve(answer.statusCode ?? 0));
    });
    outgoing.once('error', () => resolve(0));
    outgoing.end(body);
  });
}

const vote = (body = '{"altcha":"x"}'): Promise<number> =>
  send('POST', '/votar/1', body, { 'content-type': 'application/json' });

const HEAD = `Host: x\r\nUser-Agent: ${VOTER['user-agent']}\r\nX-Forwarded-For: ${FORWARDED}\r\n`;

/** Sends bytes as they are. @returns what comes back until it hangs up, or is hung up on after a while */
function raw(bytes: string | Buffer, hangUpAfter = 7000): Promise<string> {
  return new Promise((resolve) => {
    const socket: Socket = connect({ host: '127.0.0.1', port: nginx.port, localAddress: PEER });
    let received = '';
    socket.on('data', (data) => (received += data.toString('latin1'))).on('error', () => undefined);
    socket.once('close', () => resolve(received)).write(bytes);
    setTimeout(() => socket.destroy(), hangUpAfter).unref();
  });
}

async function expectNoTrace(lines: number): Promise<void> {
  await eventually(
    () => nginx.accessLog(),
    ({ length }) => length >= lines,
  );
  agent.destroy();
  await nginx.stop();
  expect(nginx.written()).not.toMatch(TRACES);
}

describeWithNginx('nginx writes nowhere who a voter is', () => {
  it('when all goes well, and when it is refused', async () => {
    const statuses: number[] = [];
    for (const path of READS) statuses.push(await send('GET', path));
    statuses.push(
      await vote(),
      await vote('x'.repeat(20_000)),
      await send('DELETE', '/'),
      await send('GET', `/${'x'.repeat(17_000)}`),
    );
    statuses.push(await send('GET', '/paredao', '', { 'x-large': 'x'.repeat(17_000) }));
    expect(new Set(statuses)).toEqual(new Set([200, 201, 404, 405, 413, 414, 431]));
    await expectNoTrace(READS.length + 5);
  });

  it('when there is too much of it', async () => {
    const votes = await Promise.all(Array.from({ length: 1500 }, () => vote()));
    const reads = await Promise.all(Array.from({ length: 1000 }, () => send('GET', '/paredao')));
    expect(new Set([...votes, ...reads])).toEqual(new Set([200, 201, 429]).difference(new Set([200])));
    api.behaviour = () => undefined;
    const open = Array.from({ length: 220 }, () => raw(`GET /resultado/aovivo HTTP/1.1\r\n${HEAD}\r\n`, 1000));
    expect((await Promise.all(open)).filter((text) => / (429|503) /.test(text)).length).toBeGreaterThan(10);
    await expectNoTrace(2720);
  });

  it('when a service is busy, dies over it, answers nonsense, or is not there', async () => {
    const nonsense = (_request: IncomingMessage, response: { socket: Socket | null }): void => {
      response.socket?.end(`HTTP/1.1 200 OK\r\nx: ${'x'.repeat(20_000)}\r\n\r\n`);
    };
    for (const behaviour of [isBusy, breaks, nonsense]) {
      api.behaviour = behaviour;
      for (const path of ['/paredao', '/desafio', '/resultado/aovivo', '/fotos/x']) await send('GET', path);
      expect(await vote()).toBe(503);
    }
    await api.stop();
    expect([await vote(), await send('GET', '/resultado')]).toEqual([503, 503]);
    await expectNoTrace(17);
  });

  it('when it hangs up, is slow, or speaks something else', async () => {
    api.behaviour = () => undefined;
    const voting = `POST /votar/1 HTTP/1.1\r\n${HEAD}Content-Type: application/json\r\n`;
    const sent = await Promise.all([
      raw(`${voting}Content-Length: 2\r\n\r\n{}`, 300),
      raw(`${voting}Content-Length: 20\r\n\r\n{`, 300),
      raw(`${voting}Content-Length: 20\r\n\r\n{`),
      raw(`${voting}Content-Length: nonsense\r\n\r\n`),
      raw(`${voting}Transfer-Encoding: chunked\r\n\r\nzz\r\n`),
      raw(`GET /resultado/aovivo HTTP/1.1\r\n${HEAD}\r\n`, 300),
      raw(`GET /resultado/aovivo HTTP/1.1\r\n${HEAD}Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n`, 300),
      raw(`GET /votar/1 the-very-protocol\r\n${HEAD}\r\n`),
      raw(`GET /votar/1\0 HTTP/1.1\r\n${HEAD}\r\n`),
      raw(`GET / HTTP/1.1\r\nthe-very header\r\n\r\n`),
      raw('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
      // the first bytes of a TLS handshake
      raw(Buffer.from('16030100a5010000a10303', 'hex')),
      raw('', 200),
    ]);
    expect(sent.filter((text) => text.includes(' 400 ')).length).toBeGreaterThan(2);
    await expectNoTrace(10);
  });

  it('when something is so wrong that its error log is to have it', async () => {
    await nginx.stop();
    const pages = temporaryDirectory();
    // no file can be opened there, for a reason that nginx does not know
    const socket = createServer().listen(join(pages, 'foto'));
    await once(socket, 'listening');
    await start({ pages });
    expect(await send('GET', '/foto')).toBe(500);
    socket.close();
    await expectNoTrace(1);
  });
});

describeWithNginx('nginx writes who the staff are', () => {
  it.each(['/login', '/total', '/total/aovivo', '/paredoes', '/paredoes/1/encerrar', '/auditoria/estado'])(
    'at %s',
    async (path) => {
      await send('POST', `${path}?x=the-very-query`);
      const [line = ''] = await eventually(
        () => nginx.accessLog(),
        ([first]) => first !== undefined && first !== '',
      );
      expect(JSON.parse(line)).toMatchObject({
        remote_addr: FORWARDED,
        remote_user: 'the-very-user',
        http_user_agent: VOTER['user-agent'],
        http_referrer: VOTER.referer,
      });
    },
  );
});
