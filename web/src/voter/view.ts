import { byId } from '../shared/dom.ts';
import { turnPage } from '../shared/turn-page.ts';

/** What the voter's page shows; the style sheet follows it. */
export type View = 'loading' | 'soon' | 'vote' | 'voted' | 'ended' | 'notice';

export const view = (): View => document.body.dataset['view'] as View;

/**
 * Shows something else. Whoever stood on what is gone now goes on at the message, or at the button of a notice; after a vote at the button,
 * as whoever shows it takes care of.
 */
export function setView(next: View): void {
  const before = document.activeElement;
  if (next === 'ended' && view() !== 'loading') turnPage();
  document.body.dataset['view'] = next;
  if (next !== 'voted') keepFocus(before);
}

/** @param before what had the focus before something was hidden */
export function keepFocus(before: Element | null): void {
  if (before === null || before === document.body || before.getClientRects().length > 0) return;
  const [message, retry] = [byId('mensagem', HTMLElement), byId('aviso-acao', HTMLElement)];
  (view() === 'notice' ? retry : message).focus();
}
