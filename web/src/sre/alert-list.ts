import { byId, element, setText } from '../shared/dom.ts';
import { age } from '../shared/format.ts';
import { serverClock } from '../shared/server-clock.ts';
import type { FiringAlert, Operations } from '#contract';

const ASKED: Record<Operations['alertmanager'], string> = {
  ausente: 'Só os deste processo: não há Alertmanager configurado (ALERTMANAGER_URL).',
  responde: 'Os deste processo e os do Alertmanager.',
  calado: 'O Alertmanager não responde: só os deste processo.',
};

const PARTS = [
  ['Means', 'significa'],
  ['The public sees', 'publico'],
  ['Do', 'fazer'],
  ['Over when', 'acaba'],
] as const;

const SOURCES: Record<FiringAlert['origem'], string> = { processo: 'este processo', alertmanager: 'Alertmanager' };

const keyOf = ({ origem, nome, descricao, desde_em }: FiringAlert): string =>
  origem === 'processo' ? `processo ${nome}` : `${nome} ${desde_em} ${descricao}`;

/** The paragraph of docs/operations.md; it is in English. */
function runbook({ nome, roteiro }: FiringAlert): HTMLElement {
  const where = element('p', `docs/operations.md#${nome.toLowerCase()}`, 'where');
  if (roteiro === null) return where;
  const parts = PARTS.flatMap(([label, part]) => [element('dt', label), element('dd', roteiro[part])]);
  const list = element('dl', parts, 'runbook');
  list.lang = 'en';
  return element('div', [list, where]);
}

interface Item {
  readonly root: HTMLElement;
  show(alert: FiringAlert): void;
}

/** What is open stays open while its numbers change. */
function createItem(alert: FiringAlert): Item {
  const text = element('span', '', 'alert-text');
  const since = element('span', '', 'alert-since');
  const name = element('strong', alert.resumo || alert.nome);
  const root = element('li', [element('details', [element('summary', [name, text, since]), runbook(alert)])]);
  root.dataset['gravidade'] = alert.gravidade;
  root.dataset['alerta'] = alert.nome;
  return {
    root,
    show: ({ descricao, desde_em, origem, nome }) => {
      setText(text, descricao);
      const passed = Math.max((serverClock.now() - Date.parse(desde_em)) / 1_000, 0);
      setText(since, `${nome} · ${age(passed)} · ${SOURCES[origem]}`);
    },
  };
}

/** The alerts that fire, the gravest first; the first glance at the page and at its tab tells whether there are any. */
export class AlertList {
  readonly #list = byId('alertas', HTMLUListElement);
  readonly #note = byId('alertas-nota', HTMLElement);
  readonly #said = byId('alertas-ditos', HTMLElement);
  readonly #title = document.title;
  readonly #items = new Map<string, Item>();

  show(alerts: readonly FiringAlert[], asked: Operations['alertmanager']): void {
    const keys = new Set(alerts.map(keyOf));
    for (const [key, { root }] of this.#items) {
      if (keys.has(key)) continue;
      root.remove();
      this.#items.delete(key);
    }
    alerts.forEach((alert, index) => {
      const item = this.#items.get(keyOf(alert)) ?? createItem(alert);
      this.#items.set(keyOf(alert), item);
      item.show(alert);
      if (this.#list.children[index] !== item.root)
        this.#list.insertBefore(item.root, this.#list.children[index] ?? null);
    });
    document.body.dataset['alertas'] = String(alerts.length);
    document.title = alerts.length === 0 ? this.#title : `(${alerts.length}) ${this.#title}`;
    setText(this.#note, `${alerts.length === 0 ? 'Nenhum alerta. ' : ''}${ASKED[asked]}`);
    setText(this.#said, alerts.map(({ resumo, nome }) => resumo || nome).join('; '));
  }
}
