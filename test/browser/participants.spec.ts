import { beforeAll, describe, expect, it } from '@jest/globals';
import type { BrowserContextOptions } from 'playwright-core';

import { eventually } from '../support/eventually.ts';
import { Server } from '../support/server.ts';
import { expectAccessible } from './support/accessible.ts';
import {
  CONTROL_ROOM,
  SMALL_PHONE,
  describeInBrowser,
  expectNoSideScroll,
  expectOnScreen,
  newPage,
  reached,
  textOf,
} from './support/browser.ts';
import { PanelPage } from './support/panel-page.ts';
import { VoterPage } from './support/voter-page.ts';

/** As long as names are in life, with words that nobody can break. */
const NAMES = [
  ...['Maria Aparecida dos Santos Albuquerque', 'Íris', 'Wolfeschlegelsteinhausen', 'Dandara Maré', 'Enzo Granizo'],
  ...['Flora', 'Gil Poente do Amaral', 'Helena Orvalho', 'Ivo Vendaval Nascimento', 'Jade Lua'],
];
const DRAFT = 'A próxima';

describeInBrowser('the pages', () => {
  describe.each([3, 4, 6, 10])('of a poll of %i', (count) => {
    const people = NAMES.slice(0, count);
    let server: Server;
    beforeAll(async () => {
      server = await Server.start();
      const client = server.client();
      await client.admin('POST', '/paredoes/1/encerrar');
      const poll = {
        titulo: 'Quem sai?',
        finalidade: 'eliminar',
        divulgacao: 'sempre',
        participantes: people.map((nome) => ({ nome })),
      };
      await eventually(
        () => client.admin('POST', '/paredoes', poll),
        ({ status }) => status === 201,
      );
      await eventually(
        () => client.get('/paredao'),
        ({ json }) => json.id === '2',
      );
      await eventually(
        () => client.get('/desafio'),
        ({ json }) => String(json?.cedula).startsWith('2-'),
      );
      for (const participant of [count, count, 1]) await client.cast(participant);
      await eventually(
        () => client.total(),
        (total) => total.paredao === '2' && total.total === 3,
      );
    });

    const voting = async (options: BrowserContextOptions): Promise<VoterPage> => VoterPage.open(server, options);

    it('show every card and the button on a small phone, and take a vote for the last one', async () => {
      const voter = await voting({ viewport: SMALL_PHONE });
      expect(await voter.page.locator('.card').count()).toBe(count);
      await expectOnScreen(voter.page, '#acao', '.card');
      await expectNoSideScroll(voter.page);
      await expectAccessible(voter.page);
      await voter.vote(people.at(-1)!);
      await voter.hears('A parcial já inclui o seu voto');
      expect(voter.votes.map(({ path }) => path)).toEqual([`/votar/${String(count)}`]);
      await expectNoSideScroll(voter.page);
      await expectOnScreen(voter.page, '#acao', '.side-share');
      await expectAccessible(voter.page);
    });

    it('show every share in the control room', async () => {
      const page = await newPage(server, { viewport: CONTROL_ROOM });
      await page.goto('/resultado.html');
      await reached(page, `#placar[data-count="${String(count)}"]`);
      expect(await page.locator('.side').count()).toBe(count);
      expect(await page.locator('.side .name').allInnerTexts()).toEqual(people);
      await expectOnScreen(page, '.side', '#atualizado');
      await expectAccessible(page);
    });

    it('show production everybody, on the wall and in the hand', async () => {
      const panel = await PanelPage.open(server, { viewport: CONTROL_ROOM });
      await reached(panel.page, `.person[data-number="${String(count)}"]`);
      await expectOnScreen(panel.page, '.person', '#horas', '.facts');
      const [row] = await panel.hours();
      expect(row).toHaveLength(count + 2);
      await expectAccessible(panel.page);
      await panel.page.setViewportSize(SMALL_PHONE);
      await expectNoSideScroll(panel.page);
    });
  });

  describe('of a draft', () => {
    let server: Server;
    beforeAll(async () => {
      server = await Server.start();
    });

    it('add and remove participants', async () => {
      const page = await newPage(server, { viewport: SMALL_PHONE });
      await page.goto('/admin.html');
      await page.locator('#usuario').fill('admin');
      await page.locator('#senha').fill(server.client().passwordOf('admin'));
      await page.getByRole('button', { name: 'Entrar' }).click();
      const names = page.locator('#novo [name="nome"]');
      await page.locator('#novo [name="titulo"]').fill(DRAFT);
      await page.locator('#novo [name="finalidade"]').selectOption('ficar');
      const more = page.locator('#novo').getByRole('button', { name: 'Mais um participante' });
      for (let one = 0; one < 8; one++) await more.click();
      expect(await more.isVisible()).toBe(false);
      for (const [index, name] of NAMES.entries()) await names.nth(index).fill(name);
      await page.getByRole('button', { name: 'Tirar o participante 2' }).click();
      expect(await names.count()).toBe(9);
      await page.getByRole('button', { name: 'Guardar rascunho' }).click();
      const card = page.locator('#preparo .poll');
      const people = card.locator('.draft-person [name="nome"]');
      await card.locator('.draft-person[data-number="9"]').waitFor();
      await card.getByRole('button', { name: 'Mais um participante' }).click();
      await people.nth(9).fill('Íris');
      expect(await textOf(page, '#preparo .unsaved-line')).toBe('Não salvo: participante 10, novo.');
      await card.getByRole('button', { name: 'Salvar' }).click();
      await card.locator('.feedback').filter({ hasText: 'Rascunho salvo.' }).waitFor();
      await expectNoSideScroll(page);
      await expectAccessible(page);
      await card.getByRole('button', { name: 'Tirar o participante 1', exact: true }).click();
      await card.locator('.draft-person[data-number="10"]').waitFor({ state: 'detached' });
      expect(await people.first().inputValue()).toBe(NAMES[2]);
      await card.getByRole('button', { name: 'Salvar' }).click();
      const saved = async (): Promise<unknown[]> => {
        const { json } = await server.client().get('/paredoes', server.client().basic('admin'));
        const [poll] = json.paredoes as { participantes: { nome: string }[] }[];
        return poll!.participantes.map(({ nome }) => nome);
      };
      await eventually(saved, (names) => names.length === 9 && names.at(-1) === 'Íris');
    });
  });
});
