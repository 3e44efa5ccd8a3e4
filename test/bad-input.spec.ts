import { beforeAll, describe, expect, it } from '@jest/globals';
import { createSecretKey, randomBytes } from 'node:crypto';

import { AltchaHumanCheck } from '#human-check';

import { solvedPayload } from '../bench/lib/solver.ts';
import { loadSecrets } from '../libs/platform/secrets.ts';
import type { Client, Json } from './support/client.ts';
import { expectNoLeak, expectProblem } from './support/problem.ts';
import { raw } from './support/raw.ts';
import { Server } from './support/server.ts';

const JSON_TYPE = { 'content-type': 'application/json' };

let server: Server;
let client: Client;

beforeAll(async () => {
  server = await Server.start();
  client = server.client();
});

describe('a body that is no vote', () => {
  const deep = `${'['.repeat(5000)}${']'.repeat(5000)}`;
  it.each<[what: string, body: string | Buffer | undefined]>([
    ['nothing', undefined],
    ['an empty text', ''],
    ['null', 'null'],
    ['a number', '1'],
    ['a text', '"x"'],
    ['a list', '[]'],
    ['an empty object', '{}'],
    ['a number as solution', '{"altcha":1}'],
    ['null as solution', '{"altcha":null}'],
    ['an object as solution', '{"altcha":{}}'],
    ['an empty solution', '{"altcha":""}'],
    ['a long solution', `{"altcha":"${'A'.repeat(2049)}"}`],
    ['one field more', '{"altcha":"e30=","participante":2}'],
    ['the same field twice, wrong at last', '{"altcha":"e30=","altcha":2}'],
    ['broken JSON', '{"altcha":"e30='],
    ['JSON and more', '{"altcha":"e30="}{}'],
    ['JSON with a comment', '{"altcha":"e30="/**/}'],
    ['__proto__', '{"altcha":"e30=","__proto__":{"altcha":"x"}}'],
    ['constructor.prototype', '{"altcha":"e30=","constructor":{"prototype":{"admin":true}}}'],
    ['deep JSON', deep],
    ['deep JSON in its place', `{"altcha":${deep}}`],
    ['UTF-16', Buffer.from('{"altcha":"e30="}', 'utf16le')],
    ['zero bytes', Buffer.alloc(64)],
  ])('%s is 400', async (_what, body) => {
    const answer = await client.call('POST', '/votar/1', { headers: JSON_TYPE, ...(body !== undefined && { body }) });
    expectProblem(answer, 400, 'malformed-request');
  });

  it('of 16 KiB and more is 413, wherever it goes, announced or not', async () => {
    const body = `{"altcha":"${'A'.repeat(20_000)}"}`;
    for (const path of ['/votar/1', '/login', '/paredoes', '/paredoes/1/encerrar']) {
      const headers = { ...JSON_TYPE, ...(await client.bearer('admin')) };
      expectProblem(await client.call('POST', path, { headers, body }), 413, 'payload-too-large');
    }
    // nothing of a stranger's is read where a role is needed
    expectProblem(await client.call('POST', '/paredoes', { headers: JSON_TYPE, body }), 401, 'unauthenticated');
    const chunked = `POST /votar/1 HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n5000\r\n${'A'.repeat(0x5000)}\r\n0\r\n\r\n`;
    expect(await raw(server.port, chunked)).toMatch(/^HTTP\/1.1 413 [^]*"code":"payload-too-large"/);
  });

  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/xml',
    'x',
    'json',
  ])('of the type %s is 415, so that no form of another site votes or logs in', async (type) => {
    for (const path of ['/votar/1', '/login']) {
      const answer = await client.call('POST', path, {
        headers: { 'content-type': type },
        body: 'altcha=x&usuario=a&senha=b',
      });
      expectProblem(answer, 415, 'unsupported-media-type');
    }
  });

  it('of no type is 415', async () => {
    expectProblem(await client.call('POST', '/votar/1', { body: '{"altcha":"e30="}' }), 415, 'unsupported-media-type');
  });
});

describe('a human check', () => {
  const check = (key: 'ours' | 'theirs', lifetimeSeconds: number, difficulty = 50): AltchaHumanCheck =>
    new AltchaHumanCheck({
      key: key === 'ours' ? loadSecrets(server.dataDir).humanCheck : createSecretKey(randomBytes(32)),
      difficulty,
      lifetimeSeconds,
    });
  const solvedBy = (altcha: AltchaHumanCheck, poll = '1'): string => solvedPayload(altcha.issue(poll));
  const changed = (payload: string, change: (value: Json) => void): string => {
    const value = JSON.parse(Buffer.from(payload, 'base64').toString());
    change(value);
    return Buffer.from(JSON.stringify(value)).toString('base64');
  };

  it('that this deployment made passes, so the refusals below are for their reasons', async () => {
    expect((await client.vote(1, solvedBy(check('ours', 300)))).status).toBe(201);
  });

  it.each<[what: string, payload: () => string]>([
    ['of another deployment', () => solvedBy(check('theirs', 300))],
    ['of another poll', () => solvedBy(check('ours', 300), '2')],
    ['of a poll that a name smuggles in', () => solvedBy(check('ours', 300), '1","x":"')],
  ])('%s is 403', async (_what, payload) => {
    expectProblem(await client.vote(1, payload()), 403, 'human-check-invalid');
  });

  it.each([-1, 0, 9])('that lives %s s more is expired: its vote could not be stored in time', async (seconds) => {
    expectProblem(await client.vote(1, solvedBy(check('ours', seconds))), 403, 'human-check-expired');
  });

  it.each<[what: string, change: (value: Json) => void]>([
    ['a wrong counter', (value) => value.solution.counter++],
    ['a negative counter', (value) => (value.solution.counter = -1)],
    ['a huge counter', (value) => (value.solution.counter = 2 ** 32)],
    ['a counter that is a text', (value) => (value.solution.counter = String(value.solution.counter))],
    ['no solution', (value) => delete value.solution],
    ['no signature', (value) => delete value.challenge.signature],
    ['a signature of zeros', (value) => (value.challenge.signature = '0'.repeat(64))],
    ['a short signature', (value) => (value.challenge.signature = 'ab')],
    ['a later end', (value) => value.challenge.parameters.expiresAt++],
    ['another nonce', (value) => (value.challenge.parameters.nonce = randomBytes(16).toString('hex'))],
    [
      'a nonce in capitals',
      (value) => (value.challenge.parameters.nonce = String(value.challenge.parameters.nonce).toUpperCase()),
    ],
    ['an easy prefix', (value) => (value.challenge.parameters.keyPrefix = '')],
    ['less difficulty', (value) => (value.challenge.parameters.data.dificuldade = 1)],
    ['lists for objects', (value) => (value.challenge.parameters = [])],
    ['nulls', (value) => (value.challenge = null)],
  ])('with %s is 403, and does not spend the challenge', async (_what, change) => {
    const payload = await client.solved();
    const forged = changed(payload, change);
    expect(forged).not.toBe(payload);
    expectProblem(await client.vote(1, forged), 403, 'human-check-invalid');
    expect((await client.vote(1, payload)).status).toBe(201);
  });

  it('that is no UTF-8 is 400, like any body', async () => {
    const { cedula } = await client.challenge();
    const body = Buffer.from(`{"altcha":"\xff\xfe\xc3","cedula":"${cedula}"}`, 'latin1');
    expectProblem(await client.call('POST', '/votar/1', { headers: JSON_TYPE, body }), 400, 'malformed-request');
  });

  it.each(['e30=', 'bnVsbA==', 'W10=', 'x', '%%%', '🗳️', Buffer.from('{"challenge":').toString('base64')])(
    'that reads %s is 403',
    async (payload) => {
      expectProblem(await client.vote(1, payload), 403, 'human-check-invalid');
    },
  );
});

describe('an address', () => {
  const x = (length: number): string => 'x'.repeat(length);
  it.each<[path: string, status: number, code: string]>([
    ['/nada', 404, 'not-found'],
    ['/votar', 404, 'not-found'],
    ['/votar/', 404, 'not-found'],
    ['/votar/1/', 404, 'not-found'],
    ['//votar/1', 404, 'not-found'],
    ['/VOTAR/1', 404, 'not-found'],
    ['/votar/1%2f', 404, 'participant-not-found'],
    ['/votar/%00', 404, 'participant-not-found'],
    ['/votar/%0d%0aset-cookie:x', 404, 'participant-not-found'],
    ['/votar/__proto__', 404, 'participant-not-found'],
    ['/votar/%', 400, 'malformed-request'],
    ['/votar/%zz', 400, 'malformed-request'],
    ['/votar/%c3%28', 400, 'malformed-request'],
    [`/votar/${x(65)}`, 414, 'uri-too-long'],
  ])('POST %s is %s %s', async (path, status, code) => {
    expectProblem(await client.call('POST', path, { json: { altcha: 'e30=' } }), status, code);
  });

  it.each<[path: string, status: number, code: string]>([
    ['/nada', 404, 'not-found'],
    ['/%', 400, 'malformed-request'],
    [`/${x(8000)}`, 404, 'not-found'],
    ['/../../etc/passwd', 404, 'not-found'],
    ['/..%2f..%2fpackage.json', 404, 'not-found'],
    ['/assets/..%2f..%2f..%2fpackage.json', 404, 'not-found'],
    ['/swagger/..%2f..%2fpackage.json', 404, 'not-found'],
    ['/.env', 404, 'not-found'],
    ['/constructor', 404, 'not-found'],
    ['/swagger/nada.js', 404, 'not-found'],
  ])('GET %s is %s %s', async (path, status, code) => {
    expectProblem(await client.get(path), status, code);
  });

  it.each<[query: string, status: number, code: string]>([
    ['paredao=0', 400, 'malformed-request'],
    ['paredao=-1', 400, 'malformed-request'],
    ['paredao=1.5', 400, 'malformed-request'],
    ['paredao=1e9', 400, 'malformed-request'],
    ['paredao=', 400, 'malformed-request'],
    ['paredao=9999999999999999999999', 400, 'malformed-request'],
    ['paredao=1&paredao=2', 400, 'malformed-request'],
    ['paredao[]=1', 400, 'malformed-request'],
    ['paredao=__proto__', 400, 'malformed-request'],
    ['paredao=999999999', 404, 'poll-not-found'],
    ['desde=', 400, 'malformed-request'],
    [`desde=${x(65)}`, 400, 'malformed-request'],
    [`desde=${x(8000)}`, 400, 'malformed-request'],
    ['desde=0', 400, 'invalid-cursor'],
    [`desde=${x(22)}`, 400, 'invalid-cursor'],
    ['desde=%ff%fe', 400, 'invalid-cursor'],
    ['desde=%', 400, 'invalid-cursor'],
    ['__proto__=1', 400, 'malformed-request'],
    ['constructor=2', 400, 'malformed-request'],
  ])('/resultado?%s is %s %s', async (query, status, code) => {
    expectProblem(await client.get(`/resultado?${query}`), status, code);
  });
});

describe('a method', () => {
  const routes: [path: string, allow: string][] = [
    ['/desafio', 'GET, HEAD'],
    ['/votar/1', 'POST'],
    ['/paredao', 'GET, HEAD'],
    ['/resultado', 'GET, HEAD'],
    ['/resultado/aovivo', 'GET, HEAD'],
    ['/total', 'GET, HEAD'],
    ['/login', 'POST'],
    ['/paredoes', 'GET, HEAD, POST'],
    ['/paredoes/1', 'PATCH'],
    ['/paredoes/1/descartar', 'POST'],
    ['/paredoes/1/agenda', 'PUT'],
    ['/paredoes/1/participantes/1/foto', 'PUT'],
    ['/fotos/x', 'GET, HEAD'],
    ['/fotos', 'POST'],
    ['/paredoes/1/abrir', 'POST'],
    ['/senha', 'POST'],
    ['/paredoes/1/participantes', 'POST'],
    ['/paredoes/1/participantes/1', 'PATCH, DELETE'],
    ['/paredoes/1/encerrar', 'POST'],
    ['/health/ready', 'GET, HEAD'],
    ['/', 'GET, HEAD'],
  ];

  it.each(routes)('that %s does not take is 405 and told: %s', async (path, allow) => {
    const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND'];
    for (const method of methods.filter((candidate) => !allow.includes(candidate))) {
      const answer = await client.call(method, path);
      expectProblem(answer, 405, 'method-not-allowed');
      expect(answer.headers.allow).toBe(allow);
    }
  });

  it('HEAD gets the head of GET, at once, of the live streams too', async () => {
    for (const path of ['/desafio', '/paredao', '/resultado', '/resultado/aovivo', '/']) {
      const [head, get] = [await client.call('HEAD', path), await client.get(path)];
      expect([head.status, head.text, head.headers['content-type']]).toEqual([200, '', get.headers['content-type']]);
    }
  });
});

describe('an Authorization', () => {
  it.each([
    '',
    'x',
    'Basic',
    'Basic x',
    'Basic :',
    'Basic %%%',
    `Basic ${Buffer.from('sem-dois-pontos').toString('base64')}`,
    'Bearer',
    'Bearer a.b.c',
    'Digest x',
    'basic\tx',
    'Basic '.repeat(200),
  ])('"%s" is 401', async (authorization) => {
    expectProblem(await client.get('/total', { authorization }), 401, 'unauthenticated');
  });
});

describe('what is not HTTP', () => {
  it.each<[what: string, bytes: Buffer | string, status: number, code: string]>([
    ['an unknown method', 'VOTE /total HTTP/1.1\r\nhost: a\r\n\r\n', 400, 'malformed-request'],
    ['an unknown version', 'GET / HTTP/9.9\r\nhost: a\r\n\r\n', 400, 'malformed-request'],
    ['TLS', Buffer.from('160301020001', 'hex'), 400, 'malformed-request'],
    [
      'two lengths',
      'POST /votar/1 HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
      400,
      'malformed-request',
    ],
    ['a header without end', `GET / HTTP/1.1\r\nhost: a\r\nx: ${'y'.repeat(20_000)}\r\n\r\n`, 431, 'headers-too-large'],
    ['an address without end', `GET /${'y'.repeat(20_000)} HTTP/1.1\r\nhost: a\r\n\r\n`, 431, 'headers-too-large'],
  ])('%s: a problem as well', async (_what, bytes, status, code) => {
    const text = await raw(server.port, bytes);
    expect(text).toMatch(new RegExp(`^HTTP/1.1 ${String(status)} .*\r\n[^]*content-type: application/problem\\+json`));
    const body = text.slice(text.indexOf('\r\n\r\n') + 4);
    expect(JSON.parse(body)).toMatchObject({ status, code, type: `urn:paredao:problem:${code}` });
    expectNoLeak(text);
  });
});

describe('after all that', () => {
  it('the service is as it was: ready, nobody waits, and it only ever counted real votes', async () => {
    expect((await client.get('/health/ready')).status).toBe(200);
    expect((await client.total()).total).toBe(16);
    expect((await client.get('/paredao')).json.estado).toBe('aberto');
    expect(server.log().filter(({ level }) => level === 'error' || level === 'fatal')).toEqual([]);
  });
});
