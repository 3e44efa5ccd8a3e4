import { beforeAll, describe, expect, it } from '@jest/globals';
import type { BrowserContextOptions, Page } from 'playwright-core';

import type { Client } from '../support/client.ts';
import { eventually } from '../support/eventually.ts';
import { proclaimed } from '../support/sign-off.ts';
import { Server } from '../support/server.ts';
import {
  SMALL_PHONE,
  describeInBrowser,
  expectNoSideScroll,
  expectOnScreen,
  newPage,
  reached,
  textOf,
} from './support/browser.ts';
import { PanelPage } from './support/panel-page.ts';
import { VoterPage, sharesOf, voteFor } from './support/voter-page.ts';

const FIRST = 'Aurora Estrela';
/** Eleven seconds from the end of the vote to the cut, some more for a slow machine. */
const CUT_LIMIT_MS = 24_000;
/** 119 characters of the 120 that a title may have. */
const LONG_TITLE =
  'Quem deve deixar a Casa de Vidro nesta terça-feira, depois de noventa e cinco dias de prova, de festa e de convivência?';

async function startWith(...votes: readonly number[]): Promise<Server> {
  const server = await Server.start();
  for (const participant of votes) await server.client().cast(participant);
  return server;
}

async function close(client: Client): Promise<void> {
  expect((await client.admin('POST', '/paredoes/1/encerrar')).status).toBe(200);
}

async function openNext(client: Client, titulo: string): Promise<void> {
  const participantes = [{ nome: 'Ana Aurora' }, { nome: 'Bento Brisa' }];
  expect((await client.admin('POST', '/paredoes', { titulo, participantes, divulgacao: 'sempre' })).status).toBe(201);
  await eventually(
    async () => (await client.get('/resultado')).json.paredao as string,
    (id) => id === '2',
  );
}

async function openResult(server: Server, options?: BrowserContextOptions): Promise<Page> {
  const page = await newPage(server, options);
  await page.goto('/resultado.html');
  await reached(page, 'main[data-view="result"]');
  return page;
}

const isFinal = (page: Page): Promise<void> => reached(page, '#placar[data-final="true"]', CUT_LIMIT_MS);

describeInBrowser('as a poll ends', () => {
  /** On one of them somebody leads, on the other there is a tie. */
  let [led, tied] = [] as Server[] as [Server, Server];

  beforeAll(async () => {
    [led, tied] = await Promise.all([startWith(1, 2, 2), startWith(1, 2, 2, 1)]);
  });

  it('result and panel say that the last votes are being counted', async () => {
    const result = await openResult(tied);
    const panel = await PanelPage.open(tied);
    await close(tied.client());
    await reached(result, '#veredito:has-text("Contando os últimos votos")');
    await reached(panel.page, '#selo[data-estado="encerrado"]');
  });

  it(
    'the voter is told kindly when the vote comes too late, and then the final result',
    async () => {
      const [late, confirmed] = [await VoterPage.open(led), await VoterPage.open(led)];
      await late.choose(FIRST);
      await confirmed.vote('Íris Trovão');
      await confirmed.hears('A parcial já inclui o seu voto');
      await close(led.client());

      await late.press(voteFor(FIRST));
      await late.sees('ended');
      expect(await late.hears('Votação encerrada')).toContain('Este voto chegou depois do fim e não entrou.');
      expect(await textOf(late.page, '#parcial-titulo')).toBe('Contando os últimos votos');
      expect(await textOf(late.page, '#selo')).toMatch(/^encerrado$/i);
      // who has voted learns of the end with the next percentages
      await confirmed.sees('ended');
      expect(await confirmed.hears('Votação encerrada')).toContain('Obrigado por participar.');

      for (const { page } of [late, confirmed]) await isFinal(page);
      expect(await textOf(late.page, '#parcial-titulo')).toBe('O resultado será anunciado ao vivo');
      expect(await late.page.locator('.side-share:visible').count()).toBe(0);
      await proclaimed(led.client(), '1');
      for (const { page } of [late, confirmed]) await reached(page, '#placar[data-kind="lead"]', CUT_LIMIT_MS);
      expect(await textOf(late.page, '#parcial-titulo')).toBe('Íris Trovão fica com 75,00% dos votos');
      expect(await textOf(late.page, '#selo')).toMatch(/resultado final/i);
      expect(await late.shares()).toEqual([2500, 7500]);
      expect(late.votes).toHaveLength(1);
    },
    CUT_LIMIT_MS + 20_000,
  );

  it('result and panel have the final result: a tie', async () => {
    const result = await openResult(tied);
    await isFinal(result);
    expect(await textOf(result, '#veredito')).toBe('O resultado será anunciado ao vivo');
    await proclaimed(tied.client(), '1');
    await reached(result, '#placar[data-kind="tie"]');
    expect(await textOf(result, '#veredito')).toBe('Deu empate');
    expect(await textOf(result, '#selo')).toMatch(/resultado final/i);
    expect(await sharesOf(result)).toEqual([5000, 5000]);
    const panel = await PanelPage.open(tied);
    await reached(panel.page, '#painel[data-final="true"][data-leader="0"]');
    expect(await textOf(panel.page, '#situacao')).toBe('terminou em empate');
  });

  describe('and the next one begins', () => {
    it('the voter finds the old result first, and the new ballot as soon as there is one', async () => {
      const voter = await VoterPage.blank(led, { viewport: SMALL_PHONE });
      await voter.page.clock.install();
      await voter.load('ended');
      await reached(voter.page, '#placar[data-final="true"][data-leader="2"]');
      await expectOnScreen(voter.page, '#mensagem', '[data-percentual]');
      expect(await voter.button(/Votar/).count()).toBe(0);

      await openNext(led.client(), LONG_TITLE);
      await voter.page.clock.fastForward(20_000);
      await voter.sees('vote');
      await expectOnScreen(voter.page, '#titulo', '.card', '#acao');
      await expectNoSideScroll(voter.page);
      await voter.vote('Ana Aurora');
      expect(await voter.hears('A parcial já inclui o seu voto')).toContain('Ana Aurora');
      expect(await voter.shares()).toEqual([10_000, 0]);
    });

    it('result and panel show the new one, empty', async () => {
      await openNext(tied.client(), 'Quem vence a prova?');
      const result = await openResult(tied);
      expect(await textOf(result, '#titulo')).toBe('Quem vence a prova?');
      expect(await textOf(result, '#veredito')).toBe('Nenhum voto contado ainda');
      const panel = await PanelPage.open(tied);
      await panel.shows('total', '0');
      expect(await panel.text('percentual_1')).toBe('–');
      await reached(panel.page, '#horas:has-text("Nenhum voto ainda")');
    });

    it('the panel still has the old one, in its list', async () => {
      const panel = await PanelPage.open(tied);
      await panel.openList();
      await panel.list.getByRole('link', { name: /^Nº 1: Quem fica na Casa de Vidro/ }).click();
      await panel.is('live');
      await panel.shows('total', '4');
      expect(new URL(panel.page.url()).search).toBe('?paredao=1');
      expect(await textOf(panel.page, '#titulo')).toBe('Quem fica na Casa de Vidro?');
      expect(await panel.text('periodo')).toMatch(/^Paredão nº 1, votação para ficar, aberto em .+, encerrado em /);
      await panel.page.getByRole('link', { name: 'Voltar ao atual' }).click();
      await panel.shows('nome_1', 'Ana Aurora');
    });
  });
});
