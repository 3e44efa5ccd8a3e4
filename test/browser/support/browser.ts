import { afterAll, afterEach, beforeAll, expect } from '@jest/globals';
import { type Browser, type BrowserContext, type BrowserContextOptions, type Page, chromium } from 'playwright-core';

import { CHROMIUM_ARGUMENTS } from '../../../bench/lib/chromium.ts';
import type { Server } from '../../support/server.ts';
import { needs } from '../../tools/needs.ts';
import { chromiumForSpecs } from '../../tools/tools.ts';

/** How long a page may take for anything, ms: far more than it needs, on a machine that is busy with other things. */
const PATIENCE_MS = 20_000;

/** As small as a phone is with letters of twice their size. */
export const SMALLEST_PHONE = { width: 320, height: 568 };
export const PHONE = { width: 390, height: 844 };
export const SMALL_PHONE = { width: 360, height: 640 };
export const SMALL_LAPTOP = { width: 1280, height: 720 };
export const CONTROL_ROOM = { width: 1920, height: 1080 };

let browser: Browser | undefined;
const contexts: BrowserContext[] = [];
const faults: Error[] = [];

/**
 * Launches Chromium for the specs within.
 * @param more arguments of it
 */
export function describeInBrowser(name: string, specs: () => void, more: readonly string[] = []): void {
  needs('chromium')(name, () => {
    beforeAll(async () => {
      const executablePath = chromiumForSpecs();
      if (executablePath === undefined) throw new Error('no Chromium found in PATH');
      browser = await chromium.launch({ executablePath, args: [...CHROMIUM_ARGUMENTS, ...more] });
    });

    afterEach(async () => {
      await Promise.all(contexts.splice(0).map((context) => context.close()));
      // whatever a spec was about: no page may throw an error that nobody handles
      expect(faults.splice(0)).toEqual([]);
    });

    afterAll(() => browser?.close());
    specs();
  });
}

/** A blank page in a browser profile of its own, which is gone after the spec. Requests are relative to the server. */
export async function newPage(server: Server, options: BrowserContextOptions = {}): Promise<Page> {
  if (browser === undefined) throw new Error('pages live in describeInBrowser');
  const baseURL = `http://127.0.0.1:${String(server.port)}`;
  const context = await browser.newContext({ baseURL, locale: 'pt-BR', viewport: PHONE, ...options });
  contexts.push(context);
  context.setDefaultTimeout(PATIENCE_MS);
  context.on('weberror', (error) => faults.push(error.error()));
  return context.newPage();
}

/** The element appears; what it says. */
export async function textOf(page: Page, selector: string): Promise<string> {
  return (await page.locator(selector).first().innerText()).replaceAll(/\s+/g, ' ').trim();
}

/** Resolves when the selector matches something, seen or not. */
export function reached(page: Page, selector: string, timeout = PATIENCE_MS): Promise<void> {
  return page.locator(selector).first().waitFor({ state: 'attached', timeout });
}

/** Nothing sticks out on the right. */
export async function expectNoSideScroll(page: Page): Promise<void> {
  const width = 'document.scrollingElement.scrollWidth - document.documentElement.clientWidth';
  expect(await page.evaluate<number>(width)).toBeLessThanOrEqual(0);
}

/** Every element that matches is whole on the screen, without scrolling. */
export async function expectOnScreen(page: Page, ...selectors: readonly string[]): Promise<void> {
  const { width, height } = page.viewportSize() ?? { width: 0, height: 0 };
  for (const selector of selectors) {
    const found = await page.locator(selector).all();
    const boxes = await Promise.all(found.map((element) => element.boundingBox()));
    expect(boxes).not.toHaveLength(0);
    const outside = boxes.filter(
      (box) => !box || box.x < 0 || box.y < 0 || box.x + box.width > width || box.y + box.height > height,
    );
    expect({ selector, outside }).toEqual({ selector, outside: [] });
  }
}
