import { expect } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';

const AXE = readFileSync(join(process.cwd(), 'node_modules/axe-core/axe.min.js'), 'utf8');

interface Finding {
  readonly id: string;
  readonly nodes: readonly { readonly target: readonly string[]; readonly failureSummary: string }[];
}

/** Elements that a finger or a pointer has to hit, and how large they are. A link within a sentence may be smaller. */
const SMALL_TARGETS = `[...document.querySelectorAll('a, button, input, select, summary, [tabindex="0"]')]
  .filter((element) => !element.matches('.skip') && element.checkVisibility())
  .map((element) => ({ element, box: element.getBoundingClientRect() }))
  .filter(({ box }) => box.width < 24 || box.height < 24)
  .map(({ element }) => element.outerHTML)`;

/** By day nothing but the colours differs. */
const RUNS = {
  dark: `axe.run({ resultTypes: ['violations'], rules: { 'target-size': { enabled: true } } })`,
  light: `axe.run({ resultTypes: ['violations'], runOnly: ['color-contrast', 'link-in-text-block'] })`,
} as const;

/** axe finds nothing against WCAG 2.2 AA or good practice, by day or by night; and all targets are large enough. */
export async function expectAccessible(page: Page): Promise<void> {
  await page.evaluate(AXE);
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const { violations } = await page.evaluate<{ violations: Finding[] }>(RUNS[colorScheme]);
    const found = violations.map(({ id, nodes }) => ({
      id,
      nodes: nodes.map(({ target, failureSummary }) => [target.join(' '), failureSummary]),
    }));
    expect({ colorScheme, found }).toEqual({ colorScheme, found: [] });
  }
  expect(await page.evaluate<string[]>(SMALL_TARGETS)).toEqual([]);
}

/** Whatever matches has an edge that can be seen where colours are the reader's own. */
export async function expectEdges(page: Page, selectors: readonly string[]): Promise<void> {
  await page.emulateMedia({ forcedColors: 'active' });
  const edgeless = `${JSON.stringify(selectors)}.flatMap((selector) =>
    [...document.querySelectorAll(selector)].filter((element) => element.checkVisibility()).map((element) => {
      const { borderTopWidth, borderTopStyle, outlineStyle, outlineWidth } = getComputedStyle(element);
      return { selector, edge: Math.max(borderTopStyle === 'none' ? 0 : parseFloat(borderTopWidth),
        outlineStyle === 'none' ? 0 : parseFloat(outlineWidth)) };
    })).filter(({ edge }) => edge < 1)`;
  expect(await page.evaluate(edgeless)).toEqual([]);
  await page.emulateMedia({ forcedColors: 'none' });
}
