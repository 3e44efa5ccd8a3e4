import type { BrowserContextOptions, Page } from 'playwright-core';
import sharp from 'sharp';

import { codeIn } from '../../support/qr.ts';
import { type Server, credentialsOf } from '../../support/server.ts';
import { newPage, reached, textOf } from './browser.ts';

export const STAGE_MODES = ['contagem', 'parcial', 'suspense', 'revelacao'] as const;
export type StageMode = (typeof STAGE_MODES)[number];

const HD = { width: 1920, height: 1080 };
/** What a camera makes of the largest wall, px. */
const CAMERA_WIDTH = 1280;
/** Letters that are read from ten metres: of the width of the picture; signs with numbers and drawings speak for themselves. */
const SMALLEST_LETTERS = 0.0219;

/** What sticks out of the inner 90 % of the picture, what is cut off or overlaps its neighbour, and which letters are too small. */
export const STAGE_FAULTS = `(() => {
  const wall = document.querySelector('.wall').getBoundingClientRect();
  const [x, y] = [wall.width * 0.05 - 1, wall.height * 0.05 - 1];
  const nameOf = (element) => element.id || element.className;
  const shown = [...document.querySelectorAll('.wall *')].filter((element) => element.checkVisibility({ visibilityProperty: true }));
  const outside = shown.filter((element) => {
    const { left, right, top, bottom, width } = element.getBoundingClientRect();
    return width > 0 && (left < wall.left + x || right > wall.right - x || top < wall.top + y || bottom > wall.bottom - y);
  });
  const boxes = shown.filter((element) => element.matches('h1, .name, .wall-word, .wall-tag, .wall-people, .wall-person'));
  const cut = boxes.filter(({ scrollWidth, clientWidth, scrollHeight, clientHeight }) =>
    clientWidth > 0 && (scrollWidth > clientWidth + 1 || scrollHeight > clientHeight + clientHeight * 0.12));
  const small = shown.filter((element) => !element.matches('.chip') && [...element.childNodes].some(({ nodeType, data }) => nodeType === 3 && data.trim() !== '')
    && parseFloat(getComputedStyle(element).fontSize) < wall.width * ${String(SMALLEST_LETTERS)});
  return { outside: outside.map(nameOf), cut: cut.map(nameOf), small: small.map(nameOf) };
})()`;

/** Notes when the picture changes to another mode, by the clock of this machine. */
const NOTE_CHANGES = `addEventListener('DOMContentLoaded', () => {
  window.changes = {};
  const wall = document.querySelector('.wall');
  const note = () => (window.changes[wall.dataset.modo] ??= Date.now());
  new MutationObserver(note).observe(wall, { attributes: true, attributeFilter: ['data-modo'] });
})`;

/** The stage, by what the nation sees of it. */
export class StagePage {
  private constructor(
    readonly page: Page,
    private readonly server: Server,
  ) {}

  static async blank(server: Server, options: BrowserContextOptions = {}): Promise<StagePage> {
    const page = await newPage(server, { viewport: HD, ...options });
    await page.addInitScript(NOTE_CHANGES);
    return new StagePage(page, server);
  }

  /** Logged in, with a picture. */
  static async open(server: Server, options: BrowserContextOptions = {}, query = ''): Promise<StagePage> {
    const stage = await StagePage.blank(server, options);
    await stage.load(query);
    await stage.login();
    await reached(stage.page, 'body[data-no-ar="true"]');
    return stage;
  }

  async load(query = ''): Promise<void> {
    await this.page.goto(`/palco.html${query}`);
  }

  async login(user = 'producao'): Promise<void> {
    await this.page.getByLabel('Usuário').fill(user);
    await this.page.getByLabel('Senha').fill(credentialsOf(this.server.dataDir)[user] ?? '');
    await this.page.getByRole('button', { name: 'Entrar' }).click();
  }

  shows(mode: StageMode | 'anulado', timeout?: number): Promise<void> {
    return reached(this.page, `.wall[data-modo="${mode}"]`, timeout);
  }

  /** The whole result is told. */
  revealed(timeout?: number): Promise<void> {
    return reached(this.page, '.wall[data-revelado="true"]', timeout);
  }

  /** What stands below the participants. */
  word(): Promise<string> {
    return textOf(this.page, '#fala');
  }

  /** The shares that are shown, in the order of the numbers; '' where none is. */
  async shares(): Promise<string[]> {
    const people = await this.page.locator('.wall-person').all();
    return Promise.all(people.map(async (one) => (await one.locator('.wall-share span').textContent()) ?? ''));
  }

  faults(): Promise<{ outside: string[]; cut: string[]; small: string[] }> {
    return this.page.evaluate(STAGE_FAULTS);
  }

  /** When it changed to a mode, ms since the epoch. */
  async changedAt(mode: StageMode): Promise<number> {
    return this.page.evaluate<number>(`window.changes[${JSON.stringify(mode)}]`);
  }

  async picture(): Promise<Buffer> {
    return this.page.screenshot({ animations: 'allow' });
  }

  /** What a phone reads that is held in front of the picture; undefined where it finds no code. */
  async scan(): Promise<string | undefined> {
    return codeIn(sharp(await this.picture()).resize({ width: CAMERA_WIDTH, withoutEnlargement: true }));
  }
}
