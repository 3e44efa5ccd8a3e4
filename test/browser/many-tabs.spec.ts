import { beforeAll, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';

import type { Client } from '../support/client.ts';
import { eventually } from '../support/eventually.ts';
import { Server } from '../support/server.ts';
import { describeInBrowser, reached } from './support/browser.ts';
import { PanelPage } from './support/panel-page.ts';
import { VoterPage } from './support/voter-page.ts';

/** More than the six connections that a browser has for an address. */
const TABS = 7;
/** From a loss to new numbers, ms: two pulses and a half, and a machine that is busy. */
const GO_ON_MS = 5000;

/** Lets the page believe that nobody sees it, or that somebody does. */
const setHidden = (page: Page, isHidden: boolean): Promise<void> =>
  page.evaluate(`Object.defineProperty(document, 'hidden', { configurable: true, value: ${String(isHidden)} });
    document.dispatchEvent(new Event('visibilitychange'))`);

describeInBrowser('many tabs of one browser', () => {
  let server: Server;
  let client: Client;

  beforeAll(async () => {
    server = await Server.start();
    client = server.client();
  });

  /** Streams that are open at the service. */
  const streams = (): Promise<number> => server.metric('sse_clients');

  /** A vote more is on all of them. */
  async function expectToGoOn(panels: readonly PanelPage[]): Promise<void> {
    const { total } = await client.total();
    await client.cast(1);
    await Promise.all(panels.map((panel) => panel.shows('total', String(Number(total) + 1), GO_ON_MS)));
  }

  it('are all live with two streams, a voter among them votes, and whatever becomes of one, the others go on', async () => {
    const panels = [await PanelPage.open(server)];
    while (panels.length < TABS) panels.push(await panels[0]!.another());
    const voter = await VoterPage.beside(panels[0]!.page);
    await voter.load('vote');
    await voter.vote('Íris Trovão');
    await voter.hears('A parcial já inclui o seu voto');
    await expectToGoOn(panels);
    expect(await streams()).toBe(2);

    await panels.shift()!.page.close();
    await expectToGoOn(panels);

    const [frozen] = panels.splice(0, 1) as [PanelPage];
    const devtools = await devtoolsOf(frozen.page);
    await devtools.send('Page.setWebLifecycleState', { state: 'frozen' });
    await expectToGoOn(panels);
    await devtools.send('Page.setWebLifecycleState', { state: 'active' });
    panels.push(frozen);
    await expectToGoOn(panels);

    await endSharedWorkers(panels[0]!.page);
    await expectToGoOn(panels);
    expect(await streams()).toBe(2);

    const [crashed] = panels.splice(0, 1) as [PanelPage];
    void (await devtoolsOf(crashed.page)).send('Page.crash').catch(() => undefined);
    await expectToGoOn(panels);
  });

  it('show each login what is for it: another user has a stream of their own', async () => {
    const panel = await PanelPage.open(server);
    const other = await panel.another('admin');
    await expectToGoOn([panel, other]);
    expect(await streams()).toBe(4);
  });

  it('show nothing to a login that the service does not know', async () => {
    const panel = await PanelPage.open(server);
    const { token } = await panel.page.evaluate<{ token: string }>("JSON.parse(sessionStorage['paredao.sessao'])");
    const forged = `${token.split('.').slice(0, 2).join('.')}.forged`;
    const stranger = await panel.page.context().newPage();
    await stranger.addInitScript(
      `sessionStorage.setItem('paredao.sessao', '${JSON.stringify({ token: forged, expiresAt: Date.now() + 3_600_000 })}')`,
    );
    await stranger.goto('/painel.html');
    await reached(stranger, 'body[data-view="login"]');
  });

  it('let go of their streams while nobody sees them, and are back at once', async () => {
    const panel = await PanelPage.blank(server);
    await panel.page.clock.install();
    await panel.load();
    await panel.login();
    await panel.is('live');
    await setHidden(panel.page, true);
    await panel.page.clock.fastForward(11_000);
    await eventually(streams, (open) => open === 0);
    await setHidden(panel.page, false);
    await panel.is('live');
    await expectToGoOn([panel]);
  });
});

const devtoolsOf = (page: Page) => page.context().newCDPSession(page);

/** Ends the workers that pages share, as a browser does that needs the memory. */
async function endSharedWorkers(page: Page): Promise<void> {
  const devtools = await page.context().browser()!.newBrowserCDPSession();
  const { targetInfos } = await devtools.send('Target.getTargets', { filter: [{ type: 'shared_worker' }] });
  expect(targetInfos).not.toEqual([]);
  for (const { targetId } of targetInfos) await devtools.send('Target.closeTarget', { targetId });
}
