import { beforeAll, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { BrowserContextOptions, Page } from 'playwright-core';

import { SqliteEventLog } from '#event-log';

import { Server, credentialsOf } from '../support/server.ts';
import {
  SMALL_LAPTOP,
  SMALL_PHONE,
  describeInBrowser,
  expectNoSideScroll,
  newPage,
  reached,
  textOf,
} from './support/browser.ts';
import { expectAccessible } from './support/accessible.ts';
import { refusal } from './support/voter-page.ts';

describeInBrowser("the auditors' page", () => {
  let server: Server;

  beforeAll(async () => {
    const first = await Server.start();
    for (const participant of [1, 2, 2]) await first.client().cast(participant);
    await first.stop();
    const log = SqliteEventLog.open(first.dataDir);
    const data = Buffer.from('<img src=x onerror=alert(1)>');
    await log.append('votes-1', [{ id: randomUUID(), type: 'VoteCast', version: 1, data }], 'any');
    await log.close();
    server = await Server.start({ dataDir: first.dataDir });
  });

  async function login(page: Page, user: string): Promise<void> {
    await page.getByLabel('Usuário').fill(user);
    await page.getByLabel('Senha').fill(credentialsOf(server.dataDir)[user] ?? '');
    await page.getByRole('button', { name: 'Entrar' }).click();
  }

  async function open(options?: BrowserContextOptions): Promise<Page> {
    const page = await newPage(server, options);
    await page.goto('/auditoria.html');
    await login(page, 'auditor');
    await reached(page, '#paredoes tr');
    return page;
  }

  const recount = async (page: Page): Promise<void> => {
    await page.getByRole('button', { name: 'Recontar' }).click();
    await reached(page, '#veredito[data-resultado]');
  };

  it('turns away whom it is not for', async () => {
    const page = await newPage(server);
    await page.goto('/auditoria.html');
    await login(page, 'producao');
    await page.getByRole('alert').filter({ hasText: 'Este usuário não tem acesso à auditoria' }).waitFor();
    await reached(page, 'body[data-view="login"]');
  });

  it('shows the log beside the tally, and who did what', async () => {
    const page = await open({ viewport: SMALL_LAPTOP });
    const cells = await page.locator('#paredoes tr').first().locator('th, td').allInnerTexts();
    expect(cells.slice(1)).toEqual(['aberto', '5', '5', '3', '1']);
    await page.locator('#acoes').filter({ hasText: 'demo Abriu o paredão' }).waitFor();
    expect(page.url()).not.toContain('token');
  });

  it('counts again when it is asked to, with a table beside the chart', async () => {
    const page = await open();
    await recount(page);
    expect(await textOf(page, '#veredito')).toMatch(
      /^Confere, não ancorado: paredão 1, 3 votos recontados até a posição \d+\./,
    );
    expect(await page.locator('#horas-linhas tr').count()).toBeGreaterThan(0);
    expect(await page.locator('#horas .column[data-number="2"]').count()).toBeGreaterThan(0);
    expect(await textOf(page, '#compromisso')).toMatch(/^v2-[0-9a-f]{64}@0\+4$/);
  });

  it('names participants above their columns, and says of what it did not verify what would', async () => {
    const page = await open();
    await recount(page);
    const heads = await page.locator('#horas-cabeca tr').first().locator('th').allInnerTexts();
    expect(heads).toEqual(['Hora', 'Situação', 'Aurora Estrela', 'Íris Trovão']);
    const checks = (await page.locator('#verificacoes').innerText()).replaceAll(/\s+/g, ' ');
    expect(checks).toContain('Não verificado: Cada voto veio de um desafio deste serviço (só a segunda recontagem');
    expect(checks).toContain('Para verificar: o relatório para assinar em auditoria.html');
    expect(checks).not.toContain('manifesto');
  });

  it('keeps what it found of one poll away from another', async () => {
    const draft = { titulo: 'Quem volta?', participantes: [{ nome: 'Ana' }, { nome: 'Bento' }], rascunho: true };
    expect((await server.client().admin('POST', '/paredoes', draft)).status).toBe(201);
    const page = await open();
    await page.locator('#paredao option[value="2"]').waitFor({ state: 'attached' });
    await recount(page);
    await page.getByLabel('Paredão', { exact: true }).selectOption('2');
    expect(await page.locator('#conferencia').isVisible()).toBe(false);
    expect(await textOf(page, '#veredito')).toMatch(/^Reconta todos os votos/);
    // an answer that comes when another poll was chosen is not shown beside its name
    await page.getByLabel('Paredão', { exact: true }).selectOption('1');
    await page.route('**/auditoria/conferencia*', async (route) => {
      await page.getByLabel('Paredão', { exact: true }).selectOption('2');
      await route.continue();
    });
    await page.getByRole('button', { name: 'Recontar' }).click();
    await page.locator('#progresso[hidden]').waitFor({ state: 'attached' });
    await page.locator('#conferir[aria-disabled="false"]').waitFor();
    expect(await page.locator('#conferencia').isVisible()).toBe(false);
    expect(await page.locator('#veredito[data-resultado]').count()).toBe(0);
  });

  it('does not let its lists butt against tables', async () => {
    const page = await open();
    await recount(page);
    const gap = `document.querySelector('#verificacoes').getBoundingClientRect().top
      - document.querySelector('#conferencia .table-box').getBoundingClientRect().bottom`;
    expect(await page.evaluate<number>(gap)).toBeGreaterThanOrEqual(12);
  });

  it('compares what was announced, explains the difference, and puts it into the report', async () => {
    const page = await open();
    await page.getByText('Comparar com o que foi anunciado').click();
    await page.getByLabel('Total de votos').fill('três');
    await page.getByLabel('Total de votos').press('Enter');
    await page.getByRole('alert').filter({ hasText: 'Escreva votos, como 1.001.471' }).waitFor();
    expect(await page.evaluate('document.activeElement.id')).toBe('anuncio-total');
    await expectAccessible(page);
    await page.getByLabel('Total de votos').fill('4');
    await page.getByLabel('Íris Trovão').fill('66,67%');
    await page.getByRole('button', { name: 'Recontar e comparar' }).click();
    const outcome = page.locator('#verificacoes li[data-resultado="difere"]', { hasText: 'O que foi anunciado' });
    await outcome.filter({ hasText: 'total: 4 no ar, 3 na recontagem (1 a mais, 33,33%)' }).waitFor();
    await outcome.filter({ hasText: 'eventos em quarentena, que não puderam ser lidos' }).waitFor();
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Relatório para assinar' }).click(),
    ]);
    expect(readFileSync(await file.path(), 'utf8')).toContain('total: 4 no ar, 3 na recontagem (1 a mais, 33,33%)');
  });

  it('compares with an earlier report, and says what is no line of one', async () => {
    const page = await open();
    await recount(page);
    const commitment = await textOf(page, '#compromisso');
    await page.getByText('Comparar com o que foi anunciado').click();
    await page.getByLabel('Compromisso de um relatório anterior').fill(commitment.slice(0, 20));
    await page.getByRole('button', { name: 'Recontar e comparar' }).click();
    await page.locator('#veredito').filter({ hasText: 'Copie a linha inteira' }).waitFor();
    await page.getByLabel('Compromisso de um relatório anterior').fill(commitment);
    await page.getByRole('button', { name: 'Recontar e comparar' }).click();
    await page.getByText('Confere: O registro contém o que foi auditado antes').waitFor();
  });

  it('is worked with the keyboard alone, from the login on', async () => {
    const page = await newPage(server);
    await page.goto('/auditoria.html');
    await page.getByLabel('Usuário').focus();
    await page.keyboard.type('auditor');
    await page.keyboard.press('Tab');
    await page.keyboard.type(credentialsOf(server.dataDir)['auditor'] ?? '');
    await page.keyboard.press('Enter');
    await reached(page, 'main:focus');
    await reached(page, '#paredoes tr');
    const seen: string[] = [];
    while (seen.at(-1) !== 'conferir' && seen.length < 10) {
      await page.keyboard.press('Tab');
      seen.push(await page.evaluate<string>('document.activeElement.id'));
    }
    expect(seen.slice(-2)).toEqual(['paredao', 'conferir']);
    await page.keyboard.press('Enter');
    await reached(page, '#veredito[data-resultado]');
  });

  it('shows the bytes of a quarantined event as text, whatever they are', async () => {
    const page = await open();
    await page.locator('#quarentena-aviso').filter({ hasText: '1 evento não pôde ser lido.' }).waitFor();
    await page.locator('#quarentena summary').click();
    await page.locator('#quarentena pre').filter({ hasText: '<img src=x onerror=alert(1)>' }).waitFor();
    expect(await page.locator('#quarentena img').count()).toBe(0);
  });

  it('hands out files without a token in any address', async () => {
    const page = await open();
    const download = async (button: string): Promise<{ name: string; content: Buffer }> => {
      const [file] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: button }).click(),
      ]);
      return { name: file.suggestedFilename(), content: readFileSync(await file.path()) };
    };
    const whole = await download('Exportação (NDJSON');
    expect(whole.name).toBe('paredao-1.ndjson.gz');
    expect(gunzipSync(whole.content).toString()).toContain('"manifest"');
    const table = await download('Tabela para programas (CSV)');
    expect(table.name).toBe('paredao-1.csv');
    expect(table.content.toString().trim().split('\r\n')).toHaveLength(6);
    const spreadsheet = await download('Planilha (Excel, LibreOffice)');
    expect(spreadsheet.name).toBe('paredao-1-planilha.csv');
    expect(spreadsheet.content.toString()).toMatch(
      /^\ufeffRevisão;.*\r\n0;[^;]+;[^;]+;abertura da urna \(zerésima\);.*\r\n1;[^;]+;[^;]+;contado;1;/,
    );
    const report = await download('Relatório para assinar');
    expect(report.name).toBe('paredao-1-relatorio.html');
    expect(report.content.toString()).toContain('Auditor(a), local e data');
    await page.locator('#arquivos-aviso').filter({ hasText: 'O arquivo foi baixado' }).waitFor();
  });

  it('says why it cannot show anything, of when what it shows is, and when it tries again', async () => {
    const page = await open();
    await page.route('**/auditoria/estado', refusal(503, 'log-unavailable', { 'retry-after': '2' }));
    await page.getByRole('button', { name: 'Atualizar' }).click();
    await page.locator('#conexao').filter({ hasText: 'Não foi possível buscar os dados agora' }).waitFor();
    await page
      .locator('#conexao')
      .filter({ hasText: /Na tela está o que havia às \d\d:\d\d:\d\d\./ })
      .waitFor();
    await page
      .locator('#estado-conexao')
      .filter({ hasText: /^Nova tentativa em \d+ s$/ })
      .waitFor();
    await expectAccessible(page);
    await page.unroute('**/auditoria/estado');
    // nobody has to press anything
    await reached(page, '#conexao:empty', 10_000);
    await reached(page, '#estado-conexao:empty');
  });

  it('fits a small phone, and axe finds nothing', async () => {
    const page = await open({ viewport: SMALL_PHONE });
    await recount(page);
    await page.locator('#quarentena summary').click();
    await expectNoSideScroll(page);
    await expectAccessible(page);
  });
});
