import { beforeAll, expect, it } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';
import type { BrowserContextOptions, Page } from 'playwright-core';

import type { Client } from '../support/client.ts';
import { eventually } from '../support/eventually.ts';
import { Server } from '../support/server.ts';
import { AdminPage } from './support/admin-page.ts';
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
import { VoterPage, voteFor } from './support/voter-page.ts';

const DEMO = 'Quem fica na Casa de Vidro?';
const FIRST = 'Aurora Estrela';
/** With a stream, and without one; some more for a slow machine. */
const WITH_STREAM_MS = 2000;
const WITHOUT_STREAM_MS = 10_000;
const MINUTE_MS = 60_000;
/** How far from the second the page may close: what an answer was on its way, and the page's own look at the clock. */
const CLOSES_WITHIN_MS = 900;

/** The clock of the device is an hour ahead, and it is on the other side of the world. */
const ELSEWHERE: BrowserContextOptions = { viewport: SMALL_PHONE, timezoneId: 'Asia/Tokyo' };
const AN_HOUR_AHEAD = `{
  const Right = Date;
  globalThis.Date = class extends Right {
    constructor(...given) { given.length === 0 ? super(Right.now() + 3600000) : super(...given); }
    static now() { return Right.now() + 3600000; }
  };
}`;

describeInBrowser('the time of a vote', () => {
  let server: Server;
  let client: Client;

  beforeAll(async () => {
    server = await Server.start();
    client = server.client();
  });

  const act = async (action: string): Promise<number> => {
    expect((await client.admin('POST', `/paredoes/1/${action}`)).status).toBe(200);
    return performance.now();
  };
  /** @returns the end, ms since the epoch */
  const endIn = async (ms: number): Promise<number> => {
    const encerra_em = new Date(Date.now() + ms).toISOString();
    expect((await client.admin('PUT', '/paredoes/1/agenda', { abre_em: null, encerra_em })).status).toBe(200);
    return Date.parse(encerra_em);
  };
  const openVoter = async (): Promise<VoterPage> => {
    const voter = await VoterPage.blank(server, ELSEWHERE);
    await voter.page.addInitScript(AN_HOUR_AHEAD);
    await voter.load('vote');
    return voter;
  };
  const openResult = async (): Promise<Page> => {
    const page = await newPage(server, ELSEWHERE);
    await page.addInitScript(AN_HOUR_AHEAD);
    await page.goto('/resultado.html');
    await reached(page, 'body[data-conexao="stream"]');
    return page;
  };
  const inPhase = (page: Page, phase: string, timeout: number): Promise<void> =>
    reached(page, `#fim[data-fase="${phase}"]`, timeout);
  /** Seconds left, as the page shows them. */
  const shownSeconds = async (page: Page): Promise<number> => {
    const [minutes = 0, seconds = 0] = (await textOf(page, '#fim .closing-left')).split(':').map(Number);
    return minutes * 60 + seconds;
  };

  it('is counted down by the clock of the server, in the time of Brasília, on every page', async () => {
    const end = await endIn(5 * MINUTE_MS);
    const voter = await openVoter();
    const result = await openResult();
    const panel = await PanelPage.open(server);
    const at = new Intl.DateTimeFormat('pt-BR', { timeZone: 'America/Sao_Paulo', timeStyle: 'short' }).format(end);
    for (const page of [voter.page, result, panel.page]) {
      await inPhase(page, 'running', WITHOUT_STREAM_MS);
      expect(Math.abs((await shownSeconds(page)) - (end - Date.now()) / 1000)).toBeLessThan(2);
      expect(await textOf(page, '#fim')).toMatch(new RegExp(`^Encerra em .+ às ${at.replace(':', 'h')} de Brasília$`));
    }
    await expectOnScreen(voter.page, '#titulo', '#fim', '.card', '#acao');
    await expectNoSideScroll(voter.page);
  });

  it('stands still in a pause: no dead button, the choice stays, and the vote goes on by itself', async () => {
    const voter = await openVoter();
    const result = await openResult();
    const panel = await PanelPage.open(server);
    await voter.choose(FIRST);
    let since = await act('pausar');
    await inPhase(result, 'paused', WITH_STREAM_MS);
    await inPhase(panel.page, 'paused', WITH_STREAM_MS);
    expect(await textOf(panel.page, '#selo')).toMatch(/^pausado$/i);
    await inPhase(voter.page, 'paused', WITHOUT_STREAM_MS - (performance.now() - since));
    expect(await voter.hears('Votação pausada')).toContain('Volta sozinha.');
    expect(await voter.button(/Votar/).count()).toBe(0);
    await expectOnScreen(voter.page, '#fim', '.card', '#mensagem');

    since = await act('retomar');
    await inPhase(result, 'running', WITH_STREAM_MS);
    await inPhase(voter.page, 'running', WITHOUT_STREAM_MS - (performance.now() - since));
    await reached(voter.page, '#fim-aviso:text-is("A votação voltou.")');
    await voter.press(voteFor(FIRST));
    await voter.hears('A parcial já inclui o seu voto');
  });

  it('tells a vote that comes into a pause what became of it', async () => {
    const voter = await openVoter();
    await voter.choose(FIRST);
    // the page has not heard of the pause
    await voter.page.route('**/paredao', (route) => route.abort());
    await act('pausar');
    await voter.press(voteFor(FIRST));
    expect(await voter.hears('Votação pausada')).toContain('Este voto não foi registrado.');
    expect(await voter.button(/Votar/).count()).toBe(0);
    await act('retomar');
    await voter.page.unroute('**/paredao');
    await voter.button(voteFor(FIRST)).waitFor();
    expect(await voter.card(FIRST).isChecked()).toBe(true);
  });

  it('is made longer and paused from the administration', async () => {
    const end = await endIn(5 * MINUTE_MS);
    const admin = await AdminPage.open(server);
    const card = admin.card(DEMO);
    const result = await openResult();
    await admin.says(card.locator('.poll-left'), /^Faltam 4:[345]\d$/);
    await card.getByRole('button', { name: '+1 min' }).click();
    await admin.says(card.locator('.feedback'), /^Encerra às \d\dh\d\d\.$/);
    await eventually(
      async () => Date.parse((await client.get('/paredao')).json.encerra_em as string),
      (moved) => moved === end + MINUTE_MS,
    );
    await reached(result, '#fim .closing-left:text-matches("^5:")', WITH_STREAM_MS);
    await card.getByRole('button', { name: 'Pausar' }).click();
    await admin.says(card.locator('.state-badge'), /pausado/i);
    await inPhase(result, 'paused', WITH_STREAM_MS);
    await card.getByRole('button', { name: 'Retomar' }).click();
    await admin.says(card.locator('.state-badge'), /ao vivo/i);
  });

  it('ends in the second that was announced, after a minute that nobody overlooks', async () => {
    const end = await endIn(13_000);
    const voter = await openVoter();
    const result = await openResult();
    for (const page of [voter.page, result]) {
      await inPhase(page, 'last-minute', WITHOUT_STREAM_MS);
      expect(await textOf(page, '#fim')).toMatch(/^Último minuto 0:\d\d às/);
      await reached(page, '#fim-aviso:text-is("Falta um minuto para o fim da votação.")');
    }
    await expectOnScreen(voter.page, '#titulo', '#fim', '.card', '#acao');
    // no answer tells the page of the closing: its own countdown does
    await voter.page.route('**/paredao', (route) => route.abort());
    await voter.sees('ended', end - Date.now() + 5000);
    expect(Math.abs(Date.now() - end)).toBeLessThan(CLOSES_WITHIN_MS);
    expect(await voter.button(/Votar/).count()).toBe(0);
    await reached(result, '#selo[data-estado="encerrado"]');
    expect(await textOf(result, '#atualizado')).toMatch(
      /^A votação ficou aberta .+ de Brasília\. Votos não contam mais/,
    );
  });

  it('ends with a true answer for a vote that is under way', async () => {
    const titulo = 'Quem sai?';
    const participantes = [{ nome: FIRST }, { nome: 'Íris Trovão' }];
    expect((await client.admin('POST', '/paredoes', { titulo, participantes })).status).toBe(201);
    await eventually(
      async () => (await client.get('/paredao')).json.id as string,
      (id) => id === '2',
    );
    const end = Date.now() + 20_000;
    const agenda = { abre_em: null, encerra_em: new Date(end).toISOString() };
    expect((await client.admin('PUT', '/paredoes/2/agenda', agenda)).status).toBe(200);
    await eventually(
      async () => (await client.get('/paredao')).json.encerra_em as unknown,
      (encerra_em) => encerra_em === agenda.encerra_em,
    );
    const [inTime, late] = [await openVoter(), await openVoter()];
    const afterTheEnd = (): Promise<void> => delay(end - Date.now() + 500);
    // one answer is on its way when the end comes, the other vote is: for less than a page waits for an answer
    await inTime.intercept('**/votar/1', async (route) => {
      const response = await route.fetch();
      await afterTheEnd();
      await route.fulfill({ response });
    });
    await late.intercept('**/votar/1', async (route) => {
      await afterTheEnd();
      await route.continue();
    });
    await delay(end - Date.now() - 6000);
    await Promise.all([inTime.vote(FIRST), late.vote(FIRST)]);
    await Promise.all([inTime.sees('ended'), late.sees('ended')]);
    expect(await inTime.hears('Votação encerrada')).toContain(`Seu voto em ${FIRST} entrou a tempo.`);
    expect(await late.hears('Votação encerrada')).toContain('Este voto chegou depois do fim e não entrou.');
    expect((await client.total('2')).total).toBe(1);
  });

  it('is told to whoever comes afterwards', async () => {
    const voter = await VoterPage.blank(server, ELSEWHERE);
    await voter.page.addInitScript(AN_HOUR_AHEAD);
    await voter.load('ended');
    expect(await voter.hears('Votação encerrada')).toMatch(
      /Ficou aberta (hoje, )?de .+ de Brasília; votos não contam mais\./,
    );
    expect(await voter.button(/Votar/).count()).toBe(0);
    await expectOnScreen(voter.page, '#mensagem');
  });
});
