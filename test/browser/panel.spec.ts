import { beforeAll, describe, expect, it } from '@jest/globals';

import type { Client, Json } from '../support/client.ts';
import { Server } from '../support/server.ts';
import { expectAccessible, expectEdges } from './support/accessible.ts';
import {
  CONTROL_ROOM,
  SMALL_LAPTOP,
  SMALL_PHONE,
  describeInBrowser,
  expectNoSideScroll,
  expectOnScreen,
  reached,
  textOf,
} from './support/browser.ts';
import { PanelPage } from './support/panel-page.ts';
import { LIFE, LONG_NAMES, MOST_VOTES, NAMES, SCREENS, ToldPanel, misfits, nightOf } from './support/panel-states.ts';
import { expectStable, watchShifts } from './support/stable.ts';
import { refusal } from './support/voter-page.ts';

/** The server may need a while to come back, and the page to notice. */
const RESTART_LIMIT_MS = 30_000;
/** Longer than the panel waits between two looks, ms. */
const PAUSE_MS = 4000;
/** What is pressed, and what tells one thing from the next. */
const PARTS = ['.button', '.panel', '.state-badge:not(:empty)', '[role="switch"]'];
describeInBrowser("production's panel", () => {
  let server: Server;
  let client: Client;

  beforeAll(async () => {
    server = await Server.start();
    client = server.client();
  });

  describe('before the login', () => {
    it('refuses what is empty or wrong, and opens to production until it leaves', async () => {
      const panel = await PanelPage.blank(server);
      await panel.load();
      await panel.login('', '');
      await panel.asksForLogin('Preencha usuário e senha');
      await panel.login('producao', 'não é esta');
      await panel.asksForLogin('Usuário ou senha não conferem');
      await panel.login();
      await panel.is('live');
      await panel.page.reload();
      await panel.is('live');
      await panel.page.getByRole('button', { name: 'Sair' }).click();
      await panel.asksForLogin('Você saiu do painel');
      await panel.page.reload();
      await reached(panel.page, 'body[data-view="login"]');
    });

    it('asks again when the login has expired', async () => {
      const panel = await PanelPage.blank(server);
      await panel.page.clock.install();
      await panel.load();
      await panel.login();
      await panel.is('live');
      await panel.page.clock.fastForward('24:00:00');
      await panel.asksForLogin('A sua sessão terminou');
      await panel.login();
      await panel.is('live');
    });

    it('says when there were too many attempts', async () => {
      const panel = await PanelPage.blank(server);
      await panel.page.route('**/login', refusal(429, 'too-many-requests', { 'retry-after': '30' }));
      await panel.load();
      await panel.login();
      await panel.asksForLogin('Espere 30 s');
    });
  });

  describe('inside', () => {
    it('counts along, and says what /total says', async () => {
      const panel = await PanelPage.open(server, { viewport: CONTROL_ROOM });
      await panel.shows('total', '0');
      expect(await textOf(panel.page, '#situacao')).toBe('nenhum voto ainda');
      expect(await panel.hours()).toEqual([]);
      for (const participant of [1, 2, 1]) await client.cast(participant);
      await panel.shows('total', '3');

      const total = await client.total();
      const fields = ['voto_1', 'voto_2', 'votos_ultima_hora', 'duplicados', 'atrasados', 'quarentena', 'revisao'];
      const shown = await Promise.all(fields.map((name) => panel.text(name)));
      expect(shown).toEqual(fields.map((name) => String(total[name])));
      expect(await panel.text('percentual_1')).toBe('66,67%');
      expect(await panel.text('percentual_2')).toBe('33,33%');
      expect(await textOf(panel.page, '#situacao')).toBe('diferença de 1 voto');
      expect(await panel.text('digest')).toBe((total.digest as string).slice(0, 16));
      expect(await panel.text('idade')).toBe('agora');
    });

    it('follows a tie', async () => {
      await client.cast(2);
      const panel = await PanelPage.open(server);
      await reached(panel.page, '#situacao:text-is("empate")');
      await reached(panel.page, '#painel[data-leader="0"]');
      await client.cast(2);
      await reached(panel.page, '#painel[data-leader="2"]');
    });

    it('has the table of hours beside the chart, and they agree with /total', async () => {
      const panel = await PanelPage.open(server, { viewport: CONTROL_ROOM });
      await panel.shows('total', '5');
      const hours = (await client.total()).por_hora as Json[];
      const numbers = (await panel.hours()).map((row) => row.slice(1).map(Number));
      expect(numbers).toEqual(hours.toReversed().map((hour) => [hour.total, hour.voto_1, hour.voto_2].map(Number)));
      const chart = await panel.page.getByRole('img', { name: /Votos por hora/ }).boundingBox();
      const table = await panel.page.getByRole('region', { name: 'Tabela de votos por hora' }).boundingBox();
      expect(chart?.x).toBeGreaterThanOrEqual(0);
      expect(table?.x).toBeGreaterThanOrEqual((chart?.x ?? 0) + (chart?.width ?? 0));
      expect(table?.y).toBeLessThan((chart?.y ?? 0) + (chart?.height ?? 0));
    });

    it('says that there is no such poll', async () => {
      const panel = await PanelPage.blank(server);
      await panel.load('?paredao=99');
      await panel.login();
      await panel.is('missing');
      expect(await textOf(panel.page, '#conexao')).toBe('Não existe o paredão nº 99.');
    });
  });

  describe('on any screen', () => {
    it.each([2, 3, 10])('has no larger thing than the total, and cuts no figure: %i participants', async (count) => {
      const night = nightOf(await client.total(), NAMES.slice(0, count), MOST_VOTES);
      const { panel } = await ToldPanel.open(server, night);
      await panel.load();
      await panel.login();
      await panel.shows('total', '9.999.999.999');
      expect(await panel.hours()).toHaveLength(30);
      for (const size of SCREENS) {
        await panel.page.setViewportSize(size);
        expect({ size, ...(await misfits(panel.page)) }).toEqual({ size, cut: [], larger: [] });
        await expectNoSideScroll(panel.page);
      }
    });

    it.each([
      ['names', LONG_NAMES, 37_037_445],
      ['figures', NAMES.slice(0, 2), MOST_VOTES],
    ])('is whole on the screen of a control room with long %s', async (_, names, votes) => {
      const { panel } = await ToldPanel.open(server, nightOf(await client.total(), names, votes), {
        viewport: CONTROL_ROOM,
      });
      await panel.load();
      await panel.login();
      await panel.is('lost');
      await expectOnScreen(panel.page, '.panel', '.panel-foot', '#horas', '.table-box');
    });

    it('moves nothing when the state of the poll changes, or its numbers stand still', async () => {
      const night = nightOf(await client.total(), NAMES.slice(0, 2), 37_037_445);
      for (const viewport of [{ width: 390, height: 844 }, CONTROL_ROOM]) {
        const told = await ToldPanel.open(server, night, { viewport });
        const { page } = told.panel;
        await watchShifts(page);
        await told.panel.load();
        await told.panel.login();
        await told.panel.shows('total', '37.037.445');
        await expectStable(page, 'login');
        for (const { name, change, sign } of LIFE) {
          await told.tell({ ...night, ...change });
          await reached(page, sign);
          await expectStable(page, `${name} at ${String(viewport.width)} px`);
        }
      }
    });
  });

  it.each([SMALL_PHONE, SMALL_LAPTOP])('is accessible in every state of a poll: $width px', async (viewport) => {
    const night = nightOf(await client.total(), NAMES.slice(0, 3), 37_037_445);
    const told = await ToldPanel.open(server, night, { viewport });
    const { page } = told.panel;
    await told.panel.load();
    await told.panel.login();
    for (const { change, sign } of LIFE) {
      await told.tell({ ...night, ...change });
      await reached(page, sign);
      await expectAccessible(page);
      await expectEdges(page, PARTS);
    }
  });

  describe('as somebody wants it', () => {
    const ground = (panel: PanelPage): Promise<string> =>
      panel.page.evaluate<string>('getComputedStyle(document.documentElement).backgroundColor');
    const [DARK, LIGHT] = ['rgb(7, 5, 15)', 'rgb(242, 238, 251)'];

    it('is dark or light whatever the system wants, and remembers it', async () => {
      const panel = await PanelPage.open(server, { colorScheme: 'light' });
      expect(await ground(panel)).toBe(LIGHT);
      await panel.page.getByLabel('Tema').selectOption('escuro');
      expect(await ground(panel)).toBe(DARK);
      await panel.page.emulateMedia({ colorScheme: 'dark' });
      await panel.page.getByLabel('Tema').selectOption('claro');
      expect(await ground(panel)).toBe(LIGHT);
      await panel.page.reload();
      await panel.is('live');
      expect(await ground(panel)).toBe(LIGHT);
      await panel.page.getByLabel('Tema').selectOption('auto');
      expect(await ground(panel)).toBe(DARK);
    });

    it('shows a switch that is on in colours of one’s own', async () => {
      const panel = await PanelPage.open(server, { forcedColors: 'active' });
      const knob = `(() => {
        const input = document.querySelector('#som');
        const [back, front] = [getComputedStyle(input), getComputedStyle(input, '::before')].map((style) => style.backgroundColor);
        return [front, front !== back];
      })()`;
      const off = await panel.page.evaluate<[string, boolean]>(knob);
      await panel.page.getByRole('switch', { name: 'Alarme sonoro' }).press('Space');
      const on = await panel.page.evaluate<[string, boolean]>(knob);
      expect([off[1], on[1], on[0] !== off[0]]).toEqual([true, true, true]);
    });

    it('names the poll that opens next, and lists all of them, with keys alone', async () => {
      const panel = await PanelPage.open(server);
      await panel.page.locator('#proximo:text-is("Nenhum paredão agendado")').waitFor();
      const abre_em = new Date(Date.now() + 172_800_000).toISOString();
      const draft = { titulo: 'Quem volta?', participantes: [{ nome: 'Ana' }, { nome: 'Bento' }], abre_em };
      expect((await client.admin('POST', '/paredoes', { ...draft, rascunho: true })).status).toBe(201);
      await panel.page.getByRole('button', { name: 'Paredões' }).press('Enter');
      await panel.list.getByText('Nº 2: Quem volta?').waitFor();
      expect(await textOf(panel.page, '#proximo')).toMatch(/^Próximo: .+ às \d\dh\d\d · Quem volta\?$/);
      await expectAccessible(panel.page);
      await panel.page.keyboard.press('Escape');
      await panel.list.waitFor({ state: 'hidden' });
      await panel.page.keyboard.press('Enter');
      const first = panel.list.getByRole('link', { name: /^Nº 1: / });
      expect(await first.getAttribute('aria-current')).toBe('page');
      await first.press('Enter');
      await panel.is('live');
      expect(new URL(panel.page.url()).search).toBe('?paredao=1');
      await panel.page.getByRole('link', { name: 'Voltar ao atual' }).press('Enter');
      await panel.is('live');
      expect(new URL(panel.page.url()).search).toBe('');
    });
  });

  describe('in trouble', () => {
    it('reads the totals now and then when its stream is refused', async () => {
      const panel = await PanelPage.alone(server);
      await panel.page.clock.install();
      await panel.page.route('**/total/aovivo', refusal(503, 'too-many-streams', { 'retry-after': '60' }));
      await panel.load();
      await panel.login();
      await panel.is('lost');
      await panel.shows('total', '5');
      await client.cast(1);
      await panel.page.clock.fastForward(PAUSE_MS);
      await panel.shows('total', '6');
      expect(await textOf(panel.page, '#conexao')).toMatch(/^Sem conexão ao vivo com a apuração/);
      expect(await textOf(panel.page, '#estado-conexao')).toMatch(/^Reconectando em \d+ s$/);
    });

    it('says that it lost the service, keeps the numbers, and recovers', async () => {
      const panel = await PanelPage.open(server);
      await panel.shows('total', '6');
      await server.kill();
      await panel.is('lost');
      expect(await textOf(panel.page, '#conexao')).toMatch(/Os números podem estar atrasados/);
      await panel.shows('total', '6');
      server = await Server.start({ dataDir: server.dataDir, port: server.port });
      client = server.client();
      await panel.is('live', RESTART_LIMIT_MS);
      expect(await textOf(panel.page, '#conexao')).toBe('');
      await client.cast(1);
      await panel.shows('total', '7');
    });

    it('asks for the login again when the service does not know it any more', async () => {
      const panel = await PanelPage.blank(server);
      const stale = JSON.stringify({ token: 'signed.with.another-key', expiresAt: Date.now() + 3_600_000 });
      await panel.page.addInitScript(`sessionStorage.setItem('paredao.sessao', '${stale}')`);
      await panel.load();
      await panel.asksForLogin('A sua sessão terminou');
      await panel.login();
      await panel.is('live');
    });
  });
});
