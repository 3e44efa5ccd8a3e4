import type { Page } from 'playwright-core';

import type { Json } from '../../support/client.ts';
import type { Server } from '../../support/server.ts';
import { CONTROL_ROOM, PHONE, SMALLEST_PHONE, SMALL_LAPTOP } from './browser.ts';
import { PanelPage } from './panel-page.ts';
import { refusal } from './voter-page.ts';

/** As many as a panel ever has to show. */
export const MOST_VOTES = 9_999_999_999;

export const NAMES = [
  ...['Aurora Estrela', 'Íris Trovão', 'Wolfeschlegelsteinhausen', 'Dandara Maré', 'Enzo Granizo', 'Flora'],
  ...['Gil Poente do Amaral', 'Helena Orvalho', 'Ivo Vendaval Nascimento', 'Jade Lua'],
];
/** As long as names may be. */
export const LONG_NAMES = [
  'Maria Aparecida dos Santos Albuquerque de Oliveira da Silva J',
  'Wolfeschlegelsteinhausenbergerdorffwelchevoralternwarengewis',
];

/** What panels are looked at on. */
export const SCREENS = [
  ...[SMALLEST_PHONE, PHONE, { width: 768, height: 1024 }, SMALL_LAPTOP, CONTROL_ROOM],
  { width: 3840, height: 2160 },
];

const NOW = new Date().toISOString();
const CLOSED = { estado: 'encerrado', encerra_em: null, encerrado_em: NOW, votos_por_segundo: 0 };
const FINAL = { ...CLOSED, final: true, mesmo_minuto: [] };

/** What a poll goes through, and what the page shows then. */
export const LIFE = [
  { name: 'paused', change: { pausado_em: NOW }, sign: '#selo[data-estado="pausado"]' },
  { name: 'open again', change: {}, sign: '#selo[data-estado="aberto"]' },
  { name: 'stale', change: { idade_segundos: 30 }, sign: 'body[data-alarme="loud"]' },
  { name: 'fresh again', change: {}, sign: 'body[data-alarme="fresh"]' },
  { name: 'closed', change: CLOSED, sign: '#selo[data-estado="encerrado"]' },
  { name: 'final', change: FINAL, sign: '#painel[data-final="true"]' },
  {
    name: 'checked',
    change: { ...FINAL, estado: 'conferido', conferido_em: NOW },
    sign: '#selo[data-estado="conferido"]',
  },
  {
    name: 'annulled',
    change: { ...FINAL, estado: 'anulado', anulado: { motivo: 'Um nome estava errado.', anulado_em: NOW } },
    sign: '#selo[data-estado="anulado"]',
  },
] as const;

/** Figures and names that are wider than their place. */
const CUT = `[...document.querySelectorAll('.panel .number, .panel .name, td, th')]
  .filter((element) => element.clientWidth > 0 && element.scrollWidth > element.clientWidth + 1)
  .map((element) => element.textContent)`;
/** Text that is as large as the total, or larger. */
const LARGER = `(() => {
  const sizeOf = (element) => parseFloat(getComputedStyle(element).fontSize);
  const total = document.querySelector('[data-campo="total"]');
  return [...document.querySelectorAll('body *')]
    .filter((element) => element !== total && element.checkVisibility({ visibilityProperty: true }))
    .filter(({ childNodes }) => [...childNodes].some(({ nodeType, data }) => nodeType === 3 && data.trim() !== ''))
    .filter((element) => sizeOf(element) >= sizeOf(total))
    .map(({ id, className }) => id || className);
})()`;

/** What does not fit: figures and names that are cut, and text that is as large as the total. */
export const misfits = (page: Page): Promise<{ cut: string[]; larger: string[] }> =>
  page.evaluate(`({ cut: ${CUT}, larger: ${LARGER} })`);

/** Counts in `window.tones` what the browser plays. For a page that is not loaded yet. */
export const countTones = (page: Page): Promise<unknown> =>
  page.addInitScript(`
    window.tones = 0;
    const start = OscillatorNode.prototype.start;
    OscillatorNode.prototype.start = function (...when) { window.tones++; return start.apply(this, when); };`);

type Options = Parameters<typeof PanelPage.blank>[1];

/** Longer than the panel waits between two looks at the totals while it has no stream, ms. */
const LOOK_MS = 4000;

/** What `/total` says of a poll of so many, with as many votes as were ever cast in one, and after a whole night. */
export function nightOf(total: Json, names: readonly string[], votes: number): Json {
  const each = Math.floor(votes / names.length);
  const counts = names.map((_, index) => (index === 0 ? votes - each * (names.length - 1) : each));
  const rows = (part: number): object =>
    Object.fromEntries(counts.map((count, index) => [`voto_${String(index + 1)}`, Math.floor(count / part)]));
  const at = (msAgo: number): string => new Date(Date.now() - msAgo).toISOString();
  const hours = Array.from({ length: 30 }, (_, index) => (30 - index) * 3_600_000);
  const minutes = Array.from({ length: 60 }, (_, index) => (59 - index) * 60_000);
  return {
    ...total,
    ...{ total: votes, votos_ultima_hora: Math.floor(votes / 9), votos_por_segundo: votes / 100_000 },
    por_participante: names.map((nome, index) => ({
      ...{ numero: index + 1, nome, votos: counts[index]! },
      percentual: Math.round((10_000 * counts[index]!) / votes) / 100,
    })),
    por_hora: hours.map((ago) => ({ hora: at(ago), total: Math.floor(votes / 30), ...rows(30) })),
    por_minuto: minutes.map((ago) => ({ minuto: at(ago), total: Math.floor(votes / 500), ...rows(500) })),
    pico: { minuto: at(1_800_000), total: Math.floor(votes / 300) },
    mesmo_minuto: ['5', '4', '3'].map((paredao) => ({
      ...{ paredao, titulo: 'Quem fica na Casa de Vidro?', minuto: at(600_000_000), total: Math.floor(votes / 400) },
    })),
  };
}

/** A panel without a stream, that is told all it shows: what no spec can wait for. Its clock is the spec's. */
export class ToldPanel {
  private told: Json = {};

  private constructor(readonly panel: PanelPage) {}

  static async open(server: Server, first: Json, options?: Options): Promise<ToldPanel> {
    const told = new ToldPanel(await PanelPage.alone(server, options));
    const { page } = told.panel;
    await page.clock.install();
    await page.route('**/total/aovivo', refusal(503, 'too-many-streams', { 'retry-after': '300' }));
    await page.route('**/total', (route) => route.fulfill({ json: told.told }));
    told.told = first;
    return told;
  }

  /** What it shows from its next look on. */
  async tell(total: Json): Promise<void> {
    this.told = total;
    await this.panel.page.clock.fastForward(LOOK_MS);
  }
}
