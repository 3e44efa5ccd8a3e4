import { beforeAll, describe, expect, it } from '@jest/globals';

import type { Client, Json } from '../support/client.ts';
import { Server } from '../support/server.ts';
import {
  CONTROL_ROOM,
  SMALL_LAPTOP,
  describeInBrowser,
  expectNoSideScroll,
  expectOnScreen,
  reached,
  textOf,
} from './support/browser.ts';
import { PanelPage } from './support/panel-page.ts';
import { refusal } from './support/voter-page.ts';

/** The server may need a while to come back, and the page to notice. */
const RESTART_LIMIT_MS = 30_000;
/** Longer than the panel waits between two looks, ms. */
const PAUSE_MS = 4000;

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
    /** A long night: what no spec can wait for. */
    const nightOf = (total: Json): Json => {
      const por_hora = Array.from({ length: 30 }, (_, hour) => ({
        hora: new Date(Date.UTC(2026, 10, 23, hour)).toISOString(),
        total: 1_234_567 + hour,
        voto_1: 1_000_000,
        voto_2: 234_567 + hour,
      }));
      const [first, second] = total.por_participante as [Json, Json];
      const por_participante = [
        { ...first, nome: 'Maria Aparecida dos Santos Albuquerque de Oliveira da Silva J', votos: 30_000_000 },
        { ...second, nome: 'Wolfeschlegelsteinhausenbergerdorffwelchevoralternwarengewis', votos: 7_037_445 },
      ];
      return { ...total, total: 37_037_445, votos_por_segundo: 1234.5, por_hora, por_participante };
    };

    it.each([
      ['a control room', CONTROL_ROOM],
      ['a small phone', { width: 320, height: 568 }],
      ['a laptop', SMALL_LAPTOP],
    ])('has room for a whole night with long names: %s', async (_, viewport) => {
      const panel = await PanelPage.alone(server, { viewport });
      await panel.page.route('**/total/aovivo', refusal(503, 'too-many-streams', { 'retry-after': '60' }));
      const night = nightOf(await client.total());
      await panel.page.route('**/total', (route) => route.fulfill({ json: night }));
      await panel.load();
      await panel.login();
      await panel.shows('total', '37.037.445');
      await expectNoSideScroll(panel.page);
      expect(await panel.hours()).toHaveLength(30);
      if (viewport === CONTROL_ROOM) await expectOnScreen(panel.page, '.panel', '.panel-foot', '#horas', '.table-box');
      const cut = `[...document.querySelectorAll('.panel .number, .panel .name')]
        .filter((element) => element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 0)
        .map((element) => element.textContent)`;
      expect(await panel.page.evaluate<string[]>(cut)).toEqual([]);
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
