import type { Browser, Page } from 'playwright-core';

import { startCore } from './core.ts';

const PHONE = { width: 390, height: 844 };
/** What our solver does on one core of a slow phone: a fast machine, four times slower. */
const HASHES_PER_SECOND = 950_000;
const PATIENCE_MS = 120_000;

/** A solved challenge, as the page saw it. */
export interface Solved {
  /** Hashes that it took. */
  readonly hashes: number;
  /** From the challenge's arrival to its solution, ms. */
  readonly took: number;
  /** Of that after the tap, ms: the part that somebody waited for. */
  readonly late: number;
}

/**
 * Chromium slows the page's thread and no worker's ("only supported for pages"): so a worker's answers come when a core of the
 * phone would have got there, or later where this machine itself did not. Notes what each solution took, and how much of that
 * came after the tap.
 */
const SLOW_WORKER = `
  window.solved = [];
  let [tapped, atHand] = [undefined, false];
  addEventListener('click', ({ target }) => {
    if (document.body.dataset.view !== 'vote' || !target.closest('#acao')) return;
    if (!atHand) tapped ??= performance.now();
    atHand = false;
  }, true);
  const note = (hashes, begun) => {
    const now = performance.now();
    window.solved.push({ hashes, took: now - begun, late: tapped === undefined ? 0 : now - Math.max(tapped, begun) });
    atHand = tapped === undefined;
    tapped = undefined;
  };
  window.Worker = class extends Worker {
    slowed = new Map();
    postMessage(message) {
      this.begun = performance.now();
      this.lanes = message.lanes;
      super.postMessage(message);
    }
    addEventListener(type, listener) {
      if (type !== 'message') return super.addEventListener(type, listener);
      const slow = (event) => {
        const { begun, lanes } = this;
        const due = begun + (1000 * event.data.tried) / ${String(HASHES_PER_SECOND)};
        setTimeout(() => {
          if (this.slowed.get(listener) !== slow) return;
          if (event.data.solution) note(event.data.tried * lanes, begun);
          listener(event);
        }, due - performance.now());
      };
      this.slowed.set(listener, slow);
      super.addEventListener(type, slow);
    }
    removeEventListener(type, listener) {
      super.removeEventListener(type, this.slowed.get(listener) ?? listener);
      this.slowed.delete(listener);
    }
    terminate() {
      this.slowed.clear();
      super.terminate();
    }
  };`;

/** How much slower than this machine, as it is now, a slow phone is: about 4 on a fast one without other work; at least 1. */
export async function phoneSlowdown(): Promise<number> {
  const { worker, hashesPerSecond } = await startCore();
  await worker.terminate();
  return Math.max(1, hashesPerSecond / HASHES_PER_SECOND);
}

/** A page on a slow phone at this address. Its `window.solved` lists what was `Solved`. */
export async function openSlowPhone(browser: Browser, address: string, slowdown: number): Promise<Page> {
  const extraHTTPHeaders = { 'x-forwarded-for': address };
  const context = await browser.newContext({ viewport: PHONE, locale: 'pt-BR', extraHTTPHeaders });
  context.setDefaultTimeout(PATIENCE_MS);
  const page = await context.newPage();
  await page.addInitScript(SLOW_WORKER);
  const devtools = await context.newCDPSession(page);
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: slowdown });
  return page;
}
