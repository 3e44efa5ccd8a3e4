import { beforeAll, expect, it } from '@jest/globals';

import { Server } from '../support/server.ts';
import { expectAccessible } from './support/accessible.ts';
import { SMALLEST_PHONE, SMALL_PHONE, describeInBrowser, expectNoSideScroll, newPage } from './support/browser.ts';
import { PUBLIC_STATES } from './support/public-states.ts';
import { expectStable, watchShifts } from './support/stable.ts';

/** Lines of text that lie on each other. What is in a card lies on its portrait, and the bar with the button on what scrolls. */
const OVERLAPS = `(() => {
  const texts = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const { parentElement, textContent } = walker.currentNode;
    if (textContent.trim() === '' || parentElement.closest('.sr-only, .skip, noscript, .stuck, template, dialog')) continue;
    if (!parentElement.checkVisibility({ visibilityProperty: true })) continue;
    const range = document.createRange();
    range.selectNodeContents(walker.currentNode);
    const isBar = parentElement.closest('.vote-bar') && getComputedStyle(parentElement.closest('.vote-bar')).position === 'sticky';
    for (const box of range.getClientRects()) if (box.width > 0) texts.push({ textContent, box, parentElement, isBar });
  }
  const isOn = (a, b) =>
    Math.min(a.right, b.right) - Math.max(a.left, b.left) > 2 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 3;
  return texts.flatMap((one, i) => texts.slice(i + 1)
    .filter((other) => other.parentElement !== one.parentElement && one.isBar === other.isBar && isOn(one.box, other.box))
    .map((other) => one.textContent.trim() + ' / ' + other.textContent.trim()));
})()`;

/** Edges that can be seen where colours are the reader's own. */
const EDGES = `['#acao', '.card[data-chosen="true"]', '.button', '.share'].flatMap((selector) =>
  [...document.querySelectorAll(selector)].filter((element) => element.checkVisibility()).map((element) => {
    const { borderTopWidth, borderTopStyle, outlineStyle, outlineWidth } = getComputedStyle(element);
    return { selector, edge: Math.max(borderTopStyle === 'none' ? 0 : parseFloat(borderTopWidth),
      outlineStyle === 'none' ? 0 : parseFloat(outlineWidth)) };
  })).filter(({ edge }) => edge < 1)`;

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

  it.each(PUBLIC_STATES)('is accessible, by day, by night and in colours of one’s own: $name', async ({ enter }) => {
    const page = await newPage(server, { viewport: SMALL_PHONE });
    await enter(page);
    await expectNoSideScroll(page);
    await expectAccessible(page);
    await page.emulateMedia({ forcedColors: 'active' });
    expect(await page.evaluate(EDGES)).toEqual([]);
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
