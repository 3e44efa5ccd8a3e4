import type { PollState } from '#contract';
import { setText } from './dom.ts';

/** What a badge says: an open poll may be paused. */
export type ShownState = PollState | 'pausado';

const texts: Record<ShownState, string> = {
  rascunho: 'Rascunho',
  agendado: 'Em breve',
  descartado: 'Descartado',
  aberto: 'Ao vivo',
  pausado: 'Pausado',
  encerrado: 'Encerrado',
  conferido: 'Conferido',
  proclamado: 'Resultado final',
  anulado: 'Anulado',
};

/** What a badge is made of. */
export interface State {
  readonly estado: PollState;
  readonly pausado_em: string | null;
}

export const shownState = ({ estado, pausado_em }: State): ShownState =>
  estado === 'aberto' && pausado_em !== null ? 'pausado' : estado;

/** Whether a poll of this state is open, paused or not. */
export const isOnAir = (state: string): boolean => state === 'aberto' || state === 'pausado';

/** Whether the poll of a badge becomes something else by this state: opened, over, proclaimed, annulled. */
export const isNewChapter = ({ dataset: { estado } }: HTMLElement, state: ShownState): boolean =>
  estado !== undefined && estado !== state && !(isOnAir(estado) && isOnAir(state));

/** Shows a state on the badge beside a poll's title. */
export function showState(badge: HTMLElement, state: ShownState): void {
  badge.dataset['estado'] = state;
  setText(badge, texts[state]);
}
