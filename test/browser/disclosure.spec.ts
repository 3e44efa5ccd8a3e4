import { beforeAll, describe, expect, it } from '@jest/globals';
import { join } from 'node:path';
import type { Page } from 'playwright-core';

import type { Client } from '../support/client.ts';
import { eventually } from '../support/eventually.ts';
import { Server } from '../support/server.ts';
import { proclaimed } from '../support/sign-off.ts';
import { expectAccessible } from './support/accessible.ts';
import { describeInBrowser, expectNoSideScroll, newPage, reached, textOf } from './support/browser.ts';
import { PanelPage } from './support/panel-page.ts';
import { VoterPage } from './support/voter-page.ts';

const PHONE = { width: 390, height: 844 };
/** A poll is cut 16 s after its closing. */
const CUT_LIMIT_MS = 30_000;
/** A cue is on every page that has a stream within this, ms. */
const CUE_LIMIT_MS = 2000;

/** What each policy says before a vote, on the voter's page and on the result. */
const SAYS = {
  'depois-do-voto': 'Vote para ver a parcial',
  'no-fim': 'O resultado sai depois do encerramento',
  'sob-comando': 'A parcial aparece quando o programa mostrar',
} as const;

describeInBrowser('what the public sees, and when', () => {
  let server: Server;
  let client: Client;
  let pollId: string;

  beforeAll(async () => {
    server = await Server.start();
    client = server.client();
    await client.admin('POST', '/paredoes/1/encerrar');
  });

  const picture = (page: Page, name: string): Promise<unknown> =>
    process.env['PICTURES'] === undefined
      ? Promise.resolve()
      : page.screenshot({ path: join(process.env['PICTURES'], `${name}.png`) });

  async function open(divulgacao: string): Promise<void> {
    const participantes = [{ nome: 'Ana Aurora' }, { nome: 'Bento Brisa' }];
    const poll = { titulo: 'Quem sai da casa?', finalidade: 'eliminar', participantes, divulgacao };
    const { status, json } = await client.admin('POST', '/paredoes', poll);
    expect(status).toBe(201);
    pollId = json.id as string;
    for (const choice of [1, 1, 2]) await client.cast(choice);
    await eventually(
      async () => (await client.get('/resultado')).json.paredao as string,
      (id) => id === pollId,
    );
  }

  async function openResult(): Promise<Page> {
    const page = await newPage(server, { viewport: PHONE });
    await page.goto('/resultado.html');
    await reached(page, 'main[data-view="result"]');
    return page;
  }

  const isHeld = (page: Page): Promise<void> => reached(page, '#placar[data-kind="held"]');
  /** Not a number that somebody could read, nor a bar that somebody could measure. */
  async function expectNothingToRead(page: Page): Promise<void> {
    expect(await page.locator('#placar').innerText()).not.toMatch(/\d\s*,?\d*\s*%|Mais votos/);
    expect(await page.locator('.share-bar:visible, .side-bar:visible, .side-share:visible').count()).toBe(0);
    const styles = await page.locator('#placar [style*="--share"]').all();
    const shares = await Promise.all(styles.map((bar) => bar.getAttribute('style')));
    for (const share of shares) expect(share).toMatch(/--share: ?0;/);
  }

  describe.each(['depois-do-voto', 'no-fim', 'sob-comando'] as const)('%s', (policy) => {
    beforeAll(() => open(policy));

    it('says before a vote why there is nothing to see yet', async () => {
      const [voter, result] = [await VoterPage.open(server, { viewport: PHONE }), await openResult()];
      expect(await textOf(voter.page, '#divulgacao')).toBe(`${SAYS[policy]}.`);
      expect(await textOf(result, '#veredito')).toBe(SAYS[policy]);
      await isHeld(result);
      await expectNothingToRead(result);
      expect(await result.getByRole('link', { name: 'Votar agora' }).isVisible()).toBe(policy === 'depois-do-voto');
      for (const page of [voter.page, result]) await expectAccessible(page);
      for (const page of [voter.page, result]) await expectNoSideScroll(page);
      await picture(voter.page, `${policy}-before`);
      await picture(result, `${policy}-result`);
    });

    if (policy === 'depois-do-voto') {
      it('shows the shares after the vote, also on the result and after a reload', async () => {
        const [voter, result] = [await VoterPage.open(server, { viewport: PHONE }), await openResult()];
        await isHeld(result);
        await voter.vote('Bento Brisa');
        await voter.hears('A parcial já inclui o seu voto');
        expect(await voter.shares()).toEqual([5000, 5000]);
        await picture(voter.page, `${policy}-after`);
        const own = await voter.page.context().newPage();
        await own.goto('/resultado.html');
        await reached(own, '#placar[data-kind="tie"]');
        await own.reload();
        await reached(own, '#placar[data-kind="tie"]');
        await voter.page.reload();
        await voter.sees('vote');
        expect(await textOf(voter.page, '#divulgacao')).toContain('Você já votou');
        // whoever has not voted still sees nothing
        await isHeld(result);
      });

      it('goes on where the browser stores nothing', async () => {
        const private_ = await VoterPage.blank(server, { viewport: PHONE });
        await private_.page.addInitScript(() => {
          Object.defineProperty(globalThis, 'localStorage', {
            get: () => {
              throw new DOMException('blocked', 'SecurityError');
            },
          });
        });
        await private_.load('vote');
        await private_.vote('Bento Brisa');
        await private_.hears('A parcial já inclui o seu voto');
      });
    } else {
      it('says after the vote that it counts, and no more', async () => {
        const voter = await VoterPage.open(server, { viewport: PHONE });
        await voter.vote('Bento Brisa');
        await voter.hears('já está na conta');
        await isHeld(voter.page);
        expect(await textOf(voter.page, '#parcial-titulo')).toBe(SAYS[policy]);
        await expectNothingToRead(voter.page);
        await expectAccessible(voter.page);
        await picture(voter.page, `${policy}-after`);
      });
    }

    if (policy === 'sob-comando') {
      it('shows and hides the shares when production says so, in time', async () => {
        const result = await openResult();
        const panel = await PanelPage.open(server);
        await panel.page.getByText('O público não vê a parcial.').waitFor();
        await panel.page.getByRole('button', { name: 'Mostrar a parcial' }).click();
        await reached(result, '#placar:not([data-kind="held"])', CUE_LIMIT_MS);
        await picture(panel.page, `${policy}-panel`);
        await panel.page.getByRole('button', { name: 'Ocultar a parcial' }).click();
        await reached(result, '#placar[data-kind="held"]', CUE_LIMIT_MS);
        await expectNothingToRead(result);
      });
    }

    it('says after the end that the result will be announced, and shows it when it is proclaimed', async () => {
      const [voter, result] = [await VoterPage.open(server, { viewport: PHONE }), await openResult()];
      await voter.vote('Ana Aurora');
      await voter.sees('voted');
      await client.admin('POST', `/paredoes/${pollId}/encerrar`);
      await voter.sees('ended', CUT_LIMIT_MS);
      await reached(result, '#veredito:has-text("O resultado será anunciado ao vivo")', CUT_LIMIT_MS);
      await isHeld(voter.page);
      for (const page of [voter.page, result]) await expectNothingToRead(page);
      expect(await textOf(result, '#selo')).toMatch(/^encerrado$/i);
      await picture(voter.page, `${policy}-ended`);
      await picture(result, `${policy}-held-final`);
      await proclaimed(client, pollId);
      await reached(result, '#placar:not([data-kind="held"])', CUT_LIMIT_MS);
      await reached(voter.page, '#placar:not([data-kind="held"])', CUT_LIMIT_MS);
      await picture(result, `${policy}-final`);
    }, 90_000);
  });
});
