import type { PollState } from '#contract';
import { setText } from './dom.ts';

const texts: Record<PollState, string> = {
  rascunho: 'Rascunho',
  agendado: 'Em breve',
  descartado: 'Descartado',
  aberto: 'Ao vivo',
  encerrado: 'Encerrado',
  apurado: 'Resultado final',
};

/** What to show of a state: a result can be final a moment before the poll is known to be sealed. */
export const shownState = ({ estado, final }: { estado: PollState; final: boolean }): PollState =>
  final ? 'apurado' : estado;

/** Shows a state on the badge beside a poll's title. */
export function showState(badge: HTMLElement, state: PollState): void {
  badge.dataset['estado'] = state;
  setText(badge, texts[state]);
}
