import type { Page, Route } from 'playwright-core';

import type { Json } from '../../support/client.ts';
import { reached } from './browser.ts';
import { refusal } from './voter-page.ts';

const at = (minutes: number): string => new Date(Date.now() + minutes * 60_000).toISOString();

const PEOPLE = [
  { numero: 1, nome: 'Aurora Estrela' },
  { numero: 2, nome: 'Íris Trovão' },
];

/** The answers agree on it: what they do not agree on is news to the page. */
const END = at(30);

/** What answers about a poll have in common. */
const common = (): object => ({
  ...{ titulo: 'Quem você quer eliminar?', finalidade: 'eliminar', estado: 'aberto', cedula: '1-7f2a91c4' },
  ...{ aberto_em: at(-60), encerra_em: END, encerrado_em: null, pausado_em: null, atualizado_em: at(0) },
  ...{ conferido_em: null, proclamado_em: null, sem_conferencia: null, anulado: null },
  ...{ divulgacao: 'sempre', parcial_para: 'todos', participantes: PEOPLE },
});

const poll = (change: object): object => ({
  ...common(),
  ...{ id: '1', abre_em: null, substitui: null, tem_regulamento: true, versao: '5b0c2f8e9d1a4c37', correcoes: [] },
  ...change,
});

const result = (change: object): object => ({
  ...common(),
  ...{ paredao: '1', parcial_visivel: true, sem_votos: false, lider: 1, final: false, completo: true, boletim: null },
  participantes: PEOPLE.map((one, index) => ({ ...one, percentual: [51.2, 48.8][index] })),
  ...change,
});

const CLOSED = { estado: 'encerrado', encerra_em: null, encerrado_em: at(-1) };
const HELD = {
  ...{ parcial_para: 'ninguem', parcial_visivel: false, sem_votos: null, lider: null },
  participantes: PEOPLE.map((one) => ({ ...one, percentual: null })),
};
const PAPER = { boletim: '/urna/1/boletim' };
const PROCLAIMED = { ...CLOSED, ...PAPER, estado: 'proclamado', proclamado_em: at(0), final: true };
const ANNULLED = {
  ...{ ...CLOSED, ...PAPER, estado: 'anulado', final: true },
  anulado: { motivo: 'O nome de um participante estava errado na cédula.', anulado_em: at(0) },
};
/** Each of them changes what both pages say of the poll. */
const POLLS = {
  open: {},
  paused: { pausado_em: at(-1) },
  closed: { ...CLOSED, ...HELD },
  proclaimed: PROCLAIMED,
  annulled: { ...ANNULLED, ...HELD },
  rehearsal: { ensaio: true },
} as const;

/** How a page comes into a state. */
export interface PublicState {
  readonly name: string;
  readonly path: '/' | '/resultado.html';
  readonly enter: (page: Page) => Promise<void>;
}

const json =
  (body: object) =>
  (route: Route): Promise<void> =>
    route.fulfill({ json: body });

/** Nothing but what the pages are made of comes from the service: no vote is cast, and all is as it is told. */
async function pretend(page: Page, change: Json): Promise<void> {
  await page.route('**/paredao', json(poll(change as object)));
  await page.route(/\/resultado(\?|$)/, json({ ...result(change as object), inclui_seu_voto: true }));
  await page.route('**/resultado/aovivo', refusal(503, 'too-many-streams', { 'retry-after': '60' }));
}

const stored = (route: Route): Promise<void> =>
  route.fulfill({
    status: 201,
    json: {
      voto: { id: 'x', paredao: '1', participante: 1, registradoEm: at(0), posicao: 'x' },
      passe: `2026-11-23T22.${'A'.repeat(22)}`,
    },
  });
const BUSY = refusal(429, 'too-many-challenges', { 'retry-after': '60' });
const NONE = refusal(404, 'poll-not-found');
const away = (route: Route): Promise<void> => route.abort();

async function choose(page: Page): Promise<void> {
  await page.getByRole('radio', { name: 'Aurora Estrela' }).click();
}

async function vote(page: Page, answer: (route: Route) => Promise<void>): Promise<void> {
  await page.route('**/votar/*', answer);
  await choose(page);
  await page.locator('#acao').click();
}

const voter = (name: string, view: string, change: object, then?: (page: Page) => Promise<void>): PublicState => ({
  name: `votar: ${name}`,
  path: '/',
  async enter(page) {
    await pretend(page, change as Json);
    await page.goto('/');
    await reached(page, `body[data-view="${view}"]`);
    await then?.(page);
  },
});

const phase = (name: string) => (page: Page) => reached(page, `body[data-phase="${name}"]`);

const VOTER: readonly PublicState[] = [
  voter('choosing', 'vote', POLLS.open),
  voter('chosen', 'vote', POLLS.open, choose),
  voter('waiting', 'vote', POLLS.open, async (page) => {
    await vote(page, BUSY);
    await phase('waiting')(page);
  }),
  voter('refused', 'vote', POLLS.open, async (page) => {
    await vote(page, refusal(403, 'human-check-invalid'));
    await phase('failed')(page);
  }),
  voter('offline', 'vote', POLLS.open, async (page) => {
    await page.context().setOffline(true);
    await vote(page, away);
    await phase('offline')(page);
  }),
  voter('stale', 'vote', POLLS.open, async (page) => {
    await page.route('**/paredao', away);
    await page.evaluate('window.dispatchEvent(new Event("online"))');
    await reached(page, '#sem-conexao:not(:empty)');
  }),
  voter('confirmed', 'vote', POLLS.open, async (page) => {
    await vote(page, stored);
    await reached(page, 'body[data-view="voted"]');
    await page.locator('#mensagem').filter({ hasText: 'já inclui o seu voto' }).waitFor();
  }),
  voter('paused', 'vote', POLLS.paused),
  voter('scheduled', 'soon', { estado: 'agendado', abre_em: at(30), aberto_em: null }),
  voter('closed', 'ended', POLLS.closed),
  voter('proclaimed', 'ended', POLLS.proclaimed),
  voter('annulled', 'ended', POLLS.annulled),
  voter('rehearsal', 'vote', POLLS.rehearsal),
  {
    name: 'votar: no poll',
    path: '/',
    async enter(page) {
      await page.route('**/paredao', NONE);
      await page.goto('/');
      await reached(page, 'body[data-view="notice"]');
    },
  },
];

const shown = (name: string, change: object): PublicState => ({
  name: `resultado: ${name}`,
  path: '/resultado.html',
  async enter(page) {
    await pretend(page, change as Json);
    await page.goto('/resultado.html');
    await reached(page, 'main[data-view="result"]');
  },
});

const RESULT: readonly PublicState[] = [
  ...Object.entries(POLLS).map(([name, change]) => shown(name, change)),
  shown('held', { ...HELD, parcial_para: 'quem-votou', divulgacao: 'depois-do-voto' }),
  {
    name: 'resultado: stale',
    path: '/resultado.html',
    async enter(page) {
      await shown('', POLLS.open).enter(page);
      await page.route(/\/resultado(\?|$)/, away);
      await reached(page, 'body[data-conexao="lost"]');
    },
  },
  {
    name: 'resultado: no poll',
    path: '/resultado.html',
    async enter(page) {
      await page.route('**/resultado/aovivo', away);
      await page.route('**/resultado', NONE);
      await page.goto('/resultado.html');
      await reached(page, 'main[data-view="none"]');
    },
  },
];

/** Every state of the two pages that the public sees. */
export const PUBLIC_STATES: readonly PublicState[] = [...VOTER, ...RESULT];

/** Longer than a page waits between two looks, ms. */
const LOOK_MS = 10_000;
/** The same at a result that is out. */
const LOOK_FINAL_MS = 40_000;

/** Of a poll that ends within the minute, from the moment in which it is told. */
const lastMinute = (): object => ({ encerra_em: at(0.99) });

/** Time for what a page does in its next frames, ms. */
const FRAMES_MS = 500;

/** What becomes of a poll. */
interface Change {
  readonly name: string;
  /** Undefined: the service is away. */
  readonly change: () => object | undefined;
  /** What shows that a page knows. */
  readonly sign: string;
  readonly lookMs?: number;
}

const badge = (state: string): string => `#selo[data-estado="${state}"]`;

/** What a page hears of while somebody looks at it. */
export const PUBLIC_LIFE: readonly Change[] = [
  { name: 'paused', change: () => POLLS.paused, sign: '#fim[data-fase="paused"]' },
  { name: 'open again', change: () => POLLS.open, sign: '#fim[data-fase="running"]' },
  { name: 'in its last minute', change: lastMinute, sign: '#fim[data-fase="last-minute"]' },
  { name: 'out of reach', change: () => undefined, sign: '.banner:not(#sessao):not(:empty)' },
  { name: 'in reach again', change: () => POLLS.open, sign: '#fim[data-fase="running"]' },
  { name: 'closed', change: () => POLLS.closed, sign: badge('encerrado') },
  { name: 'proclaimed', change: () => POLLS.proclaimed, sign: badge('proclamado') },
  { name: 'annulled', change: () => POLLS.annulled, sign: badge('anulado'), lookMs: LOOK_FINAL_MS },
];

/** A page of the public whose clock only moves when it is told something. */
export class ToldPublic {
  private change: object | undefined = POLLS.open;

  private constructor(readonly page: Page) {}

  /** @param page a blank one */
  static async open(page: Page, path: PublicState['path']): Promise<ToldPublic> {
    const told = new ToldPublic(page);
    const answer =
      (body: (change: object) => object) =>
      (route: Route): Promise<void> =>
        told.change === undefined ? away(route) : route.fulfill({ json: body(told.change) });
    await page.clock.install();
    await page.route('**/paredao', answer(poll));
    await page.route(/\/resultado(\?|$)/, answer(result));
    await page.route('**/resultado/aovivo', refusal(503, 'too-many-streams', { 'retry-after': '600' }));
    await page.goto(path);
    await reached(page, '#fim[data-fase="running"]');
    return told;
  }

  /** It hears of a change at its next look, and shows it. */
  async tell({ change, sign, lookMs = LOOK_MS }: Change): Promise<void> {
    this.change = change();
    await this.page.clock.fastForward(lookMs);
    await reached(this.page, sign);
    // painted, before the page's own frames go on
    await this.page.screenshot({ clip: { x: 0, y: 0, width: 1, height: 1 } });
    await this.page.clock.runFor(FRAMES_MS);
  }
}
