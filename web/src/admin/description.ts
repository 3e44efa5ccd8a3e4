import { within } from '../shared/dom.ts';
import { described } from '../shared/purpose.ts';
import { offer } from './feedback.ts';
import type { OpenBody, Poll, PollSummary } from '#contract';

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
  return purpose.value === '' ? description : { ...description, finalidade: purpose.value as 'eliminar' };
}

/** Says below the list of purposes that one must be chosen, and takes the focus there. @returns whether one is */
export function hasPurpose(form: HTMLElement): boolean {
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

type Announced = Pick<Poll, 'titulo' | 'finalidade'> & { readonly participantes: readonly { readonly nome: string }[] };

/** What will be on air, for whoever is about to open it. */
export function announcement({ titulo, finalidade, participantes }: Announced, regulamento: string): string {
  const names = new Intl.ListFormat('pt-BR').format(participantes.map(({ nome }) => nome));
  const rules = regulamento === '' ? 'Sem regulamento' : 'Com regulamento';
  return `“${titulo}”: ${names}. ${described(finalidade) || 'Sem finalidade'}. ${rules}.`;
}
