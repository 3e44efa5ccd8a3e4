import { fetchRules } from './voter-api.ts';
import { publicDialog } from '../shared/dialog.ts';
import { byId, setText } from '../shared/dom.ts';
import type { Poll } from '#contract';

/** The rules of the poll: a button where there are any, and a dialog that asks for them when it opens. */
export interface Rules {
  offer(poll: Pick<Poll, 'id' | 'tem_regulamento'>): void;
}

/** Wires them. */
export function createRules(): Rules {
  const button = byId('regulamento', HTMLButtonElement);
  const dialog = publicDialog('regulamento-janela');
  const text = byId('regulamento-texto', HTMLElement);
  let id = '';
  let loaded = '';

  async function load(wanted: string): Promise<void> {
    setText(text, 'Carregando…');
    try {
      const { regulamento } = await fetchRules(wanted);
      loaded = wanted;
      setText(text, regulamento);
    } catch {
      setText(text, 'Não foi possível carregar o regulamento. Feche e abra de novo.');
    }
  }

  button.addEventListener('click', () => {
    dialog.open();
    if (loaded !== id) void load(id);
  });
  byId('regulamento-fechar', HTMLButtonElement).addEventListener('click', () => dialog.close());
  return {
    offer(poll) {
      id = poll.id;
      button.hidden = !poll.tem_regulamento;
    },
  };
}
