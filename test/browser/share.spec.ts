import { beforeAll, expect, it } from '@jest/globals';

import { Server } from '../support/server.ts';
import { describeInBrowser, newPage, reached, textOf } from './support/browser.ts';
import { VoterPage } from './support/voter-page.ts';

const FIRST = 'Aurora Estrela';
/** What a page is given in place of what its device has for sharing. */
const NATIVE = `navigator.share = async (shared) => { window.shared = shared; };`;
const CLIPBOARD = `
  delete Navigator.prototype.share;
  Object.defineProperty(navigator, 'clipboard', { value: { writeText: async (text) => { window.copied = text; } } });`;
/** Without HTTPS. */
const NO_CLIPBOARD = `
  delete Navigator.prototype.share;
  Object.defineProperty(navigator, 'clipboard', { value: undefined });
  document.addEventListener('copy', () => { window.copied = document.activeElement.value; });`;

describeInBrowser('who has voted', () => {
  let server: Server;

  beforeAll(async () => {
    server = await Server.start();
  });

  async function voted(preparation: string): Promise<VoterPage> {
    const voter = await VoterPage.blank(server);
    await voter.page.addInitScript(preparation);
    await voter.load('vote');
    await voter.vote(FIRST);
    await voter.sees('voted');
    return voter;
  }

  it('may tell others by what the device has for it: whom the vote was for, and no more', async () => {
    const { page } = await voted(NATIVE);
    await page.getByRole('button', { name: 'Compartilhar' }).click();

    expect(await page.evaluate('window.shared')).toEqual({
      text: `Votei para ${FIRST} ficar em “Quem fica na Casa de Vidro?”. Vote também:`,
      url: `http://127.0.0.1:${String(server.port)}/?paredao=1`,
    });
  });

  it.each([
    ['with HTTPS', CLIPBOARD],
    ['without HTTPS', NO_CLIPBOARD],
  ])('copies it elsewhere: %s', async (_, preparation) => {
    const { page } = await voted(preparation);
    await page.getByRole('button', { name: 'Compartilhar' }).click();

    await page.getByRole('button', { name: 'Copiado' }).waitFor();
    expect(await page.evaluate<string>('window.copied')).toMatch(/^Votei para .* Vote também: http:.*\/\?paredao=1$/);
    expect(await page.evaluate('document.activeElement.id')).toBe('compartilhar');
  });

  it('sees how many votes that makes on this device, also after a reload', async () => {
    const voter = await voted('');
    expect(await textOf(voter.page, '#meus-votos')).toBe('Seu primeiro voto neste aparelho');
    await voter.page.reload();
    await voter.vote(FIRST);
    await voter.sees('voted');

    expect(await textOf(voter.page, '#meus-votos')).toBe('2 votos seus neste aparelho');
    expect(voter.votes.map(({ body }) => body).join()).not.toMatch(/aparelho|votos/);
  });

  it('may share the result with its numbers, where everybody sees them', async () => {
    const page = await newPage(server);
    await page.addInitScript(NATIVE);
    await page.goto('/resultado.html');
    await reached(page, '#compartilhar:not([hidden])');
    await page.getByRole('button', { name: 'Compartilhar' }).click();

    expect(await page.evaluate('window.shared')).toMatchObject({
      text: expect.stringMatching(/^“Quem fica na Casa de Vidro\?”\. .*%/),
      url: expect.stringMatching(/\/resultado\.html\?paredao=1$/),
    });
  });
});
