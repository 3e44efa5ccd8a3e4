import { beforeAll, describe, expect, it } from '@jest/globals';
import type { BrowserContextOptions, Page } from 'playwright-core';

import type { Client } from '../support/client.ts';
import { Server } from '../support/server.ts';
import {
  CONTROL_ROOM,
  SMALL_LAPTOP,
  SMALL_PHONE,
  describeInBrowser,
  expectNoSideScroll,
  expectOnScreen,
  newPage,
  reached,
  textOf,
} from './support/browser.ts';
import { refusal, sharesOf } from './support/voter-page.ts';

/** The server may need a while to come back, and the page to notice. */
const RESTART_LIMIT_MS = 30_000;
/** Longer than the page waits between two looks, ms. */
const PAUSE_MS = 4000;
/** Pages that lose the service in the same moment, and the least between the first and the last that asks for it, ms. */
const PAGES = 10;
const SPREAD_MS = 1000;

describeInBrowser('the live result', () => {
  let server: Server;
  let client: Client;

  beforeAll(async () => {
    server = await Server.start();
    client = server.client();
  });

  async function openResult(options?: BrowserContextOptions): Promise<Page> {
    const page = await newPage(server, options);
    await page.goto('/resultado.html');
    await reached(page, 'main[data-view="result"]');
    return page;
  }

  const connected = (page: Page, how: 'stream' | 'polling' | 'lost', timeout?: number): Promise<void> =>
    reached(page, `body[data-conexao="${how}"]`, timeout);

  const says = (page: Page, verdict: string): Promise<void> => reached(page, `#veredito:text-is("${verdict}")`);

  it('goes from nothing to a lead to a tie, as votes of others come in', async () => {
    const page = await openResult();
    await connected(page, 'stream');
    await says(page, 'Nenhum voto contado ainda');
    await reached(page, '#placar[data-kind="empty"]');
    expect(await sharesOf(page)).toEqual([0, 0]);

    await client.cast(2);
    await says(page, 'Íris Trovão tem mais votos para ficar');
    expect(await sharesOf(page)).toEqual([0, 10_000]);

    await client.cast(1);
    await says(page, 'Empate até agora');
    await reached(page, '#placar[data-kind="tie"][data-leader="0"]');
    expect(await sharesOf(page)).toEqual([5000, 5000]);
  });

  it('has shares of two decimals that add up to 100', async () => {
    await client.cast(1);
    const page = await openResult();
    await reached(page, '[data-percentual="1"]:has-text("66,67")');
    const [first, second] = await sharesOf(page);
    expect([first, second]).toEqual([6667, 3333]);
    expect(await textOf(page, '[data-percentual="2"]')).toBe('33,33%');
  });

  it.each([
    ['a phone', SMALL_PHONE],
    ['a small laptop', SMALL_LAPTOP],
    ['a control room', CONTROL_ROOM],
  ])('fits the screen of %s', async (_, viewport) => {
    const page = await openResult({ viewport });
    await expectOnScreen(page, '#titulo', '#veredito', '[data-percentual]', '.share-bar', '#atualizado');
    await expectNoSideScroll(page);
  });

  it('says that it lost the service, keeps the last numbers, and recovers', async () => {
    const page = await openResult();
    await connected(page, 'stream');
    await server.kill();
    await connected(page, 'lost');
    expect(await textOf(page, '#conexao')).toMatch(/^Sem contato com a apuração\. Estes são os últimos números/);
    expect(await sharesOf(page)).toEqual([6667, 3333]);

    server = await Server.start({ dataDir: server.dataDir, port: server.port });
    client = server.client();
    await connected(page, 'stream', RESTART_LIMIT_MS);
    expect(await textOf(page, '#conexao')).toBe('');
    await client.cast(1);
    await reached(page, '[data-percentual="1"]:has-text("75,00")');
  });

  it('does not ask for the result in the same moment as all others who lost the service', async () => {
    const pages = await Promise.all(Array.from({ length: PAGES }, () => openResult()));
    await Promise.all(pages.map((page) => connected(page, 'stream')));
    const asked = pages.map(
      (page) =>
        new Promise<number>((resolve) => {
          page.on('request', (request) => {
            if (request.url().endsWith('/resultado')) resolve(performance.now());
          });
        }),
    );
    await server.kill();
    const times = await Promise.all(asked);
    server = await Server.start({ dataDir: server.dataDir, port: server.port });
    client = server.client();

    expect(Math.max(...times) - Math.min(...times)).toBeGreaterThan(SPREAD_MS);
    await Promise.all(pages.map((page) => page.close()));
  });

  describe('before the first poll', () => {
    it('has an empty stage, and the result as soon as there is one', async () => {
      const page = await newPage(server);
      await page.clock.install();
      await page.route('**/resultado/aovivo', (route) => route.abort());
      await page.route('**/resultado', refusal(404, 'poll-not-found'), { times: 1 });
      await page.goto('/resultado.html');
      await reached(page, 'main[data-view="none"]');
      expect(await textOf(page, '#titulo')).toBe('Nenhum paredão no ar');
      await page.clock.fastForward(PAUSE_MS);
      await reached(page, 'main[data-view="result"]');
    });
  });
});

describeInBrowser('the live result without a stream', () => {
  let server: Server;

  beforeAll(async () => {
    server = await Server.start({ env: { STREAM_LIMIT: '0' } });
  });

  it('looks now and then, until the device is offline, and again after that', async () => {
    const page = await newPage(server);
    await page.clock.install();
    await page.goto('/resultado.html');
    await reached(page, 'body[data-conexao="polling"]');
    await server.client().cast(1);
    await page.clock.fastForward(PAUSE_MS);
    await reached(page, '#veredito:text-is("Aurora Estrela tem mais votos para ficar")');
    expect(await textOf(page, '#conexao')).toBe('');

    await page.context().setOffline(true);
    await page.clock.fastForward(PAUSE_MS);
    await reached(page, 'body[data-conexao="lost"]');
    expect(await textOf(page, '#conexao')).toMatch(/^Você está sem internet/);
    await page.context().setOffline(false);
    await page.clock.fastForward(PAUSE_MS);
    await reached(page, 'body[data-conexao="polling"]');
  });
});
