import { beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';

import type { Answer, Client, Json } from '../support/client.ts';
import { eventually } from '../support/eventually.ts';
import { proclaimed } from '../support/proclaimed.ts';
import { Server } from '../support/server.ts';
import { expectAccessible } from './support/accessible.ts';
import { describeInBrowser, expectOnScreen, reached, textOf } from './support/browser.ts';
import { PanelPage } from './support/panel-page.ts';
import { STAGE_MODES, type StageMode, StagePage } from './support/stage-page.ts';

/** What is on the panel within this after it happened, ms. */
const TOLD_WITHIN_MS = 2000;
/** Walls beside each other change within this, ms. */
const TOGETHER_MS = 300;
const RESTART_LIMIT_MS = 30_000;
/** Longer than a whole reveal, ms. */
const REVEAL_LIMIT_MS = 30_000;
/** A poll is counted this long after it was closed, ms. */
const COUNTED_LIMIT_MS = 40_000;
const SIZES = [
  { width: 1280, height: 720 },
  { width: 1920, height: 1080 },
  { width: 3840, height: 2160 },
];
const ORIGIN = 'https://voto.example';
const LAPTOP = { width: 1280, height: 800 };
const longName = (number: number): string =>
  `Maria Aparecida dos Santos Albuquerque de Oliveira da Silva ${String.fromCharCode(64 + number)}`.slice(-60);

describeInBrowser('the stage', () => {
  let server: Server;
  let client: Client;

  beforeAll(async () => {
    server = await Server.start({ env: { PUBLIC_ORIGIN: ORIGIN } });
    client = server.client();
  });

  const cue = async (modo: StageMode, id = '1'): Promise<Answer> =>
    client.admin('POST', `/paredoes/${id}/palco`, { modo });
  const screensOf = async (): Promise<Json[]> =>
    (await client.stream('/palco/aovivo', 1, client.basic('producao'))).events[0]!.data.telas as Json[];

  const restart = async (): Promise<void> => {
    const { dataDir, port } = server;
    await server.kill();
    server = await Server.start({ dataDir, port, env: { PUBLIC_ORIGIN: ORIGIN } });
    client = server.client();
  };

  describe('with a countdown', () => {
    it('has a code that leads to the vote, from the smallest wall to the largest', async () => {
      for (const viewport of SIZES) {
        const stage = await StagePage.open(server, { viewport });
        expect(await stage.scan()).toBe(`${ORIGIN}/`);
        expect(await textOf(stage.page, '#endereco')).toBe('voto.example');
      }
    });

    it('counts down by the clock of the server, and loses its code when it is over', async () => {
      const end = Date.now() + 600_000;
      await client.admin('PUT', '/paredoes/1/agenda', { abre_em: null, encerra_em: new Date(end).toISOString() });
      const stage = await StagePage.blank(server);
      await stage.page.addInitScript('const now = Date.now; Date.now = () => now() + 3_600_000;');
      await stage.load();
      await stage.login();
      await reached(stage.page, '#relogio[data-fase="running"]');
      const [minutes = 0, seconds = 0] = (await textOf(stage.page, '#relogio-falta')).split(':').map(Number);
      expect(Math.abs(minutes * 60 + seconds - (end - Date.now()) / 1000)).toBeLessThan(2);
      await client.admin('PUT', '/paredoes/1/agenda', {
        abre_em: null,
        encerra_em: new Date(Date.now() + 5000).toISOString(),
      });
      await reached(stage.page, '#relogio[data-fase="last-minute"]');
      await client.admin('PUT', '/paredoes/1/agenda', { abre_em: null, encerra_em: null });
      await reached(stage.page, '#relogio[data-fase="open"]');
    });

    it('has no share anywhere in the page', async () => {
      for (const participant of [1, 2, 2]) await client.cast(participant);
      const stage = await StagePage.open(server);
      expect(await stage.page.locator('body').innerText()).not.toMatch(/\d%|33,33|66,67/);
      expect(await stage.shares()).toEqual(['', '']);
    });
  });

  describe('on cue from the panel', () => {
    it('changes on two walls at the same time, and the panel knows what they show', async () => {
      const walls = [
        await StagePage.open(server, {}, '?nome=Telão'),
        await StagePage.open(server, {}, '?nome=Estúdio'),
      ];
      const panel = await PanelPage.open(server, { viewport: LAPTOP });
      await panel.page.locator('#telas li', { hasText: 'Telão: contagem' }).waitFor();
      await panel.page.getByRole('button', { name: 'Parcial' }).click();
      await reached(panel.page, '.cue[data-modo="parcial"][aria-pressed="true"]');
      for (const wall of walls) await wall.shows('parcial');
      const [one = 0, other = 0] = await Promise.all(walls.map((wall) => wall.changedAt('parcial')));
      expect(Math.abs(one - other)).toBeLessThan(TOGETHER_MS);
      expect(await walls[0]!.shares()).toEqual(['33,33', '66,67']);
      for (const name of ['Telão', 'Estúdio']) {
        await panel.page.locator('#telas li[data-conectada="true"]', { hasText: `${name}: parcial` }).waitFor();
      }
      await expectOnScreen(panel.page, '.panel', '.panel-foot', '.cue', '#telas');
    });

    it('stands still in suspense, without shares', async () => {
      const wall = await StagePage.open(server);
      await cue('suspense');
      await wall.shows('suspense');
      for (const participant of [1, 2]) await client.cast(participant);
      const before = await wall.picture();
      await delay(2000);
      expect(before.equals(await wall.picture())).toBe(true);
      expect(await wall.shares()).toEqual(['', '']);
    });

    it('does not reveal what is not proclaimed, and says so', async () => {
      const panel = await PanelPage.open(server);
      await reached(panel.page, '.cue[data-modo="revelacao"][data-pronto="false"]');
      await panel.page.getByRole('button', { name: 'Revelação' }).click();
      expect(await textOf(panel.page, '#palco-nota')).toBe('A revelação espera o resultado ser proclamado.');
      await panel.page.getByRole('dialog').waitFor({ state: 'hidden' });
    });

    it('is not missed by a wall that was closed or hidden on purpose', async () => {
      const wall = await StagePage.open(server, {}, '?nome=Camarim');
      await eventually(screensOf, (all) => all.some(({ nome }) => nome === 'Camarim'));
      await wall.page.close({ runBeforeUnload: true });
      await eventually(screensOf, (all) => all.every(({ nome }) => nome !== 'Camarim'));
    });
  });

  describe('when something breaks', () => {
    it('holds the picture while its line is cut, and the panel is told within two seconds', async () => {
      const wall = await StagePage.open(server, {}, '?nome=Telão');
      const panel = await PanelPage.open(server, { viewport: LAPTOP });
      const line = (isConnected: boolean): string => `#telas li[data-conectada="${String(isConnected)}"]`;
      await panel.page.locator(line(true), { hasText: 'Telão' }).waitFor();
      await wall.shows('suspense');
      const before = await wall.picture();
      const cutAt = Date.now();
      await wall.page.context().setOffline(true);
      await panel.page.locator(line(false), { hasText: 'Telão sem conexão' }).waitFor();
      expect(Date.now() - cutAt).toBeLessThan(TOLD_WITHIN_MS);
      expect(before.equals(await wall.picture())).toBe(true);

      await wall.page.context().setOffline(false);
      await panel.page.locator(line(true), { hasText: 'Telão' }).waitFor();
    });

    it('survives the service: the picture stays, the panel is told, and the next cue works', async () => {
      const wall = await StagePage.open(server, {}, '?nome=Telão');
      const panel = await PanelPage.open(server, { viewport: LAPTOP });
      await panel.page.locator('#telas li[data-conectada="true"]', { hasText: 'Telão' }).waitFor();
      const before = await wall.picture();
      const diedAt = Date.now();
      await server.kill();
      await panel.page.locator('#telas li', { hasText: 'Sem notícia do palco' }).waitFor();
      expect(Date.now() - diedAt).toBeLessThan(TOLD_WITHIN_MS);
      await delay(1000);
      expect(before.equals(await wall.picture())).toBe(true);

      await restart();
      await panel.page
        .locator('#telas li[data-conectada="true"]', { hasText: 'Telão' })
        .waitFor({ timeout: RESTART_LIMIT_MS });
      await panel.page.getByRole('button', { name: 'Contagem' }).click();
      await wall.shows('contagem');
      await cue('parcial');
      await wall.shows('parcial');
    });

    it('never asks the nation for a password: the picture stays, until somebody is there', async () => {
      const wall = await StagePage.open(server);
      await wall.shows('parcial');
      await wall.page.route('**/palco/aovivo', (route) =>
        route.fulfill({ status: 401, contentType: 'application/problem+json', body: '{"code":"unauthenticated"}' }),
      );
      await restart();
      await reached(wall.page, 'body[data-view="login"]');
      expect(await wall.page.locator('.wall').isVisible()).toBe(true);
      expect(await wall.page.getByLabel('Senha').isVisible()).toBe(false);
      await wall.page.unroute('**/palco/aovivo');
      await wall.page.keyboard.press('Enter');
      await wall.login();
      await wall.shows('parcial');
      await reached(wall.page, 'body[data-view="palco"]');
    });

    it('stays logged in for a night, without anybody', async () => {
      const wall = await StagePage.blank(server);
      await wall.page.clock.install();
      await wall.load();
      await wall.login();
      await wall.shows('parcial');
      let renewals = 0;
      wall.page.on(
        'response',
        (response) => (renewals += Number(response.url().endsWith('/login/renovar') && response.ok())),
      );
      await wall.page.clock.fastForward('01:00:00');
      await eventually(
        () => renewals,
        (count) => count > 0,
      );
      await reached(wall.page, 'body[data-view="palco"]');
    });
  });

  describe('with a result', () => {
    beforeAll(async () => {
      await cue('suspense');
      await client.admin('POST', '/paredoes/1/encerrar');
      server = await proclaimed(server, '1', COUNTED_LIMIT_MS);
      client = server.client();
    });

    it('reveals it on cue, on two walls together, who comes first last', async () => {
      const walls = [await StagePage.open(server), await StagePage.open(server)];
      for (const wall of walls) await wall.shows('suspense');
      expect(await walls[0]!.word()).toBe('Resultado em instantes');
      const panel = await PanelPage.open(server);
      await panel.page.getByRole('button', { name: 'Revelação' }).click();
      await panel.page.getByRole('dialog').getByRole('button', { name: 'Voltar' }).click();
      await walls[0]!.shows('suspense');
      await panel.page.getByRole('button', { name: 'Revelação' }).click();
      await panel.page.getByRole('dialog').getByRole('button', { name: 'Revelar agora' }).click();
      for (const wall of walls) await wall.shows('revelacao');
      // one of the two has fewer votes, and its number grows first
      const seen: string[][] = [];
      while (!(await walls[0]!.word())) seen.push(await walls[0]!.shares());
      const second = seen.filter(([first, last]) => (first === '') !== (last === ''));
      expect(second.length).toBeGreaterThan(0);
      for (const wall of walls) await wall.revealed(REVEAL_LIMIT_MS);
      const [one = 0, other = 0] = await Promise.all(walls.map((wall) => wall.changedAt('revelacao')));
      expect(Math.abs(one - other)).toBeLessThan(TOGETHER_MS);
      const result = (await client.get('/resultado')).json;
      const shown = (await walls[0]!.shares()).map((share) => Number(share.replace(',', '.')));
      expect(shown).toEqual((result.participantes as Json[]).map(({ percentual }) => Number(percentual)));
    });

    it('shows it at once after a reload: a reveal does not begin again', async () => {
      const wall = await StagePage.open(server);
      await wall.shows('revelacao');
      await wall.revealed(1000);
      await wall.page.reload();
      await wall.shows('revelacao');
      await wall.revealed(1000);
    });

    it('shows it in one calm change to those who want no motion', async () => {
      await cue('suspense');
      const wall = await StagePage.open(server, { reducedMotion: 'reduce' });
      await wall.shows('suspense');
      await cue('revelacao');
      await wall.shows('revelacao');
      await wall.revealed(1000);
    });
  });

  describe('on any wall', () => {
    const picture = (count: number, modo: StageMode): object => {
      const numbers = Array.from({ length: count }, (_, index) => index + 1);
      const placar = { percentuais: numbers.map(() => 99.99), ordem: numbers, primeiros: [count] };
      return {
        ...{
          paredao: '1',
          titulo: `${longName(1)} ou ${longName(2)}?`.slice(0, 120),
          finalidade: 'eliminar',
          modo,
          pedido_em: null,
        },
        ...{
          estado: modo === 'contagem' || modo === 'parcial' ? 'aberto' : 'proclamado',
          encerrado_em: null,
          pausado_em: null,
        },
        ...{ atualizado_em: new Date().toISOString(), encerra_em: new Date(Date.now() + 35_999_000).toISOString() },
        ...{ ensaio: true, anulado: false, publica: true, revelavel: true, endereco: null, caminho: '/', telas: [] },
        placar: modo === 'parcial' || modo === 'revelacao' ? placar : null,
        participantes: numbers.map((numero) => ({ numero, nome: longName(numero) })),
      };
    };

    const tell = async (stage: StagePage, told: object): Promise<void> => {
      const body = `event: palco\ndata: ${JSON.stringify(told)}\n\n`;
      await stage.page.unroute('**/palco/aovivo');
      await stage.page.route('**/palco/aovivo', (route) => route.fulfill({ contentType: 'text/event-stream', body }));
      await stage.page.reload();
    };

    const faultsAt = async (stage: StagePage, viewport: (typeof SIZES)[number]): Promise<object> => {
      await stage.page.setViewportSize(viewport);
      return { viewport, ...(await stage.faults()) };
    };

    it.each([2, 3, 4, 5, 7, 10])(
      'nothing is cut off, outside of the safe area or too small to read: %i participants',
      async (count) => {
        const stage = await StagePage.open(server, { colorScheme: 'light' });
        for (const mode of STAGE_MODES) {
          await tell(stage, picture(count, mode));
          await stage.shows(mode);
          for (const viewport of SIZES)
            expect([mode, await faultsAt(stage, viewport)]).toEqual([
              mode,
              { viewport, outside: [], cut: [], small: [] },
            ]);
        }
      },
    );

    it('is accessible in every picture', async () => {
      const stage = await StagePage.open(server, { viewport: LAPTOP });
      for (const mode of STAGE_MODES) {
        await tell(stage, picture(3, mode));
        await stage.shows(mode);
        await expectAccessible(stage.page);
      }
      await tell(stage, { ...picture(3, 'revelacao'), anulado: true, placar: null });
      await stage.shows('anulado');
      await expectAccessible(stage.page);
    });
  });
});
