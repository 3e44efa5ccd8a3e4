import { beforeAll, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';

import { eventually } from '../support/eventually.ts';
import { Server } from '../support/server.ts';
import { describeInBrowser, newPage } from './support/browser.ts';

/** A sheet of A4 less its margins, px of 96 to the inch. */
const SHEET = { width: 688, height: 998 };
const NAMES = Array.from(
  { length: 10 },
  (_, index) =>
    `${['Maria Aparecida do', 'Wolfeschlegelsteinhausenbergerdorff'][index % 2]!} Nascimento ${String(index)}`,
);

/** What sticks out of the sheet, and cells in which something is cut off. */
const CUT = `[...document.querySelectorAll('body *')].filter((element) => {
  const { left, right } = element.getBoundingClientRect();
  return right > innerWidth + 1 || left < -1 || (element.matches('th, td') && element.scrollWidth > element.clientWidth + 1);
}).map((element) => element.outerHTML.slice(0, 100))`;

/** The values of a style, of all elements that match. */
const styles = (page: Page, selector: string, style: string): Promise<string[]> =>
  page.evaluate(
    `[...new Set([...document.querySelectorAll('${selector}')].map((element) => getComputedStyle(element)['${style}']))]`,
  );

describeInBrowser('the report on paper', () => {
  let server: Server;
  let page: Page;

  beforeAll(async () => {
    server = await Server.start();
    const client = server.client();
    await client.admin('POST', '/paredoes/1/encerrar');
    const poll = {
      titulo:
        'Quem deve deixar a casa mais vigiada do Brasil nesta terça-feira, depois da prova do líder mais longa que já houve?',
      ...{
        finalidade: 'eliminar',
        divulgacao: 'sempre',
        regulamento: 'Cada pessoa vota quantas vezes quiser.\n'.repeat(20),
      },
      participantes: NAMES.map((nome) => ({ nome })),
    };
    await eventually(
      () => client.admin('POST', '/paredoes', poll),
      ({ status }) => status === 201,
    );
    await eventually(
      () => client.get('/desafio'),
      ({ json }) => String(json?.cedula).startsWith('2-'),
    );
    for (const participant of [1, 10]) await client.cast(participant);
  });

  it('fits A4: nothing is cut, rows stay whole, heads come again, every name stands above its numbers', async () => {
    const client = server.client();
    const { text } = await client.get('/auditoria/relatorio?paredao=2', client.basic('auditor'));
    page = await newPage(server, { viewport: SHEET });
    await page.setContent(text);
    await page.emulateMedia({ media: 'print' });
    expect(await page.evaluate(CUT)).toEqual([]);
    expect(await styles(page, 'tr', 'breakInside')).toEqual(['avoid']);
    expect(await styles(page, 'thead', 'display')).toEqual(['table-header-group']);
    const heads = await page.locator('.hours thead th').allInnerTexts();
    expect(heads.filter((head) => /^\d/.test(head))).toEqual(
      NAMES.map((name, index) => `${String(index + 1)} ${name}`),
    );
    const sizes = await styles(page, 'body *', 'fontSize');
    expect(Math.min(...sizes.map(parseFloat))).toBeGreaterThan(10);
  });

  it('is portrait, and every sheet says to which report it belongs', async () => {
    const client = server.client();
    const { text } = await client.get('/auditoria/relatorio?paredao=2', client.basic('auditor'));
    expect(text).toMatch(/@bottom-left \{ content: "Paredão 2 · compromisso v2-[0-9a-f]{19}…"/);
    const blank = await newPage(server);
    await blank.setContent(text);
    const pdf = (await blank.pdf({ preferCSSPageSize: true })).toString('latin1');
    const boxes = [...pdf.matchAll(/\/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]/g)];
    expect(boxes.length).toBeGreaterThan(1);
    for (const [, width, height] of boxes)
      expect([Math.round(Number(width)), Math.round(Number(height))]).toEqual([595, 842]);
  });
});
