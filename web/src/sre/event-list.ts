import { byId, element, setText } from '../shared/dom.ts';
import { integer, time } from '../shared/format.ts';
import { withEvents } from './recent.ts';
import type { LogEvent, LogLevel } from '#contract';

const LEVEL_NAMES: Record<LogLevel, string> = { error: 'Erro', warn: 'Aviso', info: 'Info', debug: 'Debug' };

/** What most lines are about, in one line: "POST /votar/:participante 503 queue-full ×12". */
function gist({ method, route, status, code, count, err }: LogEvent['dados']): string {
  const times = typeof count === 'number' ? `×${integer(count)}` : undefined;
  const error = (err as { message?: unknown } | undefined)?.message;
  const parts = [method, route, status, code, times, error];
  return parts.filter((part) => typeof part === 'string' || typeof part === 'number').join(' ');
}

/** The row of an event; what else its line says opens with it. */
function eventRow({ nivel, registrado_em, origem, mensagem, dados }: LogEvent): HTMLElement {
  const more = Object.keys(dados).length > 0;
  const title = [document.createTextNode(`${mensagem} `), element('span', gist(dados), 'gist')];
  const message = more
    ? [element('details', [element('summary', title), element('pre', JSON.stringify(dados, undefined, 2))])]
    : mensagem;
  const row = element('tr', [
    element('td', time(registrado_em), 'number'),
    element('td', [element('span', LEVEL_NAMES[nivel], 'level')]),
    element('td', origem, 'origin'),
    element('td', message, 'message'),
  ]);
  row.dataset['nivel'] = nivel;
  return row;
}

/** All that a line says, to be searched in. */
const textOf = ({ origem, mensagem, dados }: LogEvent): string =>
  `${origem} ${mensagem} ${gist(dados)} ${JSON.stringify(dados)}`.toLocaleLowerCase('pt-BR');

/** The log. What is open stays open: rows are only added and taken away. While it is paused, lines are kept and counted. */
export class EventList {
  readonly #body = byId('linhas-eventos', HTMLTableSectionElement);
  readonly #search = byId('busca', HTMLInputElement);
  readonly #pause = byId('pausar', HTMLButtonElement);
  readonly #note = byId('eventos-novos', HTMLElement);
  readonly #rows = new Map<LogEvent, { readonly row: HTMLElement; readonly text: string }>();
  #kept: LogEvent[] = [];
  #isPaused = false;

  constructor() {
    for (const button of document.querySelectorAll<HTMLButtonElement>('.filter')) {
      button.addEventListener('click', () => this.#toggle(button));
    }
    this.#search.addEventListener('input', () => this.#filter());
    this.#pause.addEventListener('click', () => {
      this.#isPaused = !this.#isPaused;
      this.#pause.setAttribute('aria-pressed', String(this.#isPaused));
      this.#update();
    });
  }

  add(came: readonly LogEvent[]): void {
    this.#kept = withEvents(this.#kept, came);
    this.#update();
  }

  #toggle(button: HTMLButtonElement): void {
    const on = button.getAttribute('aria-pressed') !== 'true';
    button.setAttribute('aria-pressed', String(on));
    this.#body.toggleAttribute(`data-sem-${button.dataset['nivel'] ?? ''}`, !on);
  }

  #update(): void {
    if (!this.#isPaused) this.#draw();
    this.#say();
  }

  #draw(): void {
    const current = new Set(this.#kept);
    for (const [event, { row }] of this.#rows) {
      if (current.has(event)) continue;
      row.remove();
      this.#rows.delete(event);
    }
    const before = this.#rows.size;
    this.#kept.forEach((event, index) => {
      if (this.#rows.has(event)) return;
      const row = eventRow(event);
      this.#rows.set(event, { row, text: textOf(event) });
      this.#body.insertBefore(row, this.#body.children[index] ?? null);
    });
    if (this.#rows.size > before) this.#filter();
  }

  /** Every word has to be in the line. */
  #filter(): void {
    const words = this.#search.value.toLocaleLowerCase('pt-BR').split(/\s+/).filter(Boolean);
    for (const { row, text } of this.#rows.values()) row.hidden = !words.every((word) => text.includes(word));
    this.#say();
  }

  #say(): void {
    const found = [...this.#rows.values()].filter(({ row }) => !row.hidden).length;
    const searched =
      this.#search.value.trim() === '' ? '' : `${integer(found)} de ${integer(this.#rows.size)} linhas. `;
    const waiting = this.#kept.filter((event) => !this.#rows.has(event)).length;
    const paused = this.#isPaused
      ? `Em pausa: ${integer(waiting)} ${waiting === 1 ? 'linha nova' : 'linhas novas'}.`
      : '';
    setText(this.#note, `${searched}${paused}`);
  }
}
