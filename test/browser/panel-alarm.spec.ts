import { beforeAll, expect, it } from '@jest/globals';

import type { Client } from '../support/client.ts';
import { eventually } from '../support/eventually.ts';
import { Server } from '../support/server.ts';
import { expectAccessible } from './support/accessible.ts';
import { SMALL_LAPTOP, describeInBrowser, reached, textOf } from './support/browser.ts';
import { PanelPage } from './support/panel-page.ts';
import { ToldPanel, countTones } from './support/panel-states.ts';
import { refusal } from './support/voter-page.ts';

describeInBrowser("the panel's alarm", () => {
  let server: Server;
  let client: Client;

  beforeAll(async () => {
    server = await Server.start();
    client = server.client();
  });

  const STALE = { idade_segundos: 23 };

  it('says so to everybody, and is accessible', async () => {
    const total = await client.total();
    const told = await ToldPanel.open(server, { ...total, ...STALE }, { viewport: SMALL_LAPTOP });
    const { page } = told.panel;
    await told.panel.load();
    await told.panel.login();
    await reached(page, 'body[data-alarme="loud"]');
    expect(await textOf(page, '#alarme')).toMatch(/^▲? ?Números parados há 2\d s$/);
    await page.getByRole('alert').filter({ hasText: 'Os números do painel pararam.' }).waitFor();
    await expectAccessible(page);
    await told.tell(total);
    await reached(page, 'body[data-alarme="fresh"]');
    expect(await page.locator('#alarme').innerText()).toBe('');
  });

  it('says so, and sounds, also where no number ever came', async () => {
    const panel = await PanelPage.alone(server);
    await panel.page.addInitScript("localStorage.setItem('paredao.painel.som', 'ligado')");
    await countTones(panel.page);
    await panel.page.clock.install();
    await panel.page.route(/\/total/, refusal(503, 'read-model-unavailable'));
    await panel.load();
    await panel.login();
    await panel.is('lost');
    await panel.page.clock.runFor(15_000);
    await reached(panel.page, 'body[data-alarme="loud"]');
    expect(await textOf(panel.page, '#alarme')).toMatch(/^▲? ?Ainda sem números, há 1\d s$/);
    await eventually(
      () => panel.page.evaluate<number>('window.tones'),
      (count) => count > 0,
    );
  });

  it('sounds where somebody has switched that on, until somebody silences it, and remembers the switch', async () => {
    const told = await ToldPanel.open(server, { ...(await client.total()), ...STALE });
    const { page } = told.panel;
    await countTones(page);
    await told.panel.load();
    await told.panel.login();
    await reached(page, 'body[data-alarme="loud"]');
    await page.clock.runFor(10_000);
    expect(await page.evaluate('window.tones')).toBe(0);
    await page.getByRole('switch', { name: 'Alarme sonoro' }).press('Space');
    const played = async (): Promise<number> => {
      await page.clock.runFor(1000);
      return page.evaluate<number>('window.tones');
    };
    await eventually(played, (count) => count > 0);
    await page.getByRole('button', { name: 'Silenciar' }).press('Enter');
    const tones = await page.evaluate<number>('window.tones');
    await page.clock.runFor(20_000);
    expect(await page.evaluate('window.tones')).toBe(tones);
    await page.reload();
    expect(await page.getByRole('switch', { name: 'Alarme sonoro' }).isChecked()).toBe(true);
  });
});
