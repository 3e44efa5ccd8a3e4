import { expect } from '@jest/globals';
import type { Page } from 'playwright-core';

/** A fifth of what counts as stable (0.1) at https://web.dev/articles/cls. */
const MAX_SHIFT = 0.02;

/** Sums what moved without anybody having touched the page, as the metric does. */
const WATCH = `
  window.shifts = 0;
  window.shifted = [];
  new PerformanceObserver((list) => {
    for (const { value, hadRecentInput, sources } of list.getEntries()) {
      if (hadRecentInput) continue;
      window.shifts += value;
      window.shifted.push(...sources.map(({ node }) => node?.id || node?.className || node?.nodeName));
    }
  }).observe({ type: 'layout-shift', buffered: true });`;

/** Begins to watch a page that is not loaded yet. */
export const watchShifts = (page: Page): Promise<unknown> => page.addInitScript(WATCH);

/** Nothing moved since the last look, or since the page was loaded. `what` happened meanwhile. */
export async function expectStable(page: Page, what: string): Promise<void> {
  // what is painted in this moment is told after the next one; without the page's own clock, which may stand still
  await page.screenshot({ clip: { x: 0, y: 0, width: 1, height: 1 } });
  await page.screenshot({ clip: { x: 0, y: 0, width: 1, height: 1 } });
  const [shifts, shifted] = await page.evaluate<[number, string[]]>(
    '(() => { const seen = [window.shifts, window.shifted]; window.shifts = 0; window.shifted = []; return seen; })()',
  );
  expect(shifts > MAX_SHIFT ? { what, shifts, shifted } : 'stable').toBe('stable');
}
