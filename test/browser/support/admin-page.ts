import type { BrowserContextOptions, Locator, Page } from 'playwright-core';

import { type Server, credentialsOf } from '../../support/server.ts';
import { newPage, reached } from './browser.ts';

/** The administration, by what an administrator does and sees. */
export class AdminPage {
  private constructor(
    readonly page: Page,
    private readonly server: Server,
  ) {}

  /** Before the login. */
  static async blank(server: Server, options?: BrowserContextOptions): Promise<AdminPage> {
    const admin = new AdminPage(await newPage(server, options), server);
    await admin.page.goto('/admin.html');
    return admin;
  }

  /** Logged in, with the first list. */
  static async open(server: Server, options?: BrowserContextOptions): Promise<AdminPage> {
    const admin = await AdminPage.blank(server, options);
    await admin.login();
    await reached(admin.page, 'body[data-view="admin"]');
    await admin.page.locator('article, #historia li').first().waitFor();
    return admin;
  }

  async login(user = 'admin', password = credentialsOf(this.server.dataDir)[user] ?? ''): Promise<void> {
    await this.page.locator('#usuario').fill(user);
    await this.page.locator('#senha').fill(password);
    await this.page.getByRole('button', { name: 'Entrar' }).click();
  }

  /** The card of a poll that can still be changed. */
  card(title: string): Locator {
    return this.page.getByRole('article').filter({ hasText: title });
  }

  /** Fills the form for the next poll, and presses one of its buttons. */
  async create(title: string, names: readonly [string, string], button: string, purpose = 'vencer'): Promise<void> {
    const form = this.page.locator('#novo');
    await form.getByLabel('Título').fill(title);
    await form.getByLabel('Vota-se para').selectOption(purpose);
    await form.getByRole('textbox', { name: 'Participante 1' }).fill(names[0]);
    await form.getByRole('textbox', { name: 'Participante 2' }).fill(names[1]);
    await form.getByRole('button', { name: button }).click();
  }

  get dialog(): Locator {
    return this.page.getByRole('dialog');
  }

  /** Waits until an element says this. */
  async says(element: Locator, text: string | RegExp, timeout?: number): Promise<void> {
    await element.filter({ hasText: text }).waitFor(timeout === undefined ? {} : { timeout });
  }
}
