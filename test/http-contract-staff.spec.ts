import { beforeAll, describe, expect, it } from '@jest/globals';
import { createHmac } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { type Answer, type Client, type Json } from './support/client.ts';
import { eventually } from './support/eventually.ts';
import { expectProblem } from './support/problem.ts';
import { Server, temporaryDirectory } from './support/server.ts';

const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const NAMES = { titulo: 'Quem fica?', participantes: [{ nome: 'Ana' }, { nome: 'Bia' }] };

let server: Server;
let client: Client;

beforeAll(async () => {
  // a first start of its own: this is about what it leaves
  server = await Server.start({ dataDir: temporaryDirectory() });
  client = server.client();
  for (const participant of [1, 1, 1, 2]) await client.cast(participant);
});

const login = (usuario: string, senha: string): Promise<Answer> =>
  client.call('POST', '/login', { json: { usuario, senha } });

const bearer = async (user: string): Promise<{ authorization: string }> => ({
  authorization: `Bearer ${String((await login(user, client.passwordOf(user))).json.token)}`,
});

const base64url = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('the first credentials', () => {
  it('are in a file that only its owner reads, and in no log', () => {
    const path = join(server.dataDir, 'first-credentials.txt');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    for (const name of ['users.json', 'secrets.json'])
      expect(statSync(join(server.dataDir, name)).mode & 0o777).toBe(0o600);
    const [log, users] = [
      readFileSync(server.logFile, 'utf8'),
      readFileSync(join(server.dataDir, 'users.json'), 'utf8'),
    ];
    for (const user of ['admin', 'producao', 'auditor', 'sre']) {
      expect(client.passwordOf(user)).toMatch(/^[\w-]{24}$/);
      for (const text of [server.output, log, users]) expect(text).not.toContain(client.passwordOf(user));
    }
  });
});

describe('a login', () => {
  it('gives a token with its role and end', async () => {
    const answer = await login('producao', client.passwordOf('producao'));
    expect(answer.status).toBe(200);
    expect(answer.json).toEqual({
      token: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
      papel: 'producao',
      expira_em: expect.stringMatching(ISO),
    });
    expect(Date.parse(answer.json.expira_em as string)).toBeGreaterThan(Date.now() + 3_600_000);
  });

  it('with a wrong password or an unknown user is 401, alike, and offers no browser dialog', async () => {
    const answers = [await login('producao', 'errada'), await login('ninguem', 'errada')];
    for (const answer of answers) {
      expectProblem(answer, 401, 'invalid-credentials');
      expect(answer.headers['www-authenticate']).toBe('Bearer realm="paredao"');
    }
    expect(answers[0]?.text).toBe(answers[1]?.text);
  });

  it('is throttled by address and user after five failures, and says for how long', async () => {
    const from = (address: string, senha: string): Promise<Answer> =>
      client.call('POST', '/login', { json: { usuario: 'auditor', senha }, headers: { 'x-forwarded-for': address } });
    for (let failure = 0; failure < 5; failure++) {
      expectProblem(await from('192.0.2.1', `errada${String(failure)}`), 401, 'invalid-credentials');
    }
    const refused = await from('192.0.2.1', client.passwordOf('auditor'));
    expectProblem(refused, 429, 'too-many-requests');
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect((await from('192.0.2.2', client.passwordOf('auditor'))).status).toBe(200);
  });
});

describe('/total', () => {
  it('without credentials is 401 and offers Basic and Bearer', async () => {
    const answer = await client.get('/total');
    expectProblem(answer, 401, 'unauthenticated');
    expect(answer.headers['www-authenticate']).toBe('Basic realm="paredao", charset="UTF-8", Bearer realm="paredao"');
  });

  it.each(['producao', 'auditor', 'admin'])('is for %s, by Basic and by Bearer', async (user) => {
    for (const headers of [client.basic(user), await bearer(user)]) {
      const answer = await client.get('/total', headers);
      expect(answer.status).toBe(200);
      expect(answer.headers['cache-control']).toBe('no-store');
    }
  });

  it('says everything that is counted', async () => {
    const total = await eventually(
      () => client.total(),
      (answer: Json) => answer.total === 4,
    );
    const hour = { total: 4, voto_1: 3, voto_2: 1 };
    expect(total).toEqual({
      paredao: '1',
      titulo: expect.stringMatching(/\S/),
      estado: 'aberto',
      divulgacao: 'sempre',
      parcial_para: 'todos',
      finalidade: 'ficar',
      aberto_em: expect.stringMatching(ISO),
      encerra_em: null,
      encerrado_em: null,
      pausado_em: null,
      conferido_em: null,
      proclamado_em: null,
      sem_conferencia: null,
      anulado: null,
      apuracao: expect.objectContaining({ conferido_por: null, proclamado_por: null, anulado_por: null }),
      ...hour,
      votos_ultima_hora: 4,
      votos_por_segundo: expect.any(Number),
      por_participante: [
        { numero: 1, nome: expect.any(String), votos: 3, percentual: 75 },
        { numero: 2, nome: expect.any(String), votos: 1, percentual: 25 },
      ],
      por_hora: expect.any(Array),
      por_minuto: expect.any(Array),
      pico: { minuto: expect.stringMatching(ISO), total: expect.any(Number) },
      mesmo_minuto: [],
      observacoes: [],
      duplicados: 0,
      atrasados: 0,
      expirados: 0,
      quarentena: 0,
      completo: true,
      final: false,
      digest: expect.stringMatching(/^[0-9a-f]{64}$/),
      revisao: '4',
      atualizado_em: expect.stringMatching(ISO),
      idade_segundos: expect.any(Number),
      atraso_projecao_segundos: 0,
    });
    // votes cast around a full hour or minute stand in two rows
    const rows = { por_hora: 'hora', por_minuto: 'minuto' };
    for (const [list, key] of Object.entries(rows)) {
      const entries = total[list] as Json[];
      expect(entries.length).toBeGreaterThan(0);
      expect(entries.reduce<number>((sum, entry) => sum + Number(entry.total), 0)).toBe(4);
      for (const entry of entries) expect(entry[key]).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:00\.000Z$/);
    }
  });

  it('of a poll that never was is 404', async () => {
    expectProblem(await client.get('/total?paredao=2', client.basic('producao')), 404, 'poll-not-found');
  });

  it('refuses tokens that others made', async () => {
    const [, payload = ''] = (await bearer('producao')).authorization.split('.');
    const none = `${base64url({ alg: 'none', typ: 'JWT' })}.${payload}.`;
    const head = base64url({ alg: 'HS256', typ: 'JWT' });
    const forged = `${head}.${payload}.${createHmac('sha256', 'secret').update(`${head}.${payload}`).digest('base64url')}`;
    for (const token of [none, forged, 'x', `${head}.${payload}`]) {
      const answer = await client.get('/total', { authorization: `Bearer ${token}` });
      expectProblem(answer, 401, 'unauthenticated');
      expect(answer.headers['www-authenticate']).toBe('Bearer realm="paredao"');
    }
  });
});

describe('what only administrators do', () => {
  const routes = [
    { method: 'POST', path: '/paredoes', json: NAMES },
    { method: 'PATCH', path: '/paredoes/1/participantes/1', json: { nome: 'Outra' } },
    { method: 'POST', path: '/paredoes/1/encerrar', json: undefined },
  ];

  it.each(routes)('$method $path is 401 for nobody and 403 for the others', async ({ method, path, json }) => {
    expectProblem(await client.call(method, path, { json }), 401, 'unauthenticated');
    for (const user of ['producao', 'auditor', 'sre']) {
      expectProblem(await client.call(method, path, { headers: await bearer(user), json }), 403, 'forbidden');
    }
    expect((await client.get('/paredao')).json.estado).toBe('aberto');
  });

  it('is refused with its reason', async () => {
    expectProblem(await client.admin('POST', '/paredoes', NAMES), 409, 'poll-already-open');
    expectProblem(await client.admin('PATCH', '/paredoes/9/participantes/1', { nome: 'X' }), 404, 'poll-not-found');
    expectProblem(
      await client.admin('PATCH', '/paredoes/1/participantes/3', { nome: 'X' }),
      404,
      'participant-not-found',
    );
    expectProblem(
      await client.admin('PATCH', '/paredoes/1/participantes/x', { nome: 'X' }),
      404,
      'participant-not-found',
    );
    expectProblem(await client.admin('PATCH', '/paredoes/1/participantes/1', { nome: '   ' }), 400, 'invalid-name');
    expectProblem(await client.admin('PATCH', '/paredoes/1/participantes/1', { nome: '' }), 400, 'malformed-request');
    expectProblem(
      await client.admin('PATCH', '/paredoes/1/participantes/1', { nome: 'Ana \ud83d' }),
      400,
      'invalid-name',
    );
    expectProblem(await client.admin('POST', '/paredoes/9/encerrar'), 404, 'poll-not-found');
  });

  it('renames a participant of the open poll, who then has that name everywhere', async () => {
    const answer = await client.admin('PATCH', '/paredoes/1/participantes/2', { nome: '  Íris  ', motivo: 'Erro' });
    expect([answer.status, answer.json.participantes[1]]).toEqual([200, { numero: 2, nome: 'Íris' }]);
    await eventually(
      async () => (await client.get('/resultado')).json.participantes[1].nome as string,
      (name) => name === 'Íris',
    );
    const { cedula, correcoes } = (await client.get('/paredao')).json;
    expect(correcoes).toMatchObject([{ numero: 2, para: 'Íris', motivo: 'Erro' }]);
    expect((await client.get('/resultado')).json.cedula).toBe(cedula);
    const silent = await client.admin('PATCH', '/paredoes/1/participantes/2', { nome: 'Iris' });
    expectProblem(silent, 400, 'invalid-reason');
    const taken = await client.admin('PATCH', '/paredoes/1/participantes/1', { nome: 'Íris' });
    expectProblem(taken, 400, 'invalid-participants');
  });
});
