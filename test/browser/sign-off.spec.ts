import { beforeAll, expect, it } from '@jest/globals';
import { mkdirSync } from 'node:fs';
import type { Page } from 'playwright-core';

import type { Client } from '../support/client.ts';
import { eventually } from '../support/eventually.ts';
import { Server, credentialsOf } from '../support/server.ts';
import { expectAccessible } from './support/accessible.ts';
import { describeInBrowser, expectNoSideScroll, newPage, reached, textOf } from './support/browser.ts';

const PHONE = { viewport: { width: 390, height: 844 } };
/** A poll is cut 16 s after its closing. */
const CUT_LIMIT_MS = 40_000;
/** Where to keep what the pages look like, for whoever wants to see it. */
const PICTURES = process.env['PICTURES'];

async function picture(page: Page, name: string): Promise<void> {
  if (PICTURES === undefined) return;
  mkdirSync(PICTURES, { recursive: true });
  await page.screenshot({ path: `${PICTURES}/${name}.png`, fullPage: true });
}

describeInBrowser('from closed to on air', () => {
  let server: Server;
  let client: Client;

  beforeAll(async () => {
    server = await Server.start();
    client = server.client();
    for (const participant of [1, 2, 2]) await client.cast(participant);
    expect((await client.admin('POST', '/paredoes/1/encerrar')).status).toBe(200);
    await eventually(
      () => client.total('1'),
      ({ final }: { final: boolean }) => final,
      CUT_LIMIT_MS,
    );
  }, 90_000);

  async function staff(path: string, user: string, options = {}): Promise<Page> {
    const page = await newPage(server, options);
    await page.goto(path);
    await page.getByLabel('Usuário').fill(user);
    await page
      .getByLabel('Senha')
      .first()
      .fill(credentialsOf(server.dataDir)[user] ?? '');
    await page.getByRole('button', { name: 'Entrar' }).click();
    return page;
  }

  it('production is asked why, as long as nobody signed, and sees how long an audit takes', async () => {
    const page = await staff('/admin.html', 'admin');
    await page.getByRole('button', { name: 'Proclamar o paredão nº 1' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.filter({ hasText: 'Ninguém conferiu ainda.' }).waitFor();

    expect(await dialog.innerText()).toMatch(/3 votos.*66,67%.*dura cerca de \d+ s \(estimativa\)/s);
    await dialog.getByRole('button', { name: 'Proclamar sem conferência' }).click();
    await reached(page, '#confirmacao-motivo input:invalid');
    await expectAccessible(page);
    await picture(page, 'admin-sem-conferencia');
    await dialog.getByRole('button', { name: 'Voltar' }).click();
    expect((await client.total('1')).estado).toBe('encerrado');
  });

  it('an auditor checks and signs, and sees what was checked', async () => {
    const page = await staff('/auditoria.html', 'auditor');
    await page.getByText('Ninguém assinou a conferência ainda').waitFor();
    await page.getByRole('button', { name: 'Conferir e assinar' }).click();
    await reached(page, '#assinatura-aviso[data-resultado="confere"]');

    expect(await textOf(page, '#assinatura-aviso')).toMatch(
      /^Confere, não ancorado, e está assinado: paredão 1, 3 votos em \d+ s\. Compromisso v2-/,
    );
    expect(await page.locator('#assinatura-verificacoes li[data-resultado="confere"]').count()).toBeGreaterThan(8);
    await page.getByText('Assinou a conferência: 3 votos').waitFor();
    await expectNoSideScroll(page);
    await expectAccessible(page);
    await picture(page, 'auditoria-assinada');
  });

  it('nobody else is offered to sign', async () => {
    const page = await staff('/auditoria.html', 'admin');
    await reached(page, '#paredoes tr');

    expect(await page.getByRole('button', { name: 'Conferir e assinar' }).count()).toBe(0);
  });

  it('production proclaims what was signed without a reason, and the public knows', async () => {
    const [page, result] = [await staff('/admin.html', 'admin'), await newPage(server, PHONE)];
    await result.goto('/resultado.html');
    await page.getByText('Conferido em').waitFor();
    await page.getByRole('button', { name: 'Proclamar o paredão nº 1' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.filter({ hasText: /Conferido em .*, por auditor/ }).waitFor();
    expect(await dialog.getByRole('textbox').count()).toBe(0);
    await picture(page, 'admin-conferido');
    await dialog.getByRole('button', { name: 'Proclamar', exact: true }).click();

    await page.getByText(/Proclamado em .*, por admin\./).waitFor();
    await reached(result, '#selo[data-estado="proclamado"]');
    await picture(result, 'resultado-proclamado');
  });

  it('a poll that went wrong is annulled on every page, and named by the one in its place', async () => {
    const [page, voter, result] = [
      await staff('/admin.html', 'admin'),
      await newPage(server, PHONE),
      await newPage(server, PHONE),
    ];
    await page.getByRole('button', { name: 'Anular o paredão nº 1' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Motivo, que o público lê').fill('O nome de um participante estava errado.');
    await picture(page, 'admin-anular');
    await dialog.getByRole('button', { name: 'Anular', exact: true }).click();
    await page.getByText(/Anulado em .*, por admin: O nome de um participante estava errado\./).waitFor();

    for (const [public_, path, name] of [
      [voter, '/', 'anulado-voto'],
      [result, '/resultado.html', 'anulado-resultado'],
    ] as const) {
      await public_.goto(path);
      await public_.getByText('Paredão anulado: O nome de um participante estava errado.').waitFor();
      expect(await public_.locator('.result-bars').isVisible()).toBe(false);
      await expectNoSideScroll(public_);
      await expectAccessible(public_);
      await picture(public_, name);
    }
    const panel = await staff('/painel.html', 'producao');
    await panel.getByText('Paredão anulado: O nome de um participante estava errado.').waitFor();
    await picture(panel, 'anulado-painel');

    const form = page.locator('#novo');
    await form.getByLabel('No lugar do paredão anulado').selectOption({ label: 'nº 1: Quem fica na Casa de Vidro?' });
    await form.getByLabel('Título').fill('Quem sai?');
    await form.getByLabel('Vota-se para').selectOption('eliminar');
    await form.getByRole('textbox', { name: 'Participante 1' }).fill('Ana');
    await form.getByRole('textbox', { name: 'Participante 2' }).fill('Bento');
    await page.reload();
    await form.getByText('nº 1: Quem fica na Casa de Vidro?').waitFor({ state: 'attached' });
    expect(await form.getByLabel('No lugar do paredão anulado').inputValue()).toBe('1');
    await form.getByRole('button', { name: 'Abrir agora' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Abrir a votação' }).click();
    await voter.getByText('Este paredão substitui o paredão 1, anulado: O nome de um participante').waitFor();
    await picture(voter, 'substituto-voto');
  });

  it('an open poll is annulled from its card, and what was released without a check says so', async () => {
    await client.cast(1);
    const page = await staff('/admin.html', 'admin');
    await page.getByRole('button', { name: 'Anular', exact: true }).click();
    const dialog = page.getByRole('dialog');
    await dialog.filter({ hasText: 'a votação encerra agora' }).waitFor();
    await dialog.getByRole('button', { name: 'Voltar' }).click();
    expect((await client.admin('POST', '/paredoes/2/encerrar')).status).toBe(200);
    await eventually(
      () => client.total('2'),
      ({ final }: { final: boolean }) => final,
      CUT_LIMIT_MS,
    );
    const motivo = 'A auditora ficou sem conexão.';
    expect((await client.admin('POST', '/paredoes/2/proclamar', { motivo })).status).toBe(200);

    const result = await newPage(server, PHONE);
    await result.goto('/resultado.html');
    await result.getByText(`Proclamado sem conferência: ${motivo}`).waitFor();
    await picture(result, 'sem-conferencia-resultado');
    await page.getByText(`Proclamado sem conferência: ${motivo}`).waitFor();
    await picture(page, 'admin-historico');
  }, 90_000);
});
