import { setTimeout as delay } from 'node:timers/promises';
import { type Browser, type Page, chromium } from 'playwright-core';

import { CHROMIUM_ARGUMENTS, findChromium } from '../lib/chromium.ts';

/** What a person waits, ms. */
export interface Waits {
  readonly votes: number;
  /** From the tap to the confirmation. */
  readonly p50: number;
  readonly p95: number;
  /** From a challenge's arrival to its solution, in the background. */
  readonly solvingP50: number;
  readonly solvingP95: number;
}

const PHONE = { width: 390, height: 844 };
const SLOWDOWN = 4;
/** What a person does with a page before the tap, ms. */
const LOOKING_MS = 1500;
const CHOOSING_MS = 1000;
const PATIENCE_MS = 30_000;

/**
 * Chromium slows the page's thread and no worker's ("only supported for pages"): so the worker's answers come as much later as
 * it would have taken longer. Notes how long each solution took.
 */
const SLOW_WORKER = `
  window.solving = [];
  window.Worker = class extends Worker {
    postMessage(message) {
      this.begun = performance.now();
      super.postMessage(message);
    }
    addEventListener(type, listener) {
      if (type !== 'message') return super.addEventListener(type, listener);
      super.addEventListener(type, (event) => {
        const late = ${String(SLOWDOWN - 1)} * (performance.now() - this.begun);
        setTimeout(() => {
          if (event.data.solution) window.solving.push(performance.now() - this.begun);
          listener(event);
        }, late);
      });
    }
  };`;

/** A person on a phone: Chromium with a CPU slowed four times, who votes again and again on the real page. */
export class Person {
  private readonly waits: number[] = [];

  private constructor(
    private readonly browser: Browser,
    private readonly page: Page,
    private readonly url: URL,
  ) {}

  /** @throws when there is no Chromium */
  static async start(url: URL, address: string): Promise<Person> {
    const executablePath = findChromium();
    if (executablePath === undefined) throw new Error('no Chromium was found in PATH');
    const browser = await chromium.launch({ executablePath, args: CHROMIUM_ARGUMENTS });
    const extraHTTPHeaders = { 'x-forwarded-for': address };
    const context = await browser.newContext({ viewport: PHONE, locale: 'pt-BR', extraHTTPHeaders });
    context.setDefaultTimeout(PATIENCE_MS);
    const page = await context.newPage();
    await page.addInitScript(SLOW_WORKER);
    const devtools = await context.newCDPSession(page);
    await devtools.send('Emulation.setCPUThrottlingRate', { rate: SLOWDOWN });
    return new Person(browser, page, url);
  }

  /** Votes every few seconds. @returns what it waited */
  async vote(seconds: number): Promise<Waits> {
    const end = performance.now() + seconds * 1000;
    await this.page.goto(this.url.href);
    while (performance.now() < end) {
      await this.page.locator('body[data-view="vote"]').waitFor();
      await delay(LOOKING_MS);
      await this.page.locator('.card-input').first().click();
      await delay(CHOOSING_MS);
      const tapped = performance.now();
      await this.page.locator('#acao').click();
      await this.page.locator('body[data-view="voted"]').waitFor();
      this.waits.push(performance.now() - tapped);
      await delay(CHOOSING_MS);
      await this.page.locator('#acao').click();
    }
    const solving = await this.page.evaluate<number[]>('window.solving');
    return {
      votes: this.waits.length,
      p50: quantile(this.waits, 0.5),
      p95: quantile(this.waits, 0.95),
      solvingP50: quantile(solving, 0.5),
      solvingP95: quantile(solving, 0.95),
    };
  }

  close(): Promise<void> {
    return this.browser.close();
  }
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN);
}
