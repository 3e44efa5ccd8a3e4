import { beforeAll, describe, expect, it } from '@jest/globals';

import { StalledLog } from '../../bench/lib/stalled-log.ts';
import { Server } from '../support/server.ts';
import { expectAccessible } from './support/accessible.ts';
import { describeInBrowser, newPage, reached } from './support/browser.ts';
import { AdminPage } from './support/admin-page.ts';
import { PanelPage } from './support/panel-page.ts';
import { SrePage } from './support/sre-page.ts';
import { StagePage } from './support/stage-page.ts';
import { VoterPage, refusal, voteFor } from './support/voter-page.ts';

const SECOND = 'Íris Trovão';
const BUSY = refusal(503, 'queue-full', { 'retry-after': '60' });
const NO_POLL = refusal(404, 'poll-not-found');

/** How thick a line shows where the focus is: around the element, or around the card that it stands for. Null for nowhere. */
const FOCUS_LINE = `(() => {
  const focused = document.activeElement;
  if (focused === document.body) return null;
  const lines = [focused, focused.parentElement.querySelector('.card-ring')].filter((element) => element !== null);
  const thick = lines.map((element) => getComputedStyle(element))
    .map(({ outlineStyle, outlineWidth }) => (outlineStyle === 'none' ? 0 : parseFloat(outlineWidth)));
  return { what: focused.id || focused.className || focused.tagName, thick: Math.max(...thick) };
})()`;

describeInBrowser('axe finds nothing', () => {
  let server: Server;

  beforeAll(async () => {
    server = await Server.start();
    const client = server.client();
    for (const participant of [1, 2, 2]) await client.cast(participant);
  });

  describe('on the page of the voter', () => {
    it('before and after a vote', async () => {
      const voter = await VoterPage.open(server);
      await expectAccessible(voter.page);
      await voter.choose(SECOND);
      await expectAccessible(voter.page);
      await voter.press(voteFor(SECOND));
      await voter.hears('A parcial já inclui o seu voto');
      await expectAccessible(voter.page);
    });

    it('while a vote waits, offline, and after it failed', async () => {
      const voter = await VoterPage.open(server);
      const invalid = refusal(403, 'human-check-invalid');
      await voter.intercept('**/votar/*', invalid, invalid, BUSY);
      await voter.vote(SECOND);
      await voter.hears('Este voto não foi aceito');
      await expectAccessible(voter.page);
      await voter.press('Tentar de novo');
      await voter.isIn('waiting');
      await expectAccessible(voter.page);
    });

    it('offline', async () => {
      const voter = await VoterPage.open(server);
      await voter.page.context().setOffline(true);
      await voter.vote(SECOND);
      await voter.isIn('offline');
      await expectAccessible(voter.page);
    });

    it('without a poll', async () => {
      const voter = await VoterPage.blank(server);
      await voter.page.route('**/paredao', NO_POLL);
      await voter.load('notice');
      await expectAccessible(voter.page);
    });

    it('after the end', async () => {
      const voter = await VoterPage.open(server);
      await voter.intercept('**/votar/*', refusal(409, 'poll-not-open'));
      await voter.vote(SECOND);
      await voter.hears('Votação encerrada');
      await expectAccessible(voter.page);
    });
  });

  describe('on the result', () => {
    it('live', async () => {
      const page = await newPage(server);
      await page.goto('/resultado.html');
      await reached(page, 'body[data-conexao="stream"]');
      await expectAccessible(page);
    });

    it('without a poll, or without the service', async () => {
      const page = await newPage(server);
      await page.route('**/resultado/aovivo', (route) => route.abort());
      await page.route('**/resultado', NO_POLL);
      await page.goto('/resultado.html');
      await reached(page, 'main[data-view="none"]');
      await expectAccessible(page);
      await page.route('**/resultado', (route) => route.abort());
      await page.reload();
      await reached(page, 'body[data-conexao="lost"]');
      await expectAccessible(page);
    });
  });

  describe('on the panel', () => {
    it('before the login', async () => {
      const panel = await PanelPage.blank(server);
      await panel.load();
      await expectAccessible(panel.page);
      await panel.login('producao', 'não é esta');
      await panel.asksForLogin('Usuário ou senha não conferem');
      await expectAccessible(panel.page);
    });

    it('live, and without a connection', async () => {
      const panel = await PanelPage.alone(server, { viewport: { width: 1280, height: 800 } });
      await panel.load();
      await panel.login();
      await panel.is('live');
      await expectAccessible(panel.page);
      await panel.page.route('**/total/aovivo', BUSY);
      await panel.page.reload();
      await panel.is('lost');
      await expectAccessible(panel.page);
    });
  });

  it('on the stage, before the login', async () => {
    const stage = await StagePage.blank(server);
    await stage.load();
    await expectAccessible(stage.page);
  });

  describe('on the operations page', () => {
    it('live, with an event open, and without a connection', async () => {
      const sre = await SrePage.open(server, { viewport: { width: 1280, height: 800 } });
      await sre.showsEvent('info', 'requests in the last second');
      await sre.page.locator('#linhas-eventos summary').first().click();
      await sre.toggle('Debug');
      const voter = server.client();
      const solved = await voter.solved();
      const stalled = new StalledLog(server.dataDir);
      // stored in the end, or given up, where looking at the page takes longer than a vote waits
      const vote = voter.vote(1, solved);
      await sre.fires('VotesStandStill');
      await sre.page.locator('#alertas summary').first().click();
      await sre.walk('Pedidos e votos', 'ArrowLeft');
      await expectAccessible(sre.page);
      stalled.release();
      await vote;
      await sre.page.route('**/sre/aovivo', BUSY);
      await sre.page.reload();
      await sre.is('lost');
      await expectAccessible(sre.page);
    });
  });
});

describeInBrowser('axe finds nothing on the administration', () => {
  let server: Server;

  beforeAll(async () => {
    server = await Server.start();
    const poll = { titulo: 'Quem fica?', participantes: [{ nome: 'Ana' }, { nome: 'Bento' }], rascunho: true };
    expect((await server.client().admin('POST', '/paredoes', poll)).status).toBe(201);
  });

  it('before the login, at work, refused, and while it asks', async () => {
    const admin = await AdminPage.blank(server);
    await expectAccessible(admin.page);
    await admin.login();
    await admin.card('Quem fica?').waitFor();
    await admin.create('', ['', ''], 'Guardar rascunho');
    await admin.says(admin.page.locator('#novo .feedback'), 'formato');
    await expectAccessible(admin.page);
    await admin.page.getByRole('button', { name: 'Encerrar a votação' }).click();
    await admin.says(admin.dialog, 'Encerrar a votação?');
    await expectAccessible(admin.page);
  });

  it('nor on the page of a voter who waits', async () => {
    const voter = await VoterPage.blank(server);
    const abre_em = new Date(Date.now() + 3_600_000).toISOString();
    await voter.page.route('**/paredao', async (route) => {
      const response = await route.fetch();
      const json = (await response.json()) as object;
      await route.fulfill({ response, json: { ...json, estado: 'agendado', abre_em, aberto_em: null } });
    });
    await voter.load('soon');
    await expectAccessible(voter.page);
  });
});

describeInBrowser('nobody is left out', () => {
  let server: Server;

  beforeAll(async () => {
    server = await Server.start();
  });

  it('nothing moves for those who do not want it to', async () => {
    const running = '[...document.getAnimations()].filter(({ playState }) => playState === "running").length';
    const voter = await VoterPage.open(server, { reducedMotion: 'reduce' });
    await voter.choose(SECOND);
    expect(await voter.page.evaluate(running)).toBe(0);
    await voter.press(voteFor(SECOND));
    await voter.sees('voted');
    expect(await voter.page.evaluate(running)).toBe(0);
    const panel = await PanelPage.open(server, { reducedMotion: 'reduce' });
    expect(await panel.page.evaluate(running)).toBe(0);
  });

  it.each(['dark', 'light'] as const)('the focus can be seen wherever it goes: %s', async (colorScheme) => {
    const voter = await VoterPage.open(server, { colorScheme });
    const panel = await PanelPage.open(server, { colorScheme });
    const admin = await AdminPage.open(server, { colorScheme });
    for (const { page } of [voter, panel, admin]) {
      const seen: unknown[] = [];
      // once around, until the focus leaves the page
      do {
        await page.keyboard.press('Tab');
        seen.push(await page.evaluate(FOCUS_LINE));
      } while (seen.at(-1) !== null);
      expect(seen.length).toBeGreaterThan(3);
      expect(seen.slice(0, -1)).toEqual(seen.slice(1).map(() => ({ what: expect.any(String), thick: 3 })));
    }
  });
});
