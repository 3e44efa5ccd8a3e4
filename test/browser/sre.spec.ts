import { beforeAll, expect, it } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';

import { StalledLog } from '../../bench/lib/stalled-log.ts';
import type { Client } from '../support/client.ts';
import { Server } from '../support/server.ts';
import {
  CONTROL_ROOM,
  SMALL_PHONE,
  describeInBrowser,
  expectNoSideScroll,
  expectOnScreen,
  reached,
  textOf,
} from './support/browser.ts';
import { SrePage } from './support/sre-page.ts';

const RESTART_LIMIT_MS = 30_000;
const VOTE = 'POST /votar/:participante';

describeInBrowser('the operations page', () => {
  let server: Server;
  let client: Client;

  beforeAll(async () => {
    server = await Server.start({ env: { LOG_LEVEL: 'debug', VOTE_QUEUE_LIMIT: '3' } });
    client = server.client();
  });

  it('is for SREs and administrators', async () => {
    const sre = await SrePage.blank(server);
    await sre.load();
    await sre.login('producao');
    await reached(sre.page, 'body[data-view="login"]');
    await sre.page.getByRole('alert').filter({ hasText: 'Este usuário não pode ver a operação.' }).waitFor();
    await sre.login('admin');
    await sre.is('live');
    await sre.page.getByRole('button', { name: 'Sair' }).click();
    await sre.page.getByRole('alert').filter({ hasText: 'Você saiu da operação.' }).waitFor();
  });

  it('shows executions and their latency as they happen, chart and table', async () => {
    const sre = await SrePage.open(server, { viewport: CONTROL_ROOM });
    for (const participant of [1, 2, 1]) await client.cast(participant);
    const [perSecond] = await sre.row('execucoes', VOTE);
    expect(Number(perSecond?.replace(',', '.'))).toBeGreaterThan(0);
    for (const cell of await sre.row('latencia', VOTE)) expect(cell).toMatch(/^\d+(,\d)?$/);
    await reached(sre.page, '#grafico-execucoes path.line-votes[d*="L"]');
    await reached(sre.page, '#grafico-latencia path.line-p99[d*="L"]');
    expect(await textOf(sre.page, '[data-campo="p99"]')).toMatch(/^\d+(,\d)?$/);
  });

  it('shows errors by code when the log store stops, and the lines of the log that say so', async () => {
    const sre = await SrePage.open(server);
    const stalled = new StalledLog(server.dataDir);
    const challenges = await Promise.all(Array.from({ length: 12 }, () => client.solved()));
    const votes = challenges.map((challenge) => client.vote(1, challenge));
    await delay(1000);
    stalled.release();
    await Promise.all(votes);
    const [count] = await sre.row('erros', 'queue-full');
    expect(Number(count)).toBeGreaterThan(0);
    await reached(sre.page, 'body[data-falhando="true"]');
    await sre.showsEvent('error', 'the event log does not take votes');
    await sre.showsEvent('error', `${VOTE} 503 queue-full`);
  });

  it('shows the events of the levels that are wanted, newest first, with all they say', async () => {
    const sre = await SrePage.open(server, { viewport: CONTROL_ROOM });
    await client.get('/nada');
    await sre.showsEvent('warn', 'not-found');
    await sre.showsEvent('debug', 'request');
    expect(await sre.levels()).toEqual(['debug', 'error', 'info', 'warn']);
    for (const level of ['Debug', 'Info', 'Erro'] as const) await sre.toggle(level);
    expect(await sre.levels()).toEqual(['warn']);
    const row = sre.page.locator('#linhas-eventos tr[data-nivel="warn"]').first();
    await row.locator('summary').click();
    expect(await row.locator('pre').innerText()).toContain('"status": 404');
    await sre.toggle('Erro');
    expect(await sre.levels()).toEqual(['error', 'warn']);
    const times = await sre.page.locator('#linhas-eventos tr:visible td:first-child').allInnerTexts();
    expect(times).toEqual(times.toSorted().toReversed());
  });

  it('says that it lost the service, keeps what it had, and recovers', async () => {
    const sre = await SrePage.open(server);
    await sre.showsEvent('error', 'the event log does not take votes');
    await server.kill();
    await sre.is('lost');
    expect(await textOf(sre.page, '#conexao')).toMatch(/^Sem conexão ao vivo com o serviço/);
    await sre.showsEvent('error', 'the event log does not take votes');
    server = await Server.start({ dataDir: server.dataDir, port: server.port });
    client = server.client();
    await sre.is('live', RESTART_LIMIT_MS);
    await client.get('/nada');
    await sre.showsEvent('warn', 'not-found');
    expect(await textOf(sre.page, '#nivel')).toBe('O serviço registra a partir de info (LOG_LEVEL).');
  });

  it.each([
    ['a control room', CONTROL_ROOM],
    ['a laptop', { width: 1366, height: 768 }],
    ['a small phone', SMALL_PHONE],
  ])('has room on %s', async (_, viewport) => {
    const sre = await SrePage.open(server, { viewport });
    await client.cast(1);
    await sre.row('latencia', VOTE);
    await expectNoSideScroll(sre.page);
    if (viewport !== SMALL_PHONE) await expectOnScreen(sre.page, '.panel', '.ops .chart', '.ops .table-box');
  });
});
