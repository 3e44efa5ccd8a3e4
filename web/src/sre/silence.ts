import { byId, setText } from '../shared/dom.ts';

/** Without a frame for so long the page says so; frames come twice a second. */
const LIMIT = 2_000;
/** And after so long the connection is made anew. */
export const BROKEN = 5_000;
/** From one try to the next, ms. */
export const RETRY = 2_000;
const LOOK = 250;

/** Says for how long no data has come, and what the page does about it. */
export class Silence {
  readonly #box = byId('silencio', HTMLElement);
  readonly #since = byId('silencio-tempo', HTMLElement);
  readonly #next = byId('silencio-depois', HTMLElement);
  readonly #pill = byId('estado-conexao', HTMLElement);
  readonly #began: () => void;
  #last: number | undefined;

  /** @param began called when it begins */
  constructor(began: () => void) {
    this.#began = began;
    setInterval(() => this.#look(), LOOK);
  }

  get isSilent(): boolean {
    return this.#last !== undefined && performance.now() - this.#last >= LIMIT;
  }

  begin(): void {
    this.#last = performance.now();
  }

  heard(): void {
    this.#last = performance.now();
    this.#look();
  }

  #look(): void {
    const { view, conexao } = document.body.dataset;
    const isKnown = conexao === 'missing' || conexao === 'resting';
    const isShown = view === 'painel' && !isKnown && this.isSilent;
    if (isShown && this.#box.hidden) this.#began();
    this.#box.hidden = !isShown;
    document.body.dataset['silencio'] = String(isShown);
    if (!isShown || this.#last === undefined) return;
    const silent = performance.now() - this.#last;
    const left = Math.max(Math.ceil((BROKEN - silent) / 1_000), 1);
    setText(this.#since, `há ${Math.floor(silent / 1_000)} s`);
    setText(this.#next, conexao === 'live' ? `A página refaz a conexão em ${left} s.` : `${this.#pill.textContent}.`);
  }
}
