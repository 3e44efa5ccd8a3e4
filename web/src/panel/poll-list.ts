import { fetchPolls } from '../shared/api.ts';
import { byId, element, setText } from '../shared/dom.ts';
import { day, future, votes } from '../shared/format.ts';
import { serverClock } from '../shared/server-clock.ts';
import { showState, shownState } from '../shared/state-badge.ts';
import { createLoop } from '../shared/timing.ts';
import type { PollSummary } from '#contract';

/** From one look at the list to the next: while nobody reads it, while somebody does, and after one that failed, ms. */
const PAUSE = 60_000;
const OPEN_PAUSE = 3_000;
const RETRY = 10_000;

const now = (): string => new Date(serverClock.now()).toISOString();

const byOpening = (a: PollSummary, b: PollSummary): number => ((a.abre_em ?? '') < (b.abre_em ?? '') ? -1 : 1);

/** Those that open by themselves, the soonest first. */
const scheduled = (polls: readonly PollSummary[]): PollSummary[] =>
  polls.filter(({ estado }) => estado === 'agendado').toSorted(byOpening);

const titleOf = ({ id, titulo, ensaio }: PollSummary): string => `${ensaio ? 'ENSAIO · ' : ''}Nº ${id}: ${titulo}`;

/** When it opens, or how many votes it has and since when. */
function noteOf({ abre_em, aberto_em, total }: PollSummary): string {
  if (aberto_em === null) return `Abre ${future(abre_em ?? now(), now())}`;
  return `${votes(total)}, aberto em ${day(aberto_em)}`;
}

/** What a line says of a poll. A line without a link is of one that has no totals yet. */
function entry(poll: PollSummary, isShown: boolean): HTMLElement {
  const badge = element('span', '', 'state-badge');
  showState(badge, shownState(poll));
  const parts = [element('strong', titleOf(poll)), badge, element('span', '', 'poll-note')];
  if (poll.aberto_em === null) return element('li', [element('p', parts, 'poll-line')]);
  const link = element('a', parts, 'poll-line');
  link.href = `/painel.html?paredao=${poll.id}`;
  if (isShown) link.setAttribute('aria-current', 'page');
  return element('li', [link]);
}

/** What makes another line of a poll: votes that were counted meanwhile do not. */
const keyOf = (polls: readonly PollSummary[], shown: string): string =>
  JSON.stringify([shown, ...polls.map((poll) => [titleOf(poll), shownState(poll)])]);

/** The list of all polls, and which one opens next. */
export class PollList {
  readonly #dialog = byId('paredoes', HTMLDialogElement);
  readonly #list = byId('paredoes-lista', HTMLElement);
  readonly #note = byId('paredoes-nota', HTMLElement);
  readonly #next = byId('proximo', HTMLElement);
  readonly #loop = createLoop();
  #token = '';
  #polls: readonly PollSummary[] | undefined;
  /** Id and state of the poll on the page. */
  #shown = { id: '', state: '' };
  #key = '';

  constructor() {
    byId('paredoes-abrir', HTMLButtonElement).addEventListener('click', () => {
      this.#look();
      this.#dialog.showModal();
    });
  }

  open(token: string): void {
    this.use(token);
    this.#look();
  }

  /** Whose login the list is asked for with. */
  use(token: string): void {
    this.#token = token;
  }

  close(): void {
    this.#loop.stop();
    this.#dialog.close();
  }

  /** A poll that opens or closes is news for the list. */
  show(id: string, state: string): void {
    if (id === this.#shown.id && state === this.#shown.state) return;
    const isNews = this.#shown.id !== '';
    this.#shown = { id, state };
    if (isNews) this.#look();
    else this.#paint();
  }

  #look(): void {
    this.#loop.start(async () => {
      try {
        this.#polls = await fetchPolls(this.#token);
        setText(this.#note, '');
        this.#paint();
        return this.#dialog.open ? OPEN_PAUSE : PAUSE;
      } catch {
        setText(this.#note, `A lista não veio. Nova tentativa a cada ${RETRY / 1_000} s.`);
        return RETRY;
      }
    });
  }

  #paint(): void {
    if (!this.#polls) return;
    const coming = scheduled(this.#polls);
    const [next] = coming;
    setText(
      this.#next,
      next ? `Próximo: ${future(next.abre_em ?? now(), now())} · ${next.titulo}` : 'Nenhum paredão agendado',
    );
    const listed = [...coming, ...this.#polls.filter(({ aberto_em }) => aberto_em !== null)];
    const key = keyOf(listed, this.#shown.id);
    // whoever goes through the lines with the keys keeps their place
    if (key !== this.#key) this.#list.replaceChildren(...listed.map((poll) => entry(poll, poll.id === this.#shown.id)));
    this.#key = key;
    for (const [index, note] of this.#list.querySelectorAll('.poll-note').entries())
      setText(note, noteOf(listed[index]!));
  }
}
