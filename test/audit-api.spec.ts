import { beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { gunzipSync } from 'node:zlib';

import { SqliteEventLog } from '#event-log';

import type { Client, Json } from './support/client.ts';
import { eventually } from './support/eventually.ts';
import { expectProblem } from './support/problem.ts';
import { Server, temporaryDirectory } from './support/server.ts';

const UNREADABLE = Buffer.from('<b>não é um voto</b>');

let server: Server;
let client: Client;

/** Three votes, and something between them that nobody can read. */
beforeAll(async () => {
  const first = await Server.start();
  await first.client().cast(1);
  await first.stop();
  const log = SqliteEventLog.open(first.dataDir);
  await log.append('votes-1', [{ id: randomUUID(), type: 'VoteCast', version: 2, data: UNREADABLE }], 'any');
  await log.close();
  server = await Server.start({ dataDir: first.dataDir });
  client = server.client();
  for (const participant of [2, 2]) await client.cast(participant);
  await eventually(
    () => client.total(),
    ({ total }) => total === 3,
  );
}, 60_000);

const audit = async (path: string, user = 'auditor'): Promise<Json> => {
  const { status, json, text } = await client.get(`/auditoria/${path}`, client.basic(user));
  expect({ status, text }).toMatchObject({ status: 200 });
  return json;
};

describe('the audit API', () => {
  it('puts the log beside what was counted', async () => {
    const state = await audit('estado');
    expect(state.paredoes).toEqual([
      expect.objectContaining({
        paredao: '1',
        estado: 'aberto',
        eventos_administrativos: 1,
        eventos_na_urna: 5,
        eventos_contados: 5,
        votos: 3,
        quarentena: 1,
        digest: (await client.total()).digest,
      }),
    ]);
    expect(state).toMatchObject({
      contagem: { versao: '6-0', posicao: expect.stringMatching(/^\d+$/), atraso_segundos: 0 },
    });
  });

  it('counts a poll again, and shows both sides hour by hour', async () => {
    const { events } = await client.stream('/auditoria/conferencia', 9, client.basic('auditor'));
    const { event, data } = events.at(-1)!;
    expect(event).toBe('conferencia');
    expect(data).toMatchObject({ paredao: '1', confere: true, log: { voto_1: 1, voto_2: 2, quarentena: 1 } });
    expect(data.contagem).toEqual(data.log);
    expect(data.por_hora.length).toBeGreaterThan(0);
    expect((data.por_hora as { confere: boolean }[]).filter(({ confere }) => !confere)).toEqual([]);
    expect(data.verificacoes.length).toBeGreaterThan(3);
  });

  it('lists what is in quarantine, and shows its bytes as they are', async () => {
    const place = {
      fluxo: 'votes-1',
      revisao: '2',
      posicao: expect.stringMatching(/^\d+$/),
      motivo: 'não está na forma canônica',
      codigo: 'not-canonical',
    };
    expect(await audit('quarentena')).toEqual([{ paredao: '1', quantidade: 1, eventos: [place] }]);
    expect(await audit('quarentena/votes-1/2', 'admin')).toMatchObject({
      ...place,
      tipo: 'VoteCast',
      tamanho: UNREADABLE.length,
      texto: UNREADABLE.toString(),
      hexadecimal: UNREADABLE.toString('hex'),
    });
  });

  it('finds those that are not listed', async () => {
    const found = [expect.objectContaining({ revisao: '2' })];
    for (const query of ['', '?depois=0']) expect(await audit(`quarentena/votes-1${query}`)).toEqual(found);
    expect(await audit('quarentena/votes-1?depois=2')).toEqual([]);
  });

  it('does not take swapped names for the same tally', async () => {
    const copy = temporaryDirectory();
    cpSync(server.dataDir, copy, { recursive: true });
    const readModel = new DatabaseSync(join(copy, 'read-model.db'));
    readModel.exec(
      `UPDATE version_tallies SET snapshot = json_set(snapshot,
        '$.poll.participants[0].name', snapshot ->> '$.poll.participants[1].name',
        '$.poll.participants[1].name', snapshot ->> '$.poll.participants[0].name')`,
    );
    readModel.close();
    const forged = await Server.start({ program: 'audit-api', dataDir: copy });
    const { events } = await forged.client().stream('/auditoria/conferencia', 9, client.basic('auditor'));
    expect(events.at(-1)).toMatchObject({ event: 'conferencia', data: { confere: false } });
    await forged.stop();
  });

  it('says who did what', async () => {
    expect(await audit('acoes')).toEqual([
      expect.objectContaining({
        quem: 'demo',
        evento: 'PollOpened',
        o_que: expect.stringMatching(/^Abriu o paredão “/),
      }),
    ]);
  });

  it('hands out the poll as files', async () => {
    const url = `http://127.0.0.1:${String(server.port)}/auditoria/exportacao`;
    const ndjson = await fetch(url, { headers: client.basic('auditor') });
    expect(Object.fromEntries(ndjson.headers)).toMatchObject({
      'content-type': 'application/gzip',
      'content-disposition': 'attachment; filename="paredao-1.ndjson.gz"',
      'cache-control': 'no-store',
    });
    const lines = gunzipSync(await ndjson.arrayBuffer())
      .toString()
      .trim()
      .split('\n');
    expect(JSON.parse(lines.at(-1)!)).toHaveProperty('manifest');
    const csv = await client.get('/auditoria/exportacao?formato=csv', client.basic('auditor'));
    expect(csv.text.trim().split('\r\n')).toHaveLength(6);
    const report = await client.get('/auditoria/relatorio', client.basic('auditor'));
    expect([report.status, report.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    expect(report.headers['content-disposition']).toMatch(/^attachment/);
    // a whole audit: what the command checks is checked, and the rest is named beside the verdict
    expect(report.text).toMatch(/✔ A recontagem independente \(SQL\) chega ao mesmo resultado/);
    expect(report.text).toMatch(/✔ Os horários dos votos são possíveis/);
    expect(report.text).toMatch(/✔ A apuração guardada pelo serviço confere/);
    expect(report.text).toMatch(
      /O que este relatório não verificou[^]*Cada voto veio de um desafio deste serviço<\/strong>: a chave .*Para verificar: audite de novo/,
    );
    // and one of a poll that there never was is no paper to sign
    const none = await client.get('/auditoria/relatorio?paredao=9', client.basic('auditor'));
    expect(none.text).toContain('NÃO CONFERE');
  });

  it('is for auditors and administrators', async () => {
    for (const path of ['estado', 'conferencia', 'quarentena', 'acoes', 'exportacao', 'relatorio']) {
      expectProblem(await client.get(`/auditoria/${path}`), 401, 'unauthenticated');
      expectProblem(await client.get(`/auditoria/${path}`, client.basic('producao')), 403, 'forbidden');
    }
  });

  it('knows only polls that there were', async () => {
    expectProblem(await client.get('/auditoria/quarentena/votes-1/0', client.basic('auditor')), 404, 'not-found');
    const { events } = await client.stream('/auditoria/conferencia?paredao=9', 9, client.basic('auditor'));
    expect(events).toEqual([{ event: 'problema', data: expect.objectContaining({ code: 'poll-not-found' }) }]);
    expect(await audit('acoes?paredao=9')).toEqual([]);
  });

  it('is a service of its own, too, that needs no write access to the log', async () => {
    const own = await Server.start({ program: 'audit-api', dataDir: server.dataDir });
    const reader = own.client();
    expect(Object.keys((await reader.get('/health/ready')).json.details as object)).toEqual(['audit']);
    expect((await reader.get('/auditoria/estado', reader.basic('auditor'))).json.paredoes[0]).toMatchObject({
      votos: 3,
    });
    expectProblem(await reader.get('/total', reader.basic('auditor')), 404, 'not-found');
    expect(await own.stop()).toEqual({ code: 0, signal: null });
  });
});
