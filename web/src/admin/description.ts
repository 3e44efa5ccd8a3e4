import { within } from '../shared/dom.ts';
import type { Purpose } from '../shared/purpose.ts';
import { offer } from './feedback.ts';
import type { OpenBody, PollSummary } from '#contract';

/** Title, purpose and rules, as the fields of a form have them. */
export type Description = Pick<OpenBody, 'titulo'> &
  Required<Pick<OpenBody, 'regulamento'>> &
  Pick<OpenBody, 'finalidade'>;

const fieldsOf = (form: HTMLElement) => ({
  title: within(form, '[name="titulo"]', HTMLInputElement),
  purpose: within(form, '[name="finalidade"]', HTMLSelectElement),
  rules: within(form, '[name="regulamento"]', HTMLTextAreaElement),
});

/** Reads the fields. A purpose that nobody chose is none. */
export function readDescription(form: HTMLElement): Description {
  const { title, purpose, rules } = fieldsOf(form);
  const description = { titulo: title.value, regulamento: rules.value };
  return purpose.value === '' ? description : { ...description, finalidade: purpose.value as NonNullable<Purpose> };
}

/** Whether a purpose is chosen. If not, the list of them is marked and gets the focus. */
export function requirePurpose(form: HTMLElement): boolean {
  const { purpose } = fieldsOf(form);
  purpose.setAttribute('aria-invalid', String(purpose.value === ''));
  if (purpose.value === '') purpose.focus();
  return purpose.value !== '';
}

/** Shows what a poll says in fields that nobody is writing in. */
export function showDescription(form: HTMLElement, { titulo, finalidade, regulamento }: PollSummary): void {
  const { title, purpose, rules } = fieldsOf(form);
  offer(title, titulo);
  offer(purpose, finalidade ?? '');
  offer(rules, regulamento ?? '');
}

/** What stands in the fields was saved: they take what the server has made of it. */
export function markSaved(form: HTMLElement): void {
  for (const field of Object.values(fieldsOf(form))) field.dataset['shown'] = field.value;
}
