import { setTimeout as delay } from 'node:timers/promises';
import { type Page, chromium } from 'playwright-core';

import { CHROMIUM_ARGUMENTS, findChromium } from '../lib/chromium.ts';
import { type Solved, openSlowPhone, phoneSlowdown } from './slow-phone.ts';

/** Who votes at one address: so many phones, each of them every few seconds. */
export interface People {
  readonly address: string;
  readonly phones: number;
  /** From one tap of a phone to its next, on average, ms; more where the phone is not ready by then. */
  readonly everyMs: number;
  /** What one does with a page before each touch, ms: two on the ballot and one on the confirmation. */
  readonly pauseMs: number;
}

/** What people waited, ms. All of them together. */
export interface Waits {
  /** How many times slower than this machine the phones were. */
  readonly slowdown: number;
  readonly votes: number;
  readonly perMinute: number;
  /** From the tap to the confirmation. */
  readonly p50: number;
  readonly p95: number;
  /** The part of that in which the challenge was still being solved. */
  readonly unsolvedP95: number;
  /** From a challenge's arrival to its solution, mostly in the background. */
  readonly solvingP50: number;
  readonly solvingP95: number;
  /** Hashes of a solution: what a phone of another speed would have taken longer or shorter for. */
  readonly hashesP50: number;
  readonly hashesP95: number;
}

/**
 * Votes on the real page, in Chromium, as slow as on a slow phone.
 * @throws when there is no Chromium
 */
export async function peopleVote(url: URL, people: People, seconds: number): Promise<Waits> {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error('no Chromium was found in PATH');
  const browser = await chromium.launch({ executablePath, args: CHROMIUM_ARGUMENTS });
  try {
    const slowdown = await phoneSlowdown();
    const phones = Array.from({ length: people.phones }, () => openSlowPhone(browser, people.address, slowdown));
    const pages = await Promise.all(phones);
    const waits = await Promise.all(pages.map((page) => personVotes(page, url, people, seconds)));
    const solved = await Promise.all(pages.map((page) => page.evaluate<Solved[]>('window.solved')));
    return { slowdown, perMinute: (60 * waits.flat().length) / seconds, ...summary(waits.flat(), solved.flat()) };
  } finally {
    await browser.close();
  }
}

/** @returns how long each vote took from the tap to the confirmation, ms */
async function personVotes(page: Page, url: URL, { everyMs, pauseMs }: People, seconds: number): Promise<number[]> {
  const waits: number[] = [];
  const end = performance.now() + seconds * 1000;
  await page.goto(url.href);
  let due = performance.now() + everyMs * Math.random();
  while (performance.now() < end) {
    await page.locator('body[data-view="vote"]').waitFor();
    await delay(Math.max(pauseMs, due - pauseMs - performance.now()));
    await page.locator('.card-input').first().click();
    await delay(pauseMs);
    const tapped = performance.now();
    // people do not tap in step
    due = tapped + everyMs * (0.7 + 0.6 * Math.random());
    await page.locator('#acao').click();
    await page.locator('body[data-view="voted"]').waitFor();
    waits.push(performance.now() - tapped);
    await delay(pauseMs);
    await page.locator('#acao').click();
  }
  return waits;
}

type Summary = Omit<Waits, 'slowdown' | 'perMinute'>;

function summary(waits: readonly number[], solved: readonly Solved[]): Summary {
  const [took, hashes] = [solved.map((one) => one.took), solved.map((one) => one.hashes)];
  return {
    votes: waits.length,
    p50: quantile(waits, 0.5),
    p95: quantile(waits, 0.95),
    unsolvedP95: quantile(
      solved.map(({ late }) => late),
      0.95,
    ),
    solvingP50: quantile(took, 0.5),
    solvingP95: quantile(took, 0.95),
    hashesP50: quantile(hashes, 0.5),
    hashesP95: quantile(hashes, 0.95),
  };
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN);
}
