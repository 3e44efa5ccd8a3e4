import { beforeAll, describe, expect, it } from '@jest/globals';

import type { Answer, Client, Json } from './support/client.ts';
import { eventually } from './support/eventually.ts';
import { expectProblem } from './support/problem.ts';
import { Server } from './support/server.ts';

const SCREEN = '/palco/telas/0123456789abcdef';
/** A cue is on the wall, and who fell silent is known, within this, ms. */
const LIMIT_MS = 2000;

describe('the stage', () => {
  let server: Server;
  let client: Client;

  beforeAll(async () => {
    server = await Server.start({ env: { PUBLIC_ORIGIN: 'https://voto.example' } });
    client = server.client();
  });

  const cue = async (modo: string, id = '1', user = 'producao'): Promise<Answer> =>
    client.call('POST', `/paredoes/${id}/palco`, { headers: await client.bearer(user), json: { modo } });
  const stage = async (): Promise<Json> =>
    (await client.stream('/palco/aovivo', 1, client.basic('producao'))).events[0]!.data;
  const shows = (isWanted: (frame: Json) => boolean): Promise<Json> => eventually(stage, isWanted, LIMIT_MS);
  const report = async (change: object = {}): Promise<Answer> => {
    const { paredao, modo, atualizado_em: quadro_em } = await stage();
    const json = { nome: 'Telão', paredao, modo, quadro_em, ...change };
    return client.call('PUT', SCREEN, { headers: await client.bearer('producao'), json });
  };

  it('begins with the countdown, and without shares', async () => {
    for (const participant of [1, 2, 1]) await client.cast(participant);
    const frame = await stage();
    expect(frame).toMatchObject({
      ...{ paredao: '1', modo: 'contagem', pedido_em: null, placar: null, revelavel: false, anulado: false },
      ...{ endereco: 'https://voto.example', caminho: '/', telas: [] },
    });
    expect(JSON.stringify(frame)).not.toMatch(/votos|total|percentua/);
  });

  it('shows shares when production asks for them, and takes them back', async () => {
    expect((await cue('parcial')).status).toBe(200);
    const frame = await shows(({ modo }) => modo === 'parcial');
    expect(frame.placar).toEqual({ percentuais: [66.67, 33.33], ordem: [2, 1], primeiros: [1] });
    expect(Math.abs(Date.parse(frame.pedido_em as string) - Date.now())).toBeLessThan(LIMIT_MS);
    await cue('suspense');
    expect((await shows(({ modo }) => modo === 'suspense')).placar).toBeNull();
  });

  it('does nothing when it shows that already, and says who asked for what', async () => {
    const { pedido_em } = await stage();
    expect((await cue('suspense', '1', 'admin')).status).toBe(200);
    expect((await stage()).pedido_em).toBe(pedido_em);
    const { json } = await client.get('/auditoria/acoes?paredao=1', client.basic('auditor'));
    const cues = (json as unknown as Json[]).filter(({ evento }) => evento === 'StageCued');
    expect(cues.map(({ quem, o_que }) => [String(quem), String(o_que)])).toEqual([
      ['producao', 'Pôs no palco: parcial'],
      ['producao', 'Pôs no palco: suspense'],
    ]);
  });

  it('refuses what it does not know, other sites, auditors, and a result that is not proclaimed', async () => {
    expectProblem(await cue('festa'), 400, 'malformed-request');
    expectProblem(await cue('suspense', '9'), 404, 'poll-not-found');
    expectProblem(await cue('suspense', '1', 'auditor'), 403, 'forbidden');
    expectProblem(await cue('revelacao'), 409, 'poll-not-proclaimed');
    const headers = {
      ...(await client.bearer('producao')),
      origin: 'https://evil.example',
      'sec-fetch-site': 'cross-site',
    };
    const foreign = await client.call('POST', '/paredoes/1/palco', { headers, json: { modo: 'parcial' } });
    expectProblem(foreign, 403, 'cross-site-request');
  });

  it('knows the screens that show it, and when one falls silent', async () => {
    expect((await report()).json).toEqual({ tela: '0123456789abcdef' });
    const { telas } = await shows((frame) => frame.telas.length === 1);
    expect(telas).toMatchObject([{ nome: 'Telão', paredao: '1', modo: 'suspense', conectada: true }]);
    await shows((frame) => frame.telas[0]?.conectada === false);
    await report();
    await shows((frame) => frame.telas[0]?.conectada === true);
    await client.call('DELETE', SCREEN, { headers: await client.bearer('producao') });
    await shows((frame) => frame.telas.length === 0);
  });

  it('takes no reports of strangers, and none that are malformed', async () => {
    expectProblem(await report({ modo: 'festa' }), 400, 'malformed-request');
    expectProblem(await report({ nome: 'x'.repeat(41) }), 400, 'malformed-request');
    const json = { nome: 'x', paredao: '1', modo: 'suspense', quadro_em: new Date().toISOString() };
    expectProblem(await client.call('PUT', SCREEN, { json }), 401, 'unauthenticated');
    const headers = await client.bearer('sre');
    expectProblem(await client.call('PUT', SCREEN, { headers, json }), 403, 'forbidden');
  });

  it('stays logged in: a token is exchanged for a later one', async () => {
    const { authorization } = await client.bearer('producao');
    const { status, json } = await client.call('POST', '/login/renovar', { headers: { authorization } });
    expect([status, json.papel]).toEqual([200, 'producao']);
    const again = { authorization: `Bearer ${json.token as string}` };
    expect((await client.get('/total', again)).status).toBe(200);
  });
});
