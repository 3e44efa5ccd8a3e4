import { byId } from '../shared/dom.ts';
import type { LineBand } from '../shared/line-band.ts';
import { type Visit, watchVisit } from './visit.ts';

/** What a visitor may do on the page. */
interface Acts extends Visit {
  /** The button of the bar, or Enter in the form. */
  readonly press: () => void;
  /** Somebody else instead of a vote that was not confirmed. */
  readonly chooseAgain: () => void;
}

/** Hears what the visitor does. */
export function listen({ press, chooseAgain, ...visit }: Acts, band: LineBand): void {
  const form = byId('cedula', HTMLFormElement);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    press();
  });
  // a key that is held down casts one vote
  form.addEventListener('keydown', (event) => {
    if (event.repeat && (event.key === 'Enter' || event.key === ' ')) event.preventDefault();
  });
  byId('trocar', HTMLButtonElement).addEventListener('click', chooseAgain);
  watchVisit(visit, band);
}
