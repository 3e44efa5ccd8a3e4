import { byId, setText } from './dom.ts';
import type { Poll } from '#contract';

/** What answers about a poll say of what became of it. */
export type Outcome = Pick<Poll, 'anulado' | 'sem_conferencia'> & Partial<Pick<Poll, 'substitui'>>;

/** What everybody has to know of a poll for ever: that it is annulled, whom it replaces, or that nobody checked its result. */
function outcomeText({ anulado, substitui, sem_conferencia }: Outcome): string {
  if (anulado) return `Paredão anulado: ${anulado.motivo}`;
  const replaced = substitui
    ? `Este paredão substitui o paredão ${substitui.paredao}, anulado${substitui.motivo === null ? '.' : `: ${substitui.motivo}`}`
    : '';
  const unchecked = sem_conferencia === null ? '' : `Proclamado sem conferência: ${sem_conferencia}`;
  return [replaced, unchecked].filter((part) => part !== '').join(' ');
}

/** Shows or hides the line (`parts/closing.html`). Of an annulled poll the page shows no result. */
export function showOutcome(poll: Outcome): void {
  const line = byId('desfecho', HTMLElement);
  const text = outcomeText(poll);
  setText(line, text);
  line.hidden = text === '';
  document.body.dataset['desfecho'] = String(text !== '');
  document.body.dataset['anulado'] = String(poll.anulado !== null);
}
