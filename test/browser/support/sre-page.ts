import type { BrowserContextOptions, Page } from 'playwright-core';

import { type Server, credentialsOf } from '../../support/server.ts';
import { newPage, reached } from './browser.ts';

/** The operations page, by what an SRE does and sees. */
export class SrePage {
  private constructor(
    readonly page: Page,
    private readonly server: Server,
  ) {}

  /** A blank page, to be prepared before {@link load}. */
  static async blank(server: Server, options?: BrowserContextOptions): Promise<SrePage> {
    return new SrePage(await newPage(server, options), server);
  }

  /** Logged in and live. */
  static async open(server: Server, options?: BrowserContextOptions): Promise<SrePage> {
    const sre = await SrePage.blank(server, options);
    await sre.load();
    await sre.login();
    await sre.is('live');
    return sre;
  }

  async load(): Promise<void> {
    await this.page.goto('/sre.html');
  }

  async login(user = 'sre'): Promise<void> {
    await this.page.getByLabel('Usuário').fill(user);
    await this.page.getByLabel('Senha').fill(credentialsOf(this.server.dataDir)[user] ?? '');
    await this.page.getByRole('button', { name: 'Entrar' }).click();
  }

  is(connection: 'live' | 'lost' | 'missing', timeout?: number): Promise<void> {
    return reached(this.page, `body[data-view="painel"][data-conexao="${connection}"]`, timeout);
  }

  /** Shows a level or hides it. */
  async toggle(level: 'Erro' | 'Aviso' | 'Info' | 'Debug'): Promise<void> {
    await this.page.getByRole('button', { name: level }).click();
  }

  /** A line of the log that says this is on the page, where it can be seen. */
  async showsEvent(level: string, text: string): Promise<void> {
    const row = this.page.locator(`#linhas-eventos tr[data-nivel="${level}"]`).filter({ hasText: text });
    await row.first().waitFor({ state: 'visible' });
  }

  /** The levels of the events that can be seen. */
  async levels(): Promise<string[]> {
    const rows = await this.page.locator('#linhas-eventos tr:visible').all();
    return [
      ...new Set(await Promise.all(rows.map(async (row) => (await row.getAttribute('data-nivel')) ?? ''))),
    ].sort();
  }

  /** Charts that show that nothing was measured for a while, between what was. */
  async gaps(): Promise<number> {
    return (await this.page.locator('.chart:has(.line[d*="L"]) rect.gap').all()).length;
  }

  /** Goes through a chart with the keyboard; what it says of the moment it is at. */
  async walk(chart: string, ...keys: readonly string[]): Promise<string> {
    const slider = this.page.getByRole('slider', { name: chart });
    await slider.focus();
    for (const key of keys) await slider.press(key);
    return (await slider.getAttribute('aria-valuetext')) ?? '';
  }

  /** An alert fires, and can be seen. */
  async fires(name: string): Promise<void> {
    await this.page.locator(`#alertas [data-alerta="${name}"]`).waitFor({ state: 'visible' });
  }

  /** A row of one of the tables: name → the other cells, once it is there. */
  async row(table: 'execucoes' | 'latencia' | 'erros', name: string): Promise<string[]> {
    const row = this.page.locator(`#linhas-${table} tr`).filter({ hasText: name }).first();
    await row.waitFor({ state: 'attached' });
    return row.locator('td').allInnerTexts();
  }
}
