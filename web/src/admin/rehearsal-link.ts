import { setText, within } from '../shared/dom.ts';
import type { PollSummary } from '#contract';

/** Where a rehearsal is voted on: only whoever has this address finds it. */
const linkOf = ({ id, chave = '' }: PollSummary): string =>
  new URL(`/?${new URLSearchParams({ paredao: id, chave }).toString()}`, location.origin).href;

/** Wires the line of a card that gives the link of a rehearsal. */
export function createRehearsalLink(card: HTMLElement): (poll: PollSummary) => void {
  const line = within(card, '.poll-rehearsal', HTMLElement);
  const link = within(line, 'a', HTMLAnchorElement);
  const copy = within(line, 'button', HTMLButtonElement);
  const copyLink = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(link.href);
      setText(copy, 'Copiado');
    } catch {
      // without HTTPS a page has no `navigator.clipboard` at all: the address can be selected
      setText(copy, 'Copie o endereço ao lado');
    }
  };
  copy.addEventListener('click', () => void copyLink());
  return (poll) => {
    line.hidden = poll.ensaio !== true;
    if (line.hidden) return;
    link.href = linkOf(poll);
    setText(link, link.href);
  };
}
