import { beforeAll, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';

import { eventually } from '../support/eventually.ts';
import { Server } from '../support/server.ts';
import { AdminPage } from './support/admin-page.ts';
import { describeInBrowser, reached, textOf } from './support/browser.ts';
import { PanelPage } from './support/panel-page.ts';
import { refusal } from './support/voter-page.ts';

/** Counts the renewals that the service granted. */
function renewalsOf(page: Page): () => number {
  let count = 0;
  page.on('response', (response) => (count += Number(response.url().endsWith('/login/renovar') && response.ok())));
  return () => count;
}

describeInBrowser('a session', () => {
  let server: Server;

  beforeAll(async () => {
    server = await Server.start();
  });

  it('is renewed while somebody uses the page, and goes on for longer than a login is good', async () => {
    const panel = await PanelPage.blank(server);
    const renewals = renewalsOf(panel.page);
    await panel.page.clock.install();
    await panel.load();
    await panel.login();
    await panel.is('live');
    await panel.page.clock.fastForward('07:55:30');
    expect(renewals()).toBe(0);
    expect(await textOf(panel.page, '#sessao')).toBe('A sua sessão termina em 5 min. Toque na página para continuar.');
    await panel.page.keyboard.press('Tab');
    await eventually(renewals, (count) => count === 1);
    await reached(panel.page, '#sessao:empty');
    await panel.page.clock.fastForward('00:30:00');
    await panel.is('live');
  });

  it('is as old as it is, also on a page that has just been loaded: whoever uses it goes on', async () => {
    const panel = await PanelPage.blank(server);
    const renewals = renewalsOf(panel.page);
    await panel.load();
    await panel.login();
    await panel.is('live');
    // as it stands after seven hours and a half
    await panel.page.evaluate(`(() => {
      const session = JSON.parse(sessionStorage.getItem('paredao.sessao'));
      const [since, expiresAt] = [session.since - 27_000_000, Date.now() + 240_000];
      sessionStorage.setItem('paredao.sessao', JSON.stringify({ ...session, since, expiresAt }));
    })()`);
    await panel.page.reload();
    await panel.is('live');
    await panel.page.waitForTimeout(1000);
    expect(renewals()).toBe(0);
    await panel.page.keyboard.press('Tab');
    await eventually(renewals, (count) => count === 1);
    await reached(panel.page, '#sessao:empty');
  });

  it('that cannot be renewed any more says so before its end', async () => {
    const panel = await PanelPage.blank(server);
    await panel.page.clock.install();
    await panel.page.route('**/login/renovar', refusal(401, 'unauthenticated'));
    await panel.load();
    await panel.login();
    await panel.is('live');
    await panel.page.clock.fastForward('07:58:30');
    await panel.page.keyboard.press('Tab');
    await reached(panel.page, '#sessao:text-is("A sua sessão termina em 2 min. Depois, entre de novo.")');
  });

  it('that nobody uses ends, and what was typed waits for whoever typed it', async () => {
    const admin = await AdminPage.blank(server);
    await admin.page.clock.install();
    await admin.page.reload();
    await admin.login();
    const form = admin.page.locator('#novo');
    await form.getByLabel('Título').fill('Quem volta?');
    const name = admin.page.locator('article').first().getByRole('textbox').first();
    await name.fill('Ana Auroras');
    await admin.page.clock.fastForward('08:01:00');
    await reached(admin.page, 'body[data-view="login"]');
    await admin.page.getByRole('alert').filter({ hasText: 'A sua sessão terminou' }).waitFor();
    expect(await admin.page.evaluate('document.activeElement.id')).toBe('usuario');
    await admin.login();
    await reached(admin.page, 'body[data-view="admin"]');
    expect(await form.getByLabel('Título').inputValue()).toBe('Quem volta?');
    expect(await name.inputValue()).toBe('Ana Auroras');
  });
});
