import { beforeAll, describe, expect, it } from '@jest/globals';

import { png } from '../apps/command-api/testing/png.ts';
import type { Answer, Client } from './support/client.ts';
import { expectProblem } from './support/problem.ts';
import { Server } from './support/server.ts';

const JSON_TYPE = { 'content-type': 'application/json' };

let client: Client;

beforeAll(async () => {
  client = (await Server.start()).client();
});

describe('a participant', () => {
  it.each(['0x1', '1e0', '01', '1.0', '+1', '%201', '0', '-1', '1%00', '٣', '1000'])(
    'is not named %s, by whoever it is',
    async (number) => {
      const path = `/paredoes/1/participantes/${number === '٣' ? encodeURIComponent(number) : number}`;
      expectProblem(await client.admin('PATCH', path, { nome: 'Outra' }), 404, 'participant-not-found');
      const headers = { ...(await client.bearer('admin')), 'content-type': 'image/png' };
      const photo = await client.call('PUT', `${path}/foto`, { headers, body: png() });
      expectProblem(photo, 404, 'participant-not-found');
    },
  );
});

describe('a route that takes no body', () => {
  it.each(['/paredoes/9/encerrar', '/paredoes/9/descartar'])('%s does not mind a type for nothing', async (path) => {
    const headers = { ...JSON_TYPE, ...(await client.bearer('admin')) };
    for (const length of [{}, { 'content-length': 0 }, { 'transfer-encoding': 'chunked' }])
      expectProblem(await client.call('POST', path, { headers: { ...headers, ...length } }), 404, 'poll-not-found');
  });
});

describe('names', () => {
  const rename = (number: number, nome: string): Promise<Answer> =>
    client.admin('PATCH', `/paredoes/1/participantes/${String(number)}`, { nome, motivo: 'Nome corrigido' });

  it('that look alike are not those of two participants', async () => {
    expect((await rename(1, ' Bruna\u200b  Lima ')).json.participantes[0].nome).toBe('Bruna Lima');
    for (const nome of ['Bruna\u00a0Lima', 'bruna lima', 'Bru\u00adna Lima', 'Ｂruna Lima', 'Bruna Lima\u3164'])
      expectProblem(await rename(2, nome), 400, 'invalid-participants');
    expect((await rename(1, 'bruna lima')).status).toBe(200);
  });

  it('are as long as they are stored', async () => {
    expect((await rename(1, 'e\u0301'.repeat(60))).json.participantes[0].nome).toBe('é'.repeat(60));
    expectProblem(await rename(1, 'é'.repeat(61)), 400, 'invalid-name');
  });
});

describe('a body', () => {
  const retitle = async (body: string | Buffer, headers = {}): Promise<Answer> =>
    client.call('PATCH', '/paredoes/1', {
      headers: { ...JSON_TYPE, ...(await client.bearer('admin')), ...headers },
      body,
    });
  const TITLE = '{"titulo":"Quem sai?"}';

  it.each(['utf-8', 'UTF-8', '"utf-8"'])('may say that it is %s', async (charset) => {
    const answer = await retitle(TITLE, { 'content-type': `application/json; charset=${charset}` });
    expectProblem(answer, 409, 'poll-not-draft');
  });

  it.each<[header: string, value: string]>([
    ['content-type', 'application/json; charset=latin1'],
    ['content-type', 'application/json; charset=utf-16'],
    ['content-type', 'application/json; charset=utf-8859'],
    ['content-encoding', 'gzip'],
    ['content-encoding', 'identity, br'],
  ])('is refused as another kind with %s: %s', async (header, value) => {
    expectProblem(await retitle(TITLE, { [header]: value }), 415, 'unsupported-media-type');
  });

  it.each(['e7', 'c3', 'eda080', 'f8'])(
    'that is not UTF-8 (%s) is refused, and no name has a U+FFFD',
    async (bytes) => {
      const body = Buffer.concat([Buffer.from('{"titulo":"Pra'), Buffer.from(bytes, 'hex'), Buffer.from('"}')]);
      expectProblem(await retitle(body), 400, 'malformed-request');
    },
  );

  it('of a photo is not unpacked either', async () => {
    const headers = { ...(await client.bearer('admin')), 'content-type': 'image/png', 'content-encoding': 'gzip' };
    const photo = await client.call('PUT', '/paredoes/1/participantes/1/foto', { headers, body: png() });
    expectProblem(photo, 415, 'unsupported-media-type');
  });
});

describe('a query', () => {
  it.each([
    '/total?paredao[]=1',
    '/total?paredao[x]=1',
    '/total?Paredao=1',
    '/total?poll=1',
    '/resultado?paredao[]=1',
    '/resultado?desde[]=1',
    '/resultado/aovivo?paredao[]=1',
    '/total/aovivo?paredao[]=1',
    '/auditoria/acoes?paredao[]=1',
    '/auditoria/conferencia?paredao[]=1',
    '/auditoria/relatorio?paredao[]=1',
    '/auditoria/exportacao?formato[]=csv',
    '/auditoria/quarentena/votes-1?depois[]=1',
    `/fotos/${'0'.repeat(64)}?w[]=1`,
  ])('%s is not answered as if nothing was asked', async (path) => {
    expectProblem(await client.get(path, await client.bearer('admin')), 400, 'malformed-request');
  });
});
