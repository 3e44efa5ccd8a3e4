import { element } from './dom.ts';

/** An entry of a legend: the participant's colour and hatching, and the name. */
export const legendEntry = (): HTMLLIElement =>
  element('li', [element('span', '', 'swatch'), element('span', '', 'name')]);

/** The heading of a participant's column: the sign with the number, and the name for ears. */
export function numberHeading(number: number): HTMLTableCellElement {
  const heading = element('th', [element('span', String(number), 'chip'), element('span', '', 'sr-only')]);
  heading.scope = 'col';
  return heading;
}
