import { beforeAll, expect, it } from '@jest/globals';

import type { Client, Json } from '../support/client.ts';
import { eventually } from '../support/eventually.ts';
import { proclaimed } from '../support/sign-off.ts';
import { Server } from '../support/server.ts';
import { expectAccessible } from './support/accessible.ts';
import { AdminPage } from './support/admin-page.ts';
import {
  SMALL_PHONE,
  describeInBrowser,
  expectNoSideScroll,
  expectOnScreen,
  newPage,
  textOf,
} from './support/browser.ts';
import { PanelPage } from './support/panel-page.ts';
import { VoterPage } from './support/voter-page.ts';

const TITLE = 'Quem sai hoje?';
const NAMES = ['Caio Cometa', 'Dandara Maré'] as const;
const RULES = 'Vote quantas vezes quiser.\n\nQuem tiver mais votos sai da casa <hoje>.';
const SEALING_MS = 30_000;

describeInBrowser('what a vote means', () => {
  let server: Server;
  let client: Client;

  beforeAll(async () => {
    server = await Server.start();
    client = server.client();
    expect((await client.admin('POST', '/paredoes/1/encerrar')).status).toBe(200);
    await eventually(
      () => client.get('/paredao'),
      ({ json }) => json.estado !== 'aberto',
    );
  });

  it('is chosen by the administrator, who reads it once more before it is on air', async () => {
    const admin = await AdminPage.open(server);
    const form = admin.page.locator('#novo');
    await admin.create(TITLE, NAMES, 'Abrir agora', '');
    await admin.says(form.locator('.feedback'), 'Escolha para que se vota');
    expect(await admin.dialog.count()).toBe(0);
    await admin.create(TITLE, NAMES, 'Guardar rascunho', 'vencer');
    const card = admin.card(TITLE);
    await card.getByLabel('Vota-se para').selectOption('eliminar');
    await card.getByLabel('O público vê a parcial').selectOption('sempre');
    await card.getByLabel('Regulamento').fill(`  ${RULES.replace('quantas', 'quantas ')}\n\n\n`);
    await card.getByRole('button', { name: 'Abrir agora' }).click();
    await admin.says(admin.dialog, 'Ainda não salvo: finalidade, divulgação e regulamento.');
    await admin.dialog.getByRole('button', { name: 'Voltar' }).click();
    await card.getByRole('button', { name: 'Salvar' }).click();
    await admin.says(card.locator('.feedback'), 'Rascunho salvo');
    await eventually(
      () => card.getByLabel('Regulamento').inputValue(),
      (rules) => rules === RULES,
    );
    await expectAccessible(admin.page);
    await card.getByRole('button', { name: 'Abrir agora' }).click();
    for (const said of [TITLE, 'Caio Cometa', 'Dandara Maré', 'Votação para eliminar', 'sai da casa <hoje>'])
      await admin.says(admin.dialog, said);
    await admin.dialog.getByRole('button', { name: 'Abrir a votação' }).click();
    await admin.says(admin.card(TITLE).locator('.state-badge'), 'Ao vivo');
  });

  it('is on the ballot, the button and the confirmation, with the rules at hand', async () => {
    const voter = await VoterPage.open(server, { viewport: SMALL_PHONE });
    expect(await textOf(voter.page, '#finalidade')).toBe('Votação para eliminar');
    expect(await textOf(voter.page, 'legend')).toBe('Quem você quer eliminar?');
    expect(await voter.page.locator('.card-aim').allInnerTexts()).toEqual(['para eliminar', 'para eliminar']);
    await voter.page.getByRole('button', { name: 'Regulamento' }).click();
    await voter.page.getByText('Quem tiver mais votos sai da casa <hoje>.').waitFor();
    await expectAccessible(voter.page);
    await voter.page.getByRole('button', { name: 'Fechar' }).click();
    await voter.choose(NAMES[1]);
    await expectOnScreen(voter.page, '#acao', '.card');
    await voter.press('Votar para eliminar Dandara Maré');
    await voter.hears('A parcial já inclui o seu voto para eliminar Dandara Maré');
    await expectNoSideScroll(voter.page);
  });

  it('is in the results while people vote, for everybody and for the producers', async () => {
    const result = await newPage(server);
    await result.goto('/resultado.html');
    await result.getByText('Dandara Maré tem mais votos para sair').waitFor();
    expect(await textOf(result, '#finalidade')).toBe('Votação para eliminar');
    const panel = await PanelPage.open(server);
    expect(await textOf(panel.page, '#finalidade')).toBe('Votação para eliminar');
  });

  it(
    'is in the final and in the audit',
    async () => {
      const voter = await VoterPage.open(server);
      await client.cast(2);
      await client.cast(1);
      expect((await client.admin('POST', '/paredoes/2/encerrar')).status).toBe(200);
      await proclaimed(client, '2');
      await voter.page
        .getByRole('heading', { name: 'O público eliminou Dandara Maré com 66,67% dos votos' })
        .waitFor({ timeout: SEALING_MS });
      const actions = (await client.get('/auditoria/acoes?paredao=2', client.basic('auditor'))).json as Json[];
      expect(actions.map(({ o_que }) => o_que as string)).toEqual(
        expect.arrayContaining([
          `Abriu o paredão “${TITLE}”: Caio Cometa ou Dandara Maré, para eliminar, parcial para todos`,
          'Definiu que se vota para eliminar',
          'Mudou o regulamento',
        ]),
      );
      const report = await client.get('/auditoria/relatorio?paredao=2', client.basic('auditor'));
      expect(report.text).toContain('votação para eliminar');
      expect(report.text).toContain('sai da casa &lt;hoje&gt;');
    },
    SEALING_MS + 15_000,
  );
});
