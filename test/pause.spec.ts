import { beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';

import type { Client, Json } from './support/client.ts';
import { eventually } from './support/eventually.ts';
import { expectProblem } from './support/problem.ts';
import { Server } from './support/server.ts';

/** What voters with a stream may wait to hear of a pause, ms. */
const STREAM_LIMIT_MS = 2000;
const HALF_A_SECOND_MS = 500;

type Shown = Readonly<Record<'estado' | 'pausado_em' | 'encerra_em' | 'encerrado_em' | 'sem_votos', unknown>>;

describe('the time of a poll', () => {
  let server: Server;
  let client: Client;

  beforeAll(async () => {
    server = await Server.start();
    client = server.client();
  });

  const act = async (action: string, json?: object): Promise<Json> => {
    const method = action === 'agenda' ? 'PUT' : 'POST';
    const answer = await client.admin(method, `/paredoes/1/${action}`, json);
    expect([action, answer.status]).toEqual([action, 200]);
    return answer.json;
  };
  const endIn = (ms: number): Promise<Json> =>
    act('agenda', { abre_em: null, encerra_em: new Date(Date.now() + ms).toISOString() });
  /** What a stream says within the limit. */
  const streamed = (path: string, isWanted: (data: Shown) => boolean): Promise<Shown> =>
    eventually(
      async () => (await client.stream(path, 1, client.basic('producao'))).events[0]?.data as Shown,
      isWanted,
      STREAM_LIMIT_MS,
    );

  it('stands in every answer, with the clock that it is measured by', async () => {
    for (const path of ['/paredao', '/resultado']) {
      const { json } = await client.get(path);
      expect(json).toMatchObject({ encerra_em: null, encerrado_em: null, pausado_em: null });
      expect(Math.abs(Date.parse(json.atualizado_em as string) - Date.now())).toBeLessThan(2000);
    }
  });

  it('stops with a pause, which voters see, and which a vote is told', async () => {
    const altcha = await client.solved();
    const { pausado_em, estado } = await act('pausar');
    expect([estado, Math.abs(Date.parse(pausado_em as string) - Date.now()) < 2000]).toEqual(['aberto', true]);
    expect(await act('pausar')).toMatchObject({ pausado_em });
    expectProblem(await client.vote(1, altcha), 409, 'poll-paused');
    for (const path of ['/resultado/aovivo', '/total/aovivo']) {
      await streamed(path, (data) => data.pausado_em === pausado_em && data.estado === 'aberto');
    }
    expect((await client.get('/paredao')).json).toMatchObject({ estado: 'aberto', pausado_em });
  });

  it('goes on when it is resumed: the same challenge is a vote now', async () => {
    // solved during the pause, so that nobody has to wait when it is over
    const altcha = await client.solved();
    expect(await act('retomar')).toMatchObject({ pausado_em: null });
    expect((await client.vote(1, altcha)).status).toBe(201);
    await streamed('/resultado/aovivo', (data) => data.pausado_em === null && data.sem_votos === false);
  });

  it('gives a vote that was acknowledged before the pause the same answer during it', async () => {
    const altcha = await client.solved();
    const first = await client.vote(2, altcha);
    await act('pausar');
    const again = await client.vote(2, altcha);
    expect([again.status, again.json]).toEqual([200, first.json]);
    await act('retomar');
  });

  it('moves with the end, in both directions, which voters see', async () => {
    for (const ms of [60_000, 360_000, 30_000]) {
      const { encerra_em } = await endIn(ms);
      await streamed('/resultado/aovivo', (data) => data.encerra_em === encerra_em);
    }
  });

  it('ends at the announced moment also while it is paused, and no end that has come is moved', async () => {
    const altcha = await client.solved();
    await act('pausar');
    const { encerra_em } = await endIn(1500);
    await delay(Date.parse(encerra_em as string) - Date.now() + 1);
    expectProblem(await client.vote(1, altcha), 409, 'poll-not-open');
    const later = { abre_em: null, encerra_em: new Date(Date.now() + 60_000).toISOString() };
    expectProblem(await client.admin('PUT', '/paredoes/1/agenda', later), 409, 'poll-not-open');
    const over = await eventually(
      async () => (await client.get('/paredao')).json as Shown,
      ({ estado }) => estado === 'encerrado',
    );
    expect(over).toMatchObject({ pausado_em: null, encerra_em });
    expect(Date.parse(over.encerrado_em as string) - Date.parse(encerra_em as string)).toBeLessThan(
      2 * HALF_A_SECOND_MS,
    );
  });

  it('is in the trail of auditors with who and when, and in the report with the votes of each pause', async () => {
    const actions = (await client.get('/auditoria/acoes', client.basic('auditor'))).json as Json[];
    const told = actions.map(({ quem, o_que }) => `${String(quem)}: ${String(o_que)}`);
    expect(told.filter((line) => line.endsWith('ou a votação'))).toEqual([
      'admin: Pausou a votação',
      'admin: Retomou a votação',
      'admin: Pausou a votação',
      'admin: Retomou a votação',
      'admin: Pausou a votação',
    ]);
    const report = (await client.get('/auditoria/relatorio', client.basic('auditor'))).text;
    expect(report).toContain('CONFERE');
    expect(report).not.toContain('NÃO CONFERE');
    expect(
      report.match(/pausada em [^<]+ por admin, (retomada em [^<]+ por admin|não retomada): 0 votos/g),
    ).toHaveLength(3);
  });
});
