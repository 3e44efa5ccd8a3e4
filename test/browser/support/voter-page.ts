import type { BrowserContextOptions, Locator, Page, Request, Route } from 'playwright-core';

import type { Server } from '../../support/server.ts';
import { newPage, reached, textOf } from './browser.ts';

type View = 'loading' | 'soon' | 'vote' | 'voted' | 'ended' | 'notice';
type Phase = 'idle' | 'solving' | 'sending' | 'waiting' | 'offline' | 'failed';

/** How long after a confirmation the page still takes a tap for the second half of a double tap, ms. */
const DOUBLE_TAP_MS = 500;

/** What the button says for somebody, whatever the vote is for. */
export const voteFor = (name: string): RegExp => new RegExp(`^Votar (?:em|para) .*${name}`);

/** The voter's page, by what a voter does and sees. */
export class VoterPage {
  /** `POST /votar` so far: path and body. */
  readonly votes: { readonly path: string; readonly body: string | null }[] = [];
  /** All requests so far, as `GET /paredao`. */
  readonly requests: string[] = [];

  private constructor(readonly page: Page) {
    page.on('request', (request) => this.note(request));
  }

  /** A blank page, to be prepared before {@link load}. */
  static async blank(server: Server, options?: BrowserContextOptions): Promise<VoterPage> {
    return new VoterPage(await newPage(server, options));
  }

  /** A blank page in the browser of another one. */
  static async beside(page: Page): Promise<VoterPage> {
    return new VoterPage(await page.context().newPage());
  }

  static async open(server: Server, options?: BrowserContextOptions): Promise<VoterPage> {
    const voter = await VoterPage.blank(server, options);
    await voter.load('vote');
    return voter;
  }

  async load(expected: View): Promise<void> {
    await this.page.goto('/');
    await this.sees(expected);
  }

  sees(view: View, timeout?: number): Promise<void> {
    return reached(this.page, `body[data-view="${view}"]`, timeout);
  }

  isIn(phase: Phase): Promise<void> {
    return reached(this.page, `body[data-phase="${phase}"]`);
  }

  card(name: string): Locator {
    return this.page.getByRole('radio', { name });
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole('button', { name });
  }

  choose(name: string): Promise<void> {
    return this.card(name).click();
  }

  press(name: string | RegExp): Promise<void> {
    return this.button(name).click();
  }

  /** The two taps of a vote. */
  async vote(name: string): Promise<void> {
    await this.choose(name);
    await this.press(voteFor(name));
  }

  async voteAgain(): Promise<void> {
    await this.page.waitForTimeout(DOUBLE_TAP_MS);
    await this.press('Votar de novo');
    await this.sees('vote');
  }

  /** Resolves when the message says this, with what it says to the eye and the ear. */
  async hears(text: string | RegExp, timeout?: number): Promise<string> {
    const message = this.page.locator('#mensagem').filter({ hasText: text });
    await message.waitFor(timeout === undefined ? {} : { timeout });
    return (await message.innerText()).replaceAll(/\s+/g, ' ');
  }

  /** The shown percentages in hundredths: 33,33% is 3333. */
  shares(): Promise<[number, number]> {
    return sharesOf(this.page);
  }

  /** Lets `answer` handle the first requests to a path, one after another; later ones reach the server. */
  async intercept(path: string, ...answers: readonly ((route: Route) => Promise<void>)[]): Promise<void> {
    const waiting = [...answers];
    await this.page.route(path, (route) => waiting.shift()?.(route) ?? route.continue());
  }

  private note(request: Request): void {
    const path = new URL(request.url()).pathname;
    this.requests.push(`${request.method()} ${path}`);
    if (request.method() === 'POST') this.votes.push({ path, body: request.postData() });
  }
}

/** The shown percentages of a result, in hundredths. */
export async function sharesOf(page: Page): Promise<[number, number]> {
  return [await shareOf(page, 1), await shareOf(page, 2)];
}

async function shareOf(page: Page, participant: number): Promise<number> {
  const text = await textOf(page, `[data-percentual="${String(participant)}"]`);
  return Number(text.replaceAll(/\D/g, ''));
}

/** An answer as the service gives it when it refuses. */
export function refusal(status: number, code: string, headers: Readonly<Record<string, string>> = {}) {
  const body = JSON.stringify({ type: `urn:paredao:problem:${code}`, title: code, status, code });
  return (route: Route): Promise<void> =>
    route.fulfill({ status, headers: { 'content-type': 'application/problem+json', ...headers }, body });
}
