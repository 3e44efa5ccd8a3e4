import { beforeAll, describe, expect, it } from '@jest/globals';

import { Operations } from '#contract';

import { png } from '../apps/command-api/testing/png.ts';
import type { Answer, CallOptions, Client } from './support/client.ts';
import { eventually } from './support/eventually.ts';
import { ApiDocument, registeredRoutes } from './support/openapi.ts';
import { HUGE, type Sample, TOO_LONG, XML as xml, sample, urnaSamples } from './support/openapi-samples.ts';
import { Server, temporaryDirectory } from './support/server.ts';
import { auditAndSign, sign } from './support/sign-off.ts';

/** Served, and rightly not described: the description itself, and the metrics, which the public has no part in. */
const UNDESCRIBED = /^\w+ \/(swagger.*|metrics)$/;
const PROBLEM = 'application/problem+json';
const STREAM = 'text/event-stream';

let server: Server;
let client: Client;
let api: ApiDocument;

beforeAll(async () => {
  server = await Server.start();
  client = server.client();
  api = new ApiDocument((await client.get('/swagger-json')).json);
});

/** It succeeds only where something is in quarantine: test/audit-api.spec.ts tries that. */
/** A poll is cut 16 s after its closing. */
const CUT_LIMIT_MS = 30_000;
const QUARANTINED = 'GET /auditoria/quarentena/{fluxo}/{revisao}';
const MORE_QUARANTINED = 'GET /auditoria/quarentena/{fluxo}';
const SCREEN = '/palco/telas/0123456789abcdef';
const onScreen = { nome: 'Telão', paredao: '1', modo: 'contagem', quadro_em: '2026-11-23T22:00:00.000Z' };
const RENAME = 'PATCH /paredoes/{id}/participantes/{numero}';

const get = (path: string, user?: string) => (): Promise<Answer> =>
  client.get(path, user === undefined ? undefined : client.basic(user));
const admin = (method: string, path: string, json?: unknown) => (): Promise<Answer> => client.admin(method, path, json);
const call = (method: string, path: string, options: CallOptions) => (): Promise<Answer> =>
  client.call(method, path, options);

let voted = '';
let photo = '';

/** Shares shown and hidden: poll 3 is on cue, poll 1 is over. */
const CUES = ['mostrar-parcial', 'ocultar-parcial'].flatMap((cue) =>
  ([3, 9, 1] as const).map((id, at) =>
    sample(`POST /paredoes/{id}/${cue}`, [200, 404, 409][at]!, admin('POST', `/paredoes/${String(id)}/${cue}`)),
  ),
);

const URNA = urnaSamples(get);

/** In this order: the poll is open first and closed in the end. */
const SAMPLES: Sample[] = [
  sample('GET /health/live', 200, get('/health/live')),
  sample('GET /health/ready', 200, get('/health/ready')),
  sample('GET /desafio', 200, get('/desafio')),
  sample('GET /paredao', 200, get('/paredao')),
  sample('GET /cartao.png', 200, get('/cartao.png')),
  sample('GET /cartao.png', 404, get('/cartao.png?paredao=9')),
  sample('GET /cartao/meta', 200, get('/cartao/meta?pagina=votar')),
  sample('GET /cartao/meta', 400, get('/cartao/meta')),
  ...URNA.opening,
  sample('POST /votar/{participante}', 201, async () => client.vote(1, (voted = await client.solved()))),
  sample('POST /votar/{participante}', 200, () => client.vote(1, voted)),
  sample('POST /votar/{participante}', 409, () => client.vote(2, voted)),
  sample('POST /votar/{participante}', 400, call('POST', '/votar/1', {})),
  sample('POST /votar/{participante}', 403, () => client.vote(1, 'e30=')),
  sample('POST /votar/{participante}', 404, call('POST', '/votar/7', { json: { altcha: 'e30=' } })),
  sample('POST /votar/{participante}', 413, call('POST', '/votar/1', { json: HUGE })),
  sample('POST /votar/{participante}', 414, call('POST', `/votar/${TOO_LONG}`, { json: { altcha: 'e30=' } })),
  sample('POST /votar/{participante}', 415, call('POST', '/votar/1', xml)),
  sample('GET /resultado', 200, get('/resultado')),
  sample('GET /resultado', 200, async () =>
    client.get(`/resultado?desde=${(await client.cast(2)).json.voto.posicao as string}`),
  ),
  sample('GET /resultado', 400, get('/resultado?desde=x')),
  sample('GET /resultado', 404, get('/resultado?paredao=9')),
  sample('GET /resultado/aovivo', 400, get('/resultado/aovivo?paredao=x')),
  sample('GET /resultado/aovivo', 404, get('/resultado/aovivo?paredao=9')),
  sample('GET /total', 200, get('/total', 'producao')),
  sample('GET /total', 400, get('/total?paredao=x', 'producao')),
  sample('GET /total', 401, get('/total')),
  sample('GET /total', 403, get('/total', 'sre')),
  sample('GET /total', 404, get('/total?paredao=9', 'auditor')),
  sample('GET /total/aovivo', 401, get('/total/aovivo')),
  sample('GET /total/aovivo', 404, get('/total/aovivo?paredao=9', 'auditor')),
  sample('GET /palco/aovivo', 400, get('/palco/aovivo?paredao=x', 'producao')),
  sample('GET /palco/aovivo', 401, get('/palco/aovivo')),
  sample('GET /palco/aovivo', 404, get('/palco/aovivo?paredao=9', 'producao')),
  sample('PUT /palco/telas/{tela}', 200, admin('PUT', SCREEN, onScreen)),
  sample('PUT /palco/telas/{tela}', 400, admin('PUT', '/palco/telas/1', onScreen)),
  sample('PUT /palco/telas/{tela}', 401, call('PUT', SCREEN, { json: onScreen })),
  sample('DELETE /palco/telas/{tela}', 200, admin('DELETE', SCREEN)),
  sample('DELETE /palco/telas/{tela}', 400, admin('DELETE', '/palco/telas/1')),
  sample('GET /sre/amostras', 200, get('/sre/amostras?minutos=60', 'sre')),
  sample('GET /sre/amostras', 400, get('/sre/amostras?minutos=7', 'sre')),
  sample('GET /sre/amostras', 401, get('/sre/amostras')),
  sample('GET /sre/amostras', 403, get('/sre/amostras', 'producao')),
  sample('GET /sre/redes', 200, get('/sre/redes', 'sre')),
  sample('GET /sre/redes', 401, get('/sre/redes')),
  sample('GET /sre/redes', 403, get('/sre/redes', 'producao')),
  sample('GET /sre/aovivo', 401, get('/sre/aovivo')),
  sample('GET /sre/aovivo', 403, get('/sre/aovivo', 'producao')),
  sample('GET /auditoria/estado', 200, get('/auditoria/estado', 'auditor')),
  sample('GET /auditoria/estado', 401, get('/auditoria/estado')),
  sample('GET /auditoria/quarentena', 200, get('/auditoria/quarentena', 'admin')),
  sample('GET /auditoria/quarentena', 403, get('/auditoria/quarentena', 'producao')),
  sample(MORE_QUARANTINED, 200, get('/auditoria/quarentena/votes-1?depois=0', 'auditor')),
  sample(MORE_QUARANTINED, 400, get('/auditoria/quarentena/votes-1?depois=x', 'auditor')),
  sample(QUARANTINED, 400, get('/auditoria/quarentena/$all/1', 'auditor')),
  sample(QUARANTINED, 404, get('/auditoria/quarentena/votes-1/0', 'auditor')),
  sample('GET /auditoria/acoes', 200, get('/auditoria/acoes', 'auditor')),
  sample('GET /auditoria/acoes', 400, get('/auditoria/acoes?paredao=x', 'auditor')),
  sample('GET /auditoria/conferencia', 200, get('/auditoria/conferencia', 'auditor')),
  sample('GET /auditoria/conferencia', 401, get('/auditoria/conferencia')),
  sample('GET /auditoria/laudo', 409, get('/auditoria/laudo', 'auditor')),
  sample('GET /auditoria/exportacao', 200, get('/auditoria/exportacao?formato=csv', 'auditor')),
  sample('GET /auditoria/exportacao', 400, get('/auditoria/exportacao?formato=xml', 'auditor')),
  sample('GET /auditoria/relatorio', 200, get('/auditoria/relatorio', 'auditor')),
  sample('GET /auditoria/relatorio', 403, get('/auditoria/relatorio', 'producao')),
  sample('POST /login', 200, () =>
    client.call('POST', '/login', { json: { usuario: 'auditor', senha: client.passwordOf('auditor') } }),
  ),
  sample('POST /login', 400, call('POST', '/login', { json: { usuario: 'auditor' } })),
  sample('POST /login', 401, call('POST', '/login', { json: { usuario: 'auditor', senha: 'x' } })),
  sample('POST /login', 413, call('POST', '/login', { json: HUGE })),
  sample('POST /login', 415, call('POST', '/login', xml)),
  sample('POST /login/renovar', 200, admin('POST', '/login/renovar')),
  sample('POST /login/renovar', 401, call('POST', '/login/renovar', {})),
  sample('POST /senha', 400, () => changePassword(client.passwordOf('auditor'), 'curta')),
  sample('POST /senha', 401, () => changePassword('errada', 'uma senha mais longa')),
  sample('POST /senha', 200, () => changePassword(client.passwordOf('auditor'), client.passwordOf('auditor'))),
  sample(RENAME, 200, admin('PATCH', '/paredoes/1/participantes/1', { nome: 'Ana', motivo: 'Erro' })),
  sample(RENAME, 400, admin('PATCH', '/paredoes/1/participantes/1', { nome: ' ' })),
  sample(RENAME, 404, admin('PATCH', '/paredoes/9/participantes/1', { nome: 'A' })),
  sample(RENAME, 414, admin('PATCH', `/paredoes/${TOO_LONG}/participantes/1`, { nome: 'A' })),
  sample('PUT /paredoes/{id}/participantes/{numero}/foto', 200, async () => {
    const answer = await upload(png());
    photo = answer.json.participantes[0].foto as string;
    return answer;
  }),
  sample('PUT /paredoes/{id}/participantes/{numero}/foto', 400, () => upload(Buffer.from('GIF89a'))),
  sample('POST /fotos', 201, () => upload(png(), 'POST', '/fotos')),
  sample('POST /fotos', 400, () => upload(Buffer.from('GIF89a'), 'POST', '/fotos')),
  sample('GET /fotos/{hash}', 200, () => client.get(photo)),
  sample('GET /fotos/{hash}', 200, () => client.get(`${photo}?w=320`)),
  sample('GET /fotos/{hash}', 400, () => client.get(`${photo}?w=321`)),
  sample('GET /fotos/{hash}', 404, get(`/fotos/${'0'.repeat(64)}`)),
  sample('GET /paredao/regulamento', 200, get('/paredao/regulamento')),
  sample('GET /paredao/regulamento', 404, get('/paredao/regulamento?paredao=99')),
  sample('POST /paredoes', 400, admin('POST', '/paredoes', { titulo: 'x', participantes: [] })),
  sample('POST /paredoes', 403, async () =>
    client.call('POST', '/paredoes', { headers: await client.bearer('producao'), json: poll() }),
  ),
  sample('POST /paredoes', 409, () => client.admin('POST', '/paredoes', poll())),
  sample('POST /paredoes/{id}/pausar', 404, admin('POST', '/paredoes/9/pausar')),
  sample('POST /paredoes/{id}/pausar', 200, admin('POST', '/paredoes/1/pausar')),
  sample('POST /votar/{participante}', 409, async () => client.vote(1, await client.solved())),
  sample('POST /paredoes/{id}/retomar', 200, admin('POST', '/paredoes/1/retomar')),
  sample('POST /paredoes/{id}/palco', 200, admin('POST', '/paredoes/1/palco', { modo: 'suspense' })),
  sample('POST /paredoes/{id}/palco', 400, admin('POST', '/paredoes/1/palco', { modo: 'festa' })),
  sample('POST /paredoes/{id}/palco', 404, admin('POST', '/paredoes/9/palco', { modo: 'suspense' })),
  sample('POST /paredoes/{id}/palco', 409, admin('POST', '/paredoes/1/palco', { modo: 'revelacao' })),
  sample('POST /paredoes/{id}/proclamar', 409, admin('POST', '/paredoes/1/proclamar', {})),
  sample('POST /paredoes/{id}/anular', 400, admin('POST', '/paredoes/1/anular', { motivo: ' ' })),
  sample('POST /paredoes/{id}/conferir', 400, () => sign(client, '1', 'x')),
  sample('POST /paredoes', 409, () => client.admin('POST', '/paredoes', { ...poll(), rascunho: true, substitui: '1' })),
  sample('POST /paredoes/{id}/encerrar', 404, admin('POST', '/paredoes/9/encerrar')),
  sample('POST /paredoes/{id}/encerrar', 400, admin('POST', '/paredoes/%zz/encerrar')),
  sample('POST /paredoes/{id}/encerrar', 200, admin('POST', '/paredoes/1/encerrar')),
  sample('POST /paredoes/{id}/encerrar', 409, admin('POST', '/paredoes/1/encerrar')),
  sample('POST /paredoes/{id}/pausar', 409, admin('POST', '/paredoes/1/pausar')),
  sample('POST /paredoes/{id}/retomar', 409, admin('POST', '/paredoes/1/retomar')),
  sample('POST /paredoes/{id}/anular', 200, admin('POST', '/paredoes/1/anular', { motivo: 'Erro' })),
  sample('GET /desafio', 409, get('/desafio')),
  sample('POST /paredoes', 201, () => client.admin('POST', '/paredoes', poll())),
  sample('POST /paredoes', 201, () => client.admin('POST', '/paredoes', { ...poll(), rascunho: true })),
  sample(
    'PATCH /paredoes/{id}',
    200,
    admin('PATCH', '/paredoes/3', { titulo: 'O terceiro', divulgacao: 'sob-comando' }),
  ),
  sample('PATCH /paredoes/{id}', 400, admin('PATCH', '/paredoes/3', { titulo: ' ' })),
  sample('PATCH /paredoes/{id}', 409, admin('PATCH', '/paredoes/1', { titulo: 'O primeiro' })),
  sample('GET /paredoes', 200, get('/paredoes', 'auditor')),
  sample('GET /paredoes', 401, get('/paredoes')),
  sample('PUT /paredoes/{id}/agenda', 200, () => schedule('2100-01-01T00:00:00Z')),
  sample('PUT /paredoes/{id}/agenda', 400, () => schedule('2001-01-01T00:00:00Z')),
  sample('PUT /paredoes/{id}/agenda', 400, () => schedule('amanhã')),
  sample('POST /paredoes/{id}/abrir', 409, admin('POST', '/paredoes/3/abrir')),
  sample('POST /paredoes/{id}/encerrar', 200, admin('POST', '/paredoes/2/encerrar')),
  sample('POST /paredoes/{id}/abrir', 200, () =>
    eventually(
      () => client.admin('POST', '/paredoes/3/abrir'),
      ({ status }) => status !== 409,
    ),
  ),
  ...CUES,
  sample('POST /paredoes', 201, () => client.admin('POST', '/paredoes', { ...poll(), rascunho: true })),
  sample('POST /paredoes/{id}/participantes', 200, admin('POST', '/paredoes/4/participantes', { nome: 'Eva' })),
  sample('POST /paredoes/{id}/participantes', 400, admin('POST', '/paredoes/4/participantes', { nome: 'EVA' })),
  sample('POST /paredoes/{id}/participantes', 409, admin('POST', '/paredoes/3/participantes', { nome: 'Eva' })),
  sample('DELETE /paredoes/{id}/participantes/{numero}', 200, admin('DELETE', '/paredoes/4/participantes/3')),
  sample('DELETE /paredoes/{id}/participantes/{numero}', 400, admin('DELETE', '/paredoes/4/participantes/2')),
  sample('DELETE /paredoes/{id}/participantes/{numero}', 404, admin('DELETE', '/paredoes/4/participantes/9')),
  sample('POST /paredoes/{id}/anular', 409, admin('POST', '/paredoes/4/anular', { motivo: 'Erro' })),
  sample('POST /paredoes/{id}/descartar', 409, admin('POST', '/paredoes/3/descartar')),
  sample('POST /paredoes/{id}/descartar', 200, admin('POST', '/paredoes/4/descartar')),
  sample('POST /paredoes/{id}/descartar', 404, admin('POST', '/paredoes/4/descartar')),
  sample('GET /auditoria/laudo', 200, () =>
    eventually(get('/auditoria/laudo?paredao=2', 'auditor'), isGood, CUT_LIMIT_MS),
  ),
  sample('POST /paredoes/{id}/conferir', 200, () => auditAndSign(client, '2')),
  ...URNA.held,
  sample('POST /paredoes/{id}/proclamar', 200, admin('POST', '/paredoes/2/proclamar', {})),
  sample('GET /urna/{paredao}/boletim', 200, () => eventually(get('/urna/2/boletim'), isGood)),
  ...URNA.published,
];

const isGood = ({ status }: Answer): boolean => status === 200;

function poll(): object {
  return { titulo: 'O segundo', participantes: [{ nome: 'Caio' }, { nome: 'Duda' }] };
}

const changePassword = async (senha_atual: string, senha_nova: string): Promise<Answer> =>
  client.call('POST', '/senha', { headers: await client.bearer('auditor'), json: { senha_atual, senha_nova } });

const upload = async (body: Buffer, method = 'PUT', path = '/paredoes/1/participantes/1/foto'): Promise<Answer> =>
  client.call(method, path, {
    headers: { ...(await client.bearer('admin')), 'content-type': 'image/png' },
    body,
  });

const schedule = (abre_em: string): Promise<Answer> =>
  client.admin('PUT', '/paredoes/3/agenda', { abre_em, encerra_em: null });

describe('the description of the API', () => {
  it('has every route that is served, and no other', () => {
    const served = registeredRoutes(temporaryDirectory()).filter((route) => !UNDESCRIBED.test(route));
    expect(served.length).toBeGreaterThan(10);
    expect(api.operations().sort()).toEqual(served.sort());
  });

  it('declares of every operation what it takes, what it gives, and how it fails', () => {
    for (const name of api.operations()) {
      const operation = api.operation(name);
      const takesBody =
        /^(POST|PATCH|PUT)/.test(name) &&
        !/\/(encerrar|descartar|pausar|retomar|renovar|mostrar-parcial|ocultar-parcial)$/.test(name);
      expect([name, operation.summary]).toEqual([name, expect.stringMatching(/\S/)]);
      expect([name, 'requestBody' in operation]).toEqual([name, takesBody]);
      expect([name, 'security' in operation]).toEqual([
        name,
        /paredoes|total|palco|sre|auditoria|senha|renovar|POST \/fotos/.test(name),
      ]);
      for (const parameter of name.matchAll(/\{(\w+)\}/g)) {
        expect(operation.parameters).toContainEqual(
          expect.objectContaining({ name: parameter[1], in: 'path', required: true }),
        );
      }
      if (name.includes('/health/')) continue;
      expect(api.statuses(name)).toEqual(expect.arrayContaining([500, 503]));
      for (const [status, response] of Object.entries(operation.responses as Record<string, { content: object }>)) {
        const [mediaType] = Object.keys(response.content);
        expect([name, status, mediaType]).toEqual([
          name,
          status,
          Number(status) >= 400 ? PROBLEM : expect.not.stringMatching(PROBLEM),
        ]);
      }
    }
  });

  it('is tried here in every operation, with success and with failure', () => {
    const tried = (isGood: boolean): string[] =>
      [...new Set(SAMPLES.filter(({ status }) => status < 400 === isGood).map(({ operation }) => operation))].sort();
    const streams = api.operations().filter((name) => name.endsWith('/aovivo') || name === QUARANTINED);
    expect([...tried(true), ...streams].sort()).toEqual(api.operations().sort());
    const fails = api.operations().filter((name) => !/health|GET \/(paredao|urna\/vkey)$/.test(name));
    expect(tried(false)).toEqual(fails.sort());
  });
});

describe('the answers are as declared', () => {
  it.each(SAMPLES)('$operation → $status', async ({ operation, status, call: send }) => {
    const answer = await send();
    expect([answer.status, answer.text]).toEqual([status, expect.any(String)]);
    expect(api.statuses(operation)).toContain(status);
    const mediaType = String(answer.headers['content-type']).split(';')[0] ?? '';
    if (status >= 400) expect(mediaType).toBe(PROBLEM);
    expect(api.mediaTypes(operation, status)).toContain(mediaType);
    // files, photos and streams are not JSON
    if (!mediaType.endsWith('json')) return;
    expect(api.complaint(operation, status, mediaType, answer.json)).toBeUndefined();
  });

  it.each(['/resultado/aovivo', '/total/aovivo'])(
    'GET %s → 200, a stream of what the plain route gives',
    async (path) => {
      const { status, headers, events } = await client.stream(path, 1, client.basic('auditor'));
      expect([status, headers['content-type']]).toEqual([200, `${STREAM}; charset=utf-8`]);
      expect(Object.keys(api.operation(`GET ${path}`).responses[200].content as object)).toEqual([STREAM]);
      const plain = `GET ${path.replace('/aovivo', '')}`;
      expect(api.complaint(plain, 200, 'application/json', events[0]?.data)).toBeUndefined();
    },
  );

  it('GET /sre/aovivo → 200, a stream of the log and the metrics', async () => {
    const { status, headers, events } = await client.stream('/sre/aovivo', 2, client.basic('sre'));
    expect([status, headers['content-type']]).toEqual([200, `${STREAM}; charset=utf-8`]);
    expect(Object.keys(api.operation('GET /sre/aovivo').responses[200].content as object)).toEqual([STREAM]);
    const fields = Object.keys(Operations.properties);
    for (const { event, data } of events) expect([event, Object.keys(data as object)]).toEqual(['sre', fields]);
  });

  it('and the check sees what is not', () => {
    expect(api.complaint('GET /paredao', 200, 'application/json', { id: 1 })).toContain('must');
    expect(
      api.complaint('GET /desafio', 409, PROBLEM, { type: '', title: '', status: 409, code: 'unheard-of' }),
    ).toContain('code');
  });
});
