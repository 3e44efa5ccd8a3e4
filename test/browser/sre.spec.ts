import { beforeAll, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { StalledLog } from '../../bench/lib/stalled-log.ts';
import type { Client } from '../support/client.ts';
import { eventually } from '../support/eventually.ts';
import { Server } from '../support/server.ts';
import { expectAccessible } from './support/accessible.ts';
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
const HISTORY_LIMIT_MS = 15_000;
/** From the first vote that is stuck to the page. */
const SEEN_LIMIT_MS = 2000;
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
    await expectAccessible(sre.page);
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
    await reached(sre.page, '#grafico-latencia path.line-p99[d^="M"]');
    expect(await textOf(sre.page, '[data-campo="p99"]')).toMatch(/^\d+(,\d)?$/);
  });

  it('shows errors by code when the log store stops, and the lines of the log that say so', async () => {
    const sre = await SrePage.open(server);
    const stalled = new StalledLog(server.dataDir);
    const challenges = await Promise.all(Array.from({ length: 12 }, () => client.solved()));
    const votes = challenges.map((challenge) => client.vote(1, challenge));
    await delay(1000);
    stalled.release();
    await reached(sre.page, 'body[data-falhando="true"]');
    const count = (await sre.row('erros', 'queue-full')).at(-1);
    expect(Number(count)).toBeGreaterThan(0);
    await sre.showsEvent('error', 'the event log does not take votes');
    await sre.showsEvent('error', `${VOTE} 503 queue-full`);
    await Promise.all(votes);
  });

  it('is red within two seconds when votes come in and none is stored, and says what to do', async () => {
    const sre = await SrePage.open(server);
    const challenge = await client.solved();
    const stalled = new StalledLog(server.dataDir);
    const vote = client.vote(1, challenge);
    const begun = performance.now();
    await sre.fires('VotesStandStill');
    const seen = performance.now() - begun;
    await reached(sre.page, 'body[data-parado="true"]');
    expect(await textOf(sre.page, '[data-campo="parado"]')).toMatch(/^Nenhum voto gravado há \d+,\d s$/);
    expect(await sre.page.title()).toMatch(/^\(\d\) /);
    await sre.page.locator('[data-alerta="VotesStandStill"] summary').click();
    const runbook = await textOf(sre.page, '[data-alerta="VotesStandStill"] .runbook');
    for (const part of ['Means', 'The public sees', 'Do', 'Over when']) expect(runbook).toContain(part);
    stalled.release();
    expect((await vote).status).toBe(201);
    await reached(sre.page, 'body[data-parado="false"]');
    expect(seen).toBeLessThan(SEEN_LIMIT_MS);
  });

  it('tells the values of a moment to a mouse, to the keyboard and to a screen reader, in all charts', async () => {
    const sre = await SrePage.open(server, { viewport: CONTROL_ROOM });
    await reached(sre.page, '#grafico-execucoes path.line-all[d*="L"]');
    const words = await sre.walk('Pedidos e votos', 'ArrowLeft');
    expect(words).toMatch(/^\d\d:\d\d:\d\d: Pedidos \d+,\d; Votos \d+,\d$/);
    const moment = words.slice(0, 8);
    for (const chart of ['Latência', 'Falhas', 'Idade'])
      expect(await sre.page.getByRole('slider', { name: chart }).getAttribute('aria-valuetext')).toContain(moment);
    expect(await sre.walk('Pedidos e votos', 'ArrowLeft')).not.toContain(moment);
    await sre.walk('Pedidos e votos', 'Escape');
    expect(await sre.page.locator('.readout').first().isVisible()).toBe(false);
    await sre.page.locator('.plot').first().hover();
    expect(await textOf(sre.page, '.readout')).toMatch(/^\d\d:\d\d:\d\d: /);
  });

  it('goes by the clock of the service, whatever the computer’s says', async () => {
    const sre = await SrePage.blank(server, { viewport: CONTROL_ROOM });
    await sre.page.addInitScript('const now = Date.now; Date.now = () => now() + 600_000;');
    await sre.load();
    await sre.login();
    await sre.is('live');
    await reached(sre.page, '#grafico-execucoes path.line-all[d^="M"]');
    await sre.page.waitForTimeout(2500);
    const values = '[...document.querySelectorAll(".plot")].map((plot) => plot.getAttribute("aria-valuetext"))';
    for (const text of await sre.page.evaluate<string[]>(values)) expect(text).not.toContain('sem dados');
    const shown = await textOf(sre.page, '#relogio');
    const brasilia = new Date(Date.now() - 3 * 3_600_000).toISOString().slice(11, 16);
    expect(shown.slice(0, 5)).toBe(brasilia);
  });

  it('looks back for up to six hours', async () => {
    const sre = await SrePage.open(server);
    for (const range of ['1 min', '15 min', '1 h', '6 h']) {
      await sre.page.getByLabel('Período').selectOption(range);
      await reached(sre.page, '#grafico-execucoes path.line-all[d*="L"]');
    }
    expect(await sre.gaps()).toBeGreaterThan(0);
  });

  it('finds what is searched for in the events, and waits while it is paused', async () => {
    const sre = await SrePage.open(server, { viewport: CONTROL_ROOM });
    const visible = sre.page.locator('#linhas-eventos tr:visible');
    await client.get('/nada');
    await sre.showsEvent('warn', 'not-found');
    await sre.page.getByLabel('Procurar nos eventos').fill('NOT-found 404');
    for (const text of await visible.allInnerTexts()) expect(text).toContain('not-found');
    await sre.page.getByRole('button', { name: 'Pausar' }).click();
    const before = await visible.count();
    await client.get('/nada');
    await sre.page
      .locator('#eventos-novos')
      .filter({ hasText: /Em pausa: [1-9]\d* linhas? novas?/ })
      .waitFor();
    expect(await visible.count()).toBe(before);
    await sre.page.getByRole('button', { name: 'Pausar' }).click();
    await visible.nth(before).waitFor();
    await sre.page.getByLabel('Procurar nos eventos').fill('isto não está em linha nenhuma');
    expect(await visible.count()).toBe(0);
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

  it('says that it lost the service, keeps what it had, and recovers with a gap and with the codes of the hour', async () => {
    const sre = await SrePage.open(server);
    await sre.page.getByLabel('Período').selectOption('1 min');
    await reached(sre.page, '#grafico-execucoes path.line-all[d*="L"]');
    const before = await sre.row('erros', 'queue-full');
    // the file is written every five seconds, and this process ends without a farewell
    await eventually(
      () => readFileSync(join(server.dataDir, 'problem-history.json'), 'utf8'),
      (text) => text.includes('queue-full'),
      HISTORY_LIMIT_MS,
    );
    await sre.showsEvent('error', 'the event log does not take votes');
    await server.kill();
    await sre.is('lost');
    expect(await textOf(sre.page, '#conexao')).toMatch(/^Sem conexão ao vivo com o serviço/);
    await sre.showsEvent('error', 'the event log does not take votes');
    await sre.page.getByText('Sem dados do serviço').waitFor();
    expect(await textOf(sre.page, '#silencio')).toMatch(/há \d+ s\. Reconecta/);
    expect(await textOf(sre.page, '[data-campo="pedidos"]')).toBe('–');
    server = await Server.start({ dataDir: server.dataDir, port: server.port });
    client = server.client();
    await sre.is('live', RESTART_LIMIT_MS);
    await sre.page.locator('#silencio').waitFor({ state: 'hidden' });
    expect(await sre.row('erros', 'queue-full')).toEqual(before);
    await reached(sre.page, '#grafico-execucoes path.line-all[d*="L"]');
    expect(await sre.gaps()).toBeGreaterThan(0);
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
