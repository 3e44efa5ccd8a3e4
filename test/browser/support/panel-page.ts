import type { BrowserContextOptions, Locator, Page } from 'playwright-core';

import { type Server, credentialsOf } from '../../support/server.ts';
import { newPage, reached, textOf } from './browser.ts';

type Connection = 'live' | 'lost' | 'missing';

/** Production's panel, by what production does and sees. */
export class PanelPage {
  private constructor(
    readonly page: Page,
    private readonly server: Server,
  ) {}

  /** A blank page, to be prepared before {@link load}. */
  static async blank(server: Server, options?: BrowserContextOptions): Promise<PanelPage> {
    return new PanelPage(await newPage(server, options), server);
  }

  /** A blank page of a browser without shared workers: there the page itself reads its streams, which can be intercepted. */
  static async alone(server: Server, options?: BrowserContextOptions): Promise<PanelPage> {
    const panel = await PanelPage.blank(server, options);
    await panel.page.addInitScript('delete window.SharedWorker');
    return panel;
  }

  /** Logged in, with the first totals. */
  static async open(server: Server, options?: BrowserContextOptions, query = ''): Promise<PanelPage> {
    const panel = await PanelPage.blank(server, options);
    await panel.load(query);
    await panel.login();
    await panel.is('live');
    return panel;
  }

  /** Another tab of the same browser, logged in. */
  async another(user?: string, query = ''): Promise<PanelPage> {
    const panel = new PanelPage(await this.page.context().newPage(), this.server);
    await panel.load(query);
    await panel.login(user);
    await panel.is('live');
    return panel;
  }

  async load(query = ''): Promise<void> {
    await this.page.goto(`/painel.html${query}`);
  }

  async login(user = 'producao', password = credentialsOf(this.server.dataDir)[user] ?? ''): Promise<void> {
    await this.page.getByLabel('Usuário').fill(user);
    await this.page.getByLabel('Senha').fill(password);
    await this.page.getByRole('button', { name: 'Entrar' }).click();
  }

  is(connection: Connection, timeout?: number): Promise<void> {
    return reached(this.page, `body[data-view="painel"][data-conexao="${connection}"]`, timeout);
  }

  /** The login form is there, and says this. */
  async asksForLogin(reason: string, timeout?: number): Promise<void> {
    await reached(this.page, 'body[data-view="login"]', timeout);
    await this.page.getByRole('alert').filter({ hasText: reason }).waitFor();
  }

  field(name: string): Locator {
    return this.page.locator(`[data-campo="${name}"]`).first();
  }

  /** A field shows this text. */
  async shows(name: string, text: string, timeout?: number): Promise<void> {
    await reached(this.page, `[data-campo="${name}"]:text-is("${text}")`, timeout);
  }

  text(name: string): Promise<string> {
    return textOf(this.page, `[data-campo="${name}"]`);
  }

  /** The list of all polls. */
  get list(): Locator {
    return this.page.getByRole('dialog', { name: 'Paredões' });
  }

  async openList(): Promise<void> {
    await this.page.getByRole('button', { name: 'Paredões' }).click();
    await this.list.getByRole('listitem').first().waitFor();
  }

  /** The rows of the table of hours, newest first: hour, total, first, second. */
  async hours(): Promise<string[][]> {
    const rows = await this.page.locator('#horas-linhas tr').all();
    return Promise.all(rows.map((row) => row.locator('th, td').allInnerTexts()));
  }
}
