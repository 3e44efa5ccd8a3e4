import { byId } from './dom.ts';

/** What answers about a poll say of it. */
interface Marked {
  readonly ensaio?: true;
}

const MARK = 'ENSAIO · ';

/** Whether what the page shows is a rehearsal. */
export const isRehearsal = (): boolean => document.body.dataset['ensaio'] === 'true';

/** Shows or hides the band (`parts/rehearsal.html`), and marks the title of the window. */
export function showRehearsal({ ensaio }: Marked): void {
  document.body.dataset['ensaio'] = String(ensaio === true);
  byId('ensaio', HTMLElement).hidden = ensaio !== true;
  const title = document.title.replace(MARK, '');
  document.title = ensaio ? MARK + title : title;
}
