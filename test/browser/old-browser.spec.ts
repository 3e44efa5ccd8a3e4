import { beforeAll, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';

import { Server } from '../support/server.ts';
import { describeInBrowser, reached } from './support/browser.ts';
import { PanelPage } from './support/panel-page.ts';
import { VoterPage } from './support/voter-page.ts';

const WHOLE = ':root[data-script="on"]';

/** Takes away what came after Safari 15.0, as far as a page could ask for it. Its style sheets cannot be tried in another browser. */
const OF_2021 = `
  delete AbortSignal.timeout;
  delete AbortSignal.any;
  for (const name of ['at', 'toSorted', 'toReversed', 'toSpliced', 'with', 'findLast', 'findLastIndex'])
    delete Array.prototype[name];
  for (const name of ['at', 'isWellFormed', 'toWellFormed']) delete String.prototype[name];
  for (const name of ['hasOwn', 'groupBy']) delete Object[name];
  delete Promise.withResolvers;
  for (const name of ['canParse', 'parse']) delete URL[name];
  delete Crypto.prototype.randomUUID;
  delete Element.prototype.checkVisibility;
  delete Object.getPrototypeOf(document.createElement('dialog')).showModal;
  for (const name of ['HTMLDialogElement', 'structuredClone', 'BroadcastChannel', 'SharedWorker', 'CompressionStream'])
    delete window[name];`;

const OLD = 'este navegador é antigo demais';

describeInBrowser('a browser as old as Safari 15', () => {
  let server: Server;

  beforeAll(async () => {
    server = await Server.start();
  });

  const faultsOf = (page: Page): string[] => {
    const faults: string[] = [];
    page.on('pageerror', (error) => faults.push(error.message));
    return faults;
  };

  it('votes, reads the rules, and shows the receipt and the result', async () => {
    const voter = await VoterPage.blank(server);
    const faults = faultsOf(voter.page);
    await voter.page.addInitScript(OF_2021);
    await voter.page.route('**/paredao', async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, json: { ...((await response.json()) as object), tem_regulamento: true } });
    });
    const rules = { paredao: '1', titulo: '', regulamento: 'Cada voto conta.' };
    await voter.page.route('**/paredao/regulamento*', (route) => route.fulfill({ json: rules }));
    await voter.load('vote');
    await reached(voter.page, WHOLE);
    await voter.press('Regulamento');
    await voter.page.getByText('Cada voto conta.').waitFor();
    await voter.press('Fechar');
    await voter.page.getByText('Cada voto conta.').waitFor({ state: 'hidden' });
    await voter.vote('Aurora Estrela');
    await voter.hears('A parcial já inclui o seu voto');
    for (const [path, sign] of [
      ['/resultado.html', 'body[data-conexao="stream"]'],
      ['/recibo.html', '.kept li'],
    ] as const) {
      await voter.page.goto(path);
      await reached(voter.page, WHOLE);
      await reached(voter.page, sign);
    }
    await voter.page.getByRole('button', { name: 'Apagar todos' }).click();
    await voter.page.locator('#confirmacao[open]').waitFor();
    expect(faults).toEqual([]);
  });

  it('is told so where the page did not come whole, and on pages for the staff', async () => {
    const voter = await VoterPage.blank(server);
    await voter.page.route('**/assets/*.js', (route) => route.abort());
    await voter.page.goto('/');
    const panel = await PanelPage.blank(server);
    await panel.page.addInitScript('delete Array.prototype.toSorted;');
    await panel.load();
    for (const page of [voter.page, panel.page]) await page.getByText(OLD).waitFor();
  });
});
