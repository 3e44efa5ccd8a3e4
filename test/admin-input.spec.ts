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
