import { beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Answer, CallOptions, Client } from './support/client.ts';
import { ApiDocument } from './support/openapi.ts';
import { expectProblem } from './support/problem.ts';
import { Server } from './support/server.ts';

/** What everybody may do. Whatever is not here needs a role. */
const PUBLIC = [
  'GET /desafio',
  'POST /votar/{participante}',
  'GET /paredao',
  'GET /cartao.png',
  'GET /cartao/meta',
  'GET /paredao/regulamento',
  'GET /resultado',
  'GET /resultado/aovivo',
  'GET /fotos/{hash}',
  'POST /login',
  'GET /health/live',
  'GET /health/ready',
  // with the result; before that to auditors, and to all others as if they were not there
  'GET /urna/vkey',
  'GET /urna/{paredao}/boletim',
  'GET /urna/{paredao}/boletim.json',
  'GET /urna/{paredao}/zeresima',
  'GET /urna/{paredao}/zeresima.json',
  'GET /urna/{paredao}/{urna}/checkpoint',
  'GET /urna/{paredao}/{urna}/tile/{path}',
  'GET /urna/{paredao}/{urna}/vkey',
  'GET /urna/{paredao}/{urna}/votos/v2/{folhas}/{bits}/{prefixo}',
];
const STAFF = ['admin', 'producao', 'auditor'];
const EVERYBODY = [...STAFF, 'sre'];
const AUDITORS = ['admin', 'auditor'];

/** Who may do the rest, with a body that is well-formed and changes nothing: a poll 9 there is not. */
const PROTECTED: Record<string, { roles: readonly string[]; json?: unknown }> = {
  'GET /total': { roles: STAFF },
  'GET /total/aovivo': { roles: STAFF },
  'GET /palco/aovivo': { roles: STAFF },
  'PUT /palco/telas/{tela}': { roles: ['admin', 'producao'], json: { nome: '' } },
  'DELETE /palco/telas/{tela}': { roles: ['admin', 'producao'] },
  'POST /login/renovar': { roles: EVERYBODY },
  'GET /paredoes': { roles: STAFF },
  'GET /sre/amostras': { roles: ['admin', 'sre'] },
  'GET /sre/aovivo': { roles: ['admin', 'sre'] },
  'GET /sre/redes': { roles: ['admin', 'sre'] },
  'GET /auditoria/estado': { roles: AUDITORS },
  'GET /auditoria/conferencia': { roles: AUDITORS },
  'GET /auditoria/quarentena': { roles: AUDITORS },
  'GET /auditoria/quarentena/{fluxo}': { roles: AUDITORS },
  'GET /auditoria/quarentena/{fluxo}/{revisao}': { roles: AUDITORS },
  'GET /auditoria/acoes': { roles: AUDITORS },
  'GET /auditoria/exportacao': { roles: AUDITORS },
  'GET /auditoria/relatorio': { roles: AUDITORS },
  'GET /auditoria/laudo': { roles: ['auditor'] },
  'POST /senha': { roles: EVERYBODY, json: { senha_atual: 'x', senha_nova: 'x'.repeat(12) } },
  'POST /paredoes': { roles: ['admin'], json: { titulo: ' ', participantes: [{ nome: 'A' }, { nome: 'B' }] } },
  'PATCH /paredoes/{id}': { roles: ['admin'], json: { titulo: 'Quem sai?' } },
  'POST /paredoes/{id}/descartar': { roles: ['admin'] },
  'POST /paredoes/{id}/abrir': { roles: ['admin'] },
  'POST /paredoes/{id}/pausar': { roles: ['admin'] },
  'POST /paredoes/{id}/retomar': { roles: ['admin'] },
  'POST /paredoes/{id}/encerrar': { roles: ['admin'] },
  'POST /paredoes/{id}/conferir': { roles: ['auditor'], json: { selo: 'x' } },
  'POST /paredoes/{id}/proclamar': { roles: ['admin', 'producao'], json: {} },
  'POST /paredoes/{id}/anular': { roles: ['admin'], json: { motivo: 'Erro' } },
  'POST /paredoes/{id}/mostrar-parcial': { roles: ['admin', 'producao'] },
  'POST /paredoes/{id}/ocultar-parcial': { roles: ['admin', 'producao'] },
  'POST /paredoes/{id}/palco': { roles: ['admin', 'producao'], json: { modo: 'suspense' } },
  'PUT /paredoes/{id}/agenda': { roles: ['admin'], json: { abre_em: null, encerra_em: null } },
  'POST /fotos': { roles: ['admin'] },
  'PUT /paredoes/{id}/participantes/{numero}/foto': { roles: ['admin'] },
  'POST /paredoes/{id}/participantes': { roles: ['admin'], json: { nome: 'Caio' } },
  'DELETE /paredoes/{id}/participantes/{numero}': { roles: ['admin'] },
  'PATCH /paredoes/{id}/participantes/{numero}': { roles: ['admin'], json: { nome: 'Ana' } },
};

let server: Server;
let client: Client;
let api: ApiDocument;

beforeAll(async () => {
  server = await Server.start();
  client = server.client();
  api = new ApiDocument((await client.get('/swagger-json')).json);
});

function send(operation: string, headers: NonNullable<CallOptions['headers']> = {}): Promise<Answer> {
  const [method = '', template = ''] = operation.split(' ');
  const path = template
    .replace('{id}', '9')
    .replace('{numero}', '1')
    .replace('{tela}', '0123456789abcdef')
    .replace('{fluxo}', 'votes-9')
    .replace('{revisao}', '0');
  const { json } = PROTECTED[operation]!;
  return client.call(method, path, { headers, ...(json !== undefined && { json }) });
}

const login = async (user: string, senha = client.passwordOf(user)): Promise<Answer> =>
  client.call('POST', '/login', { json: { usuario: user, senha } });

describe('every operation of the API', () => {
  it('is either public or for certain roles, and the description says which', () => {
    expect([...PUBLIC, ...Object.keys(PROTECTED)].sort()).toEqual(api.operations().sort());
    for (const name of api.operations()) {
      const schemes = name.startsWith('GET ') ? ['bearer', 'basic'] : ['bearer'];
      const { security = [] } = api.operation(name) as { security?: object[] };
      expect([name, security.flatMap(Object.keys)]).toEqual([name, name in PROTECTED ? schemes : []]);
    }
  });

  it.each(Object.entries(PROTECTED))('%s opens to its roles and to nobody else', async (operation, { roles }) => {
    const forged: CallOptions['headers'][] = [
      {},
      { authorization: 'Bearer x.y.z' },
      { authorization: 'Basic' },
      { authorization: 'Bearer' },
    ];
    if (!operation.startsWith('GET ')) forged.push(client.basic(roles[0]!));
    for (const headers of forged) expectProblem(await send(operation, headers), 401, 'unauthenticated');
    for (const user of EVERYBODY) {
      const token = `Bearer ${(await login(user)).json.token as string}`;
      const schemes = operation.startsWith('GET ') ? [client.basic(user)] : [];
      for (const headers of [...schemes, { authorization: token }]) {
        const answer = await send(operation, headers);
        if (!roles.includes(user)) expectProblem(answer, 403, 'forbidden');
        else
          expect([operation, user, answer.json?.code ?? '']).toEqual([
            operation,
            user,
            expect.not.stringMatching(/forbidden|unauth/),
          ]);
      }
    }
  });
});

describe('a changed password', () => {
  const change = (authorization: string, senha_atual: string, senha_nova: string): Promise<Answer> =>
    client.call('POST', '/senha', { headers: { authorization }, json: { senha_atual, senha_nova } });

  it('ends the old one and every token from before, at once, and is in no log', async () => {
    const old = client.passwordOf('producao');
    const [before, basic] = [`Bearer ${(await login('producao')).json.token as string}`, client.basic('producao')];
    expect((await send('GET /total', basic)).status).toBe(200);
    expectProblem(await change(before, 'errada', 'uma senha bem comprida'), 401, 'invalid-credentials');
    expectProblem(await change(before, old, 'curta'), 400, 'malformed-request');

    const changed = await change(before, old, 'uma senha bem comprida');
    expect([changed.status, changed.json.papel]).toEqual([200, 'producao']);
    expectProblem(await send('GET /total', { authorization: before }), 401, 'unauthenticated');
    expectProblem(await send('GET /total', basic), 401, 'invalid-credentials');
    expect((await send('GET /total', { authorization: `Bearer ${changed.json.token as string}` })).status).toBe(200);
    expect((await login('producao', 'uma senha bem comprida')).status).toBe(200);
    const written = readFileSync(server.logFile, 'utf8') + readFileSync(join(server.dataDir, 'users.json'), 'utf8');
    for (const secret of [old, 'uma senha bem comprida', changed.json.token as string]) {
      expect(written).not.toContain(secret);
    }
  });

  it('lasts over a restart', async () => {
    await server.stop();
    server = await Server.start({ dataDir: server.dataDir });
    client = server.client();
    expect((await login('producao', 'uma senha bem comprida')).status).toBe(200);
  });
});
