import { setText } from '../shared/dom.ts';
import { setFitted } from '../shared/fitted.ts';

const fields = (name: string) => document.querySelectorAll<HTMLElement>(`[data-campo="${name}"]`);

/** Writes a value wherever the page has a place for it. */
export function fill(name: string, text: string): void {
  for (const field of fields(name)) setText(field, text);
}

/** The same for a number whose letters are as large as there is room. */
export function fillFitted(name: string, text: string): void {
  for (const field of fields(name)) setFitted(field, text);
}

/** Marks a fact that someone should look at. */
export function mark(name: string, isAlarming: boolean): void {
  for (const field of fields(name)) field.closest('.fact')?.setAttribute('data-alerta', String(isAlarming));
}
