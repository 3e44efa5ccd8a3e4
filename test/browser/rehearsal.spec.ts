import { beforeAll, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';

import type { Client } from '../support/client.ts';
import { eventually } from '../support/eventually.ts';
import { Server, credentialsOf } from '../support/server.ts';
import { auditAndSign } from '../support/sign-off.ts';
import { expectAccessible } from './support/accessible.ts';
import { AdminPage } from './support/admin-page.ts';
import { describeInBrowser, expectNoSideScroll, expectOnScreen, newPage, reached, textOf } from './support/browser.ts';
import { PanelPage } from './support/panel-page.ts';
import { VoterPage, voteFor } from './support/voter-page.ts';

const TITLE = 'Ensaio geral';
const NAMES = ['Caio Cometa', 'Dandara Maré'] as const;
/** A poll is cut 16 s after its closing. */
const CUT_LIMIT_MS = 40_000;
const BAND = 'ENSAIO · estes votos não contam';

describeInBrowser('a rehearsal', () => {
  let server: Server;
  let client: Client;
  /** Path and query of its link. */
  let link: string;
  /** Of a vote in it. */
  let receipt: string;

  beforeAll(async () => {
    server = await Server.start();
    client = server.client();
  });

  const showsBand = async (page: Page): Promise<void> => {
    await page.locator('#ensaio').waitFor();
    expect(await textOf(page, '#ensaio')).toBe(BAND);
    expect(await page.title()).toMatch(/^ENSAIO · /);
  };
  const open = async (path: string, view: string): Promise<VoterPage> => {
    const voter = await VoterPage.blank(server);
    await voter.page.goto(path);
    await reached(voter.page, view);
    return voter;
  };

  it('is made beside the poll on air, and its link is there to be copied', async () => {
    const admin = await AdminPage.open(server);
    await admin.page.locator('#novo').getByLabel('É um ensaio').check();
    await admin.create(TITLE, NAMES, 'Abrir agora', 'eliminar');
    await admin.says(admin.dialog, 'É um ensaio: abre só no seu link, e os votos não contam.');
    await admin.dialog.getByRole('button', { name: 'Abrir o ensaio' }).click();
    const card = admin.card(TITLE);
    await admin.says(card.locator('.state-badge'), 'Ao vivo');
    await admin.says(card.locator('.poll-rehearsal'), 'Estes votos não contam');
    const address = new URL(await card.locator('.poll-rehearsal a').innerText());
    link = address.pathname + address.search;
    expect(link).toMatch(/^\/\?paredao=2&chave=[\w-]{22}$/);
    expect(await admin.page.locator('.poll-rehearsal:visible').count()).toBe(1);
    expect(await admin.page.locator('#novo').getByLabel('É um ensaio').isChecked()).toBe(false);
    await expectNoSideScroll(admin.page);
    await expectAccessible(admin.page);
  });

  it('has a link that says so where the browser cannot copy: without HTTPS a page has no clipboard', async () => {
    const page = await newPage(server);
    await page.addInitScript("Object.defineProperty(Navigator.prototype, 'clipboard', { value: undefined })");
    await page.goto('/admin.html');
    await page.locator('#usuario').fill('admin');
    await page.locator('#senha').fill(credentialsOf(server.dataDir)['admin'] ?? '');
    await page.getByRole('button', { name: 'Entrar' }).click();
    await page.getByRole('button', { name: 'Copiar o link' }).click();

    await page.getByRole('button', { name: 'Copie o endereço ao lado' }).waitFor();
  });

  it('is voted on by its link, under a band that nobody overlooks', async () => {
    const voter = await open(link, 'body[data-view="vote"]');
    await showsBand(voter.page);
    await expectOnScreen(voter.page, '#ensaio', '.card', '#acao');
    await voter.choose(NAMES[1]);
    await voter.press(voteFor(NAMES[1]));
    await voter.hears('Voto de ensaio: não conta');
    await eventually(
      () => client.total('2'),
      (total: { voto_2?: number }) => total.voto_2 === 1,
    );
    expect(await client.total('1')).toMatchObject({ total: 0 });
    await showsBand(voter.page);
    await expectNoSideScroll(voter.page);
    await expectAccessible(voter.page);
  });

  it('shares no challenge and no vote with the real poll in the same tab', async () => {
    const voter = await open(link, 'body[data-view="vote"]');
    await voter.choose(NAMES[0]);
    await voter.page.goto('/');
    await voter.sees('vote');
    await voter.vote('Aurora Estrela');
    await voter.hears('Voto confirmado!');
    await voter.page.goto(link);
    await voter.sees('vote');
    await voter.vote(NAMES[0]);
    await voter.hears('Voto de ensaio: não conta');
    expect(voter.votes).toHaveLength(2);
    expect(await client.total('1')).toMatchObject({ total: 1 });
  });

  it('is what its links lead to', async () => {
    const voter = await open(link, 'body[data-view="vote"]');
    await voter.page.getByRole('link', { name: 'Ver resultado' }).click();
    await reached(voter.page, 'main[data-view="result"]');
    await showsBand(voter.page);
    expect(await textOf(voter.page, '#titulo')).toBe(TITLE);
    await expectAccessible(voter.page);
    await voter.page.getByRole('link', { name: 'Votar', exact: true }).click();
    await voter.sees('vote');
    await showsBand(voter.page);
  });

  it('is seen in production’s panel by its number, and said to be one in the list', async () => {
    const panel = await PanelPage.open(server, {}, '?paredao=2');
    await showsBand(panel.page);
    expect(await panel.text('periodo')).toContain('Ensaio nº 2');
    const lines = panel.page.locator('#paredoes-lista strong');
    await eventually(
      () => lines.allTextContents(),
      (titles) => titles.includes(`ENSAIO · Nº 2: ${TITLE}`) && titles.includes('Nº 1: Quem fica na Casa de Vidro?'),
    );
  });

  it('is nowhere else, and no guess of its number finds it', async () => {
    for (const path of ['/', '/resultado.html', '/?paredao=1']) {
      const page = await newPage(server);
      await page.goto(path);
      await page.getByText('Casa de Vidro').first().waitFor();
      expect([path, await page.locator('#ensaio').isVisible(), await page.title()]).toEqual([
        path,
        false,
        expect.not.stringContaining('ENSAIO'),
      ]);
    }
    for (const guess of ['/?paredao=2', `/?paredao=2&chave=${'A'.repeat(22)}`, '/?paredao=77']) {
      const voter = await open(guess, 'body[data-view="notice"]');
      expect(await textOf(voter.page, '#aviso')).toContain('Nada neste endereço');
      expect(await voter.page.content()).not.toContain(NAMES[0]);
    }
  });

  it('gives receipts that are kept apart from those of real votes, and say so before anything else', async () => {
    const voter = await open(link, 'body[data-view="vote"]');
    const { page } = voter;
    const answer = page.waitForResponse('**/votar/*');
    await voter.vote(NAMES[0]);
    await voter.hears('Voto de ensaio: não conta');
    receipt = ((await (await answer).json()) as { recibo: string }).recibo;
    await page.getByRole('link', { name: 'Recibo' }).click();
    await reached(page, '#registrado[data-marca="yes"]');
    expect(await page.locator('#recibo > :visible').first().innerText()).toBe(BAND);
    expect(await textOf(page, '#recibo-titulo')).toBe(TITLE);
    await expectNoSideScroll(page);
    await expectAccessible(page);

    const real = await VoterPage.beside(page);
    await real.load('vote');
    await real.vote('Aurora Estrela');
    await real.hears('Voto confirmado!');
    await real.page.getByRole('link', { name: 'Recibo' }).click();
    await reached(real.page, '#registrado[data-marca="yes"]');
    expect(await real.page.locator('#recibo-ensaio').isVisible()).toBe(false);
    expect(await real.page.locator('#lista a span').allInnerTexts()).toEqual([
      expect.stringMatching(/^Voto .*Aurora Estrela/),
      expect.stringMatching(/^ENSAIO · Voto .*Caio Cometa/),
    ]);
  });

  it('is shown by no receipt to whoever has not its link', async () => {
    const page = await newPage(server);
    await page.goto(`/recibo.html#${receipt}`);
    await page.getByText('De um ensaio, abra o recibo com o link do ensaio').waitFor();

    expect(await page.locator('[data-marca="yes"]').count()).toBe(0);
    expect(await page.content()).not.toContain(TITLE);
  });

  it('is told from a real poll on the auditors’ page', async () => {
    const page = await newPage(server);
    await page.goto('/auditoria.html');
    await page.getByLabel('Usuário').fill('auditor');
    await page.getByLabel('Senha').fill(client.passwordOf('auditor'));
    await page.getByRole('button', { name: 'Entrar' }).click();
    await page.getByRole('rowheader', { name: `ENSAIO · 2. ${TITLE}` }).waitFor();
    // nobody means it without saying so
    expect(await page.locator('#paredao').inputValue()).toBe('1');
    await page.locator('#paredao').selectOption('2');
    await page.locator('#conferir').click();
    await page.locator('#veredito').filter({ hasText: 'ENSAIO · Confere' }).waitFor();
    await showsBand(page);
    await expectAccessible(page);
  });

  it(
    'has a receipt in its box at the end, and says that it counts for nothing',
    async () => {
      await client.admin('POST', '/paredoes/2/encerrar');
      const signed = () => auditAndSign(client, '2').catch(() => undefined);
      await eventually(signed, (ended) => ended?.status === 200, CUT_LIMIT_MS);
      expect((await client.admin('POST', '/paredoes/2/proclamar', {})).status).toBe(200);
      const key = new URLSearchParams(link.split('?')[1]).get('chave')!;
      await eventually(
        () => client.get(`/urna/2/boletim.json?chave=${key}`),
        ({ status }) => status === 200,
        CUT_LIMIT_MS,
      );
      const page = await newPage(server);
      await page.goto(`/recibo.html?chave=${key}#${receipt}`);
      await reached(page, '#contado[data-marca="no"]');

      expect(await textOf(page, '#contado')).toContain('nenhum voto dele vale');
      expect(await textOf(page, '#registrado')).toContain('está na urna publicada');
      expect(await textOf(page, '#recibo-ensaio')).toBe(BAND);
    },
    3 * CUT_LIMIT_MS,
  );
});
