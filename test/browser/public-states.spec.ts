import { beforeAll, expect, it } from '@jest/globals';

import { Server } from '../support/server.ts';
import { expectAccessible, expectEdges } from './support/accessible.ts';
import {
  SMALLEST_PHONE,
  SMALL_LAPTOP,
  SMALL_PHONE,
  describeInBrowser,
  expectNoSideScroll,
  newPage,
} from './support/browser.ts';
import { PUBLIC_LIFE, PUBLIC_STATES, ToldPublic } from './support/public-states.ts';
import { expectStable, watchShifts } from './support/stable.ts';

/** Lines of text that lie on each other. What is in a card lies on its portrait, and bars on what scrolls. */
const OVERLAPS = `(() => {
  const texts = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const { parentElement, textContent } = walker.currentNode;
    if (textContent.trim() === '' || parentElement.closest('.sr-only, .skip, noscript, .stuck, template, dialog')) continue;
    if (!parentElement.checkVisibility({ visibilityProperty: true })) continue;
    const range = document.createRange();
    range.selectNodeContents(walker.currentNode);
    const bar = parentElement.closest('.vote-bar, .banner');
    const isBar = bar !== null && getComputedStyle(bar).position !== 'static' && getComputedStyle(bar).position !== 'relative';
    for (const box of range.getClientRects()) if (box.width > 0) texts.push({ textContent, box, parentElement, isBar });
  }
  const isOn = (a, b) =>
    Math.min(a.right, b.right) - Math.max(a.left, b.left) > 2 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 3;
  return texts.flatMap((one, i) => texts.slice(i + 1)
    .filter((other) => other.parentElement !== one.parentElement && one.isBar === other.isBar && isOn(one.box, other.box))
    .map((other) => one.textContent.trim() + ' / ' + other.textContent.trim()));
})()`;

/** What is pressed, or was. */
const PRESSED = ['#acao', '.card[data-chosen="true"]', '.button', '.share'];

describeInBrowser('what the public sees', () => {
  let server: Server;

  beforeAll(async () => {
    server = await Server.start();
  });

  const LOADED = PUBLIC_STATES.filter(({ name }) =>
    /votar: (choosing|scheduled|paused)|resultado: (open|held)/.test(name),
  );

  it.each(LOADED)('moves nothing while it loads: $name', async ({ enter }) => {
    const page = await newPage(server, { viewport: SMALL_PHONE });
    await watchShifts(page);
    await enter(page);
    await expectStable(page, 'load');
  });

  it.each([
    { path: '/', viewport: SMALL_PHONE },
    { path: '/', viewport: SMALL_LAPTOP },
    { path: '/resultado.html', viewport: SMALL_PHONE },
    { path: '/resultado.html', viewport: SMALL_LAPTOP },
  ] as const)('moves nothing while the vote goes on: $path at $viewport.width px', async ({ path, viewport }) => {
    const page = await newPage(server, { viewport });
    await watchShifts(page);
    const told = await ToldPublic.open(page, path);
    await expectStable(page, 'load');
    for (const change of PUBLIC_LIFE) {
      await told.tell(change);
      await expectStable(page, change.name);
    }
  });

  it.each(PUBLIC_STATES)('is accessible, by day, by night and in colours of one’s own: $name', async ({ enter }) => {
    const page = await newPage(server, { viewport: SMALL_PHONE });
    await enter(page);
    await expectNoSideScroll(page);
    await expectAccessible(page);
    await expectEdges(page, PRESSED);
  });
});

describeInBrowser(
  'what the public sees in letters of twice their size',
  () => {
    let server: Server;

    beforeAll(async () => {
      server = await Server.start();
    });

    it.each(PUBLIC_STATES)('neither overlaps nor scrolls sideways at 320 px: $name', async ({ enter }) => {
      const page = await newPage(server, { viewport: SMALLEST_PHONE });
      await enter(page);
      expect(await page.evaluate('getComputedStyle(document.documentElement).fontSize')).toBe('32px');
      await expectNoSideScroll(page);
      expect(await page.evaluate(OVERLAPS)).toEqual([]);
    });
  },
  ['--blink-settings=defaultFontSize=32'],
);
