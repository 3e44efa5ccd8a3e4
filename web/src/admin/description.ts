import { setText, within } from '../shared/dom.ts';
import type { Purpose } from '../shared/purpose.ts';
import { offer } from './feedback.ts';
import type { OpenBody, Poll, PollSummary } from '#contract';

/** Title, purpose, policy and rules, as the fields of a form have them. */
export type Description = Pick<OpenBody, 'titulo'> &
  Required<Pick<OpenBody, 'regulamento'>> &
  Required<Pick<OpenBody, 'divulgacao'>> &
  Pick<OpenBody, 'finalidade'>;

type Policy = Poll['divulgacao'];

/** What each policy means, for whoever chooses one. After the closing all are alike. */
const MEANINGS: Record<Policy, string> = {
  'depois-do-voto': 'Quem votou vê a parcial ao vivo; os outros, só o convite para votar.',
  sempre: 'Todo mundo vê a parcial ao vivo, votando ou não.',
  'no-fim': 'Ninguém do público vê a parcial enquanto a votação está aberta.',
  'sob-comando': 'A parcial aparece e some quando a produção mandar, no painel.',
};
const AT_THE_END = 'Depois do encerramento, o resultado só sai quando for proclamado. O painel vê sempre.';

const fieldsOf = (form: HTMLElement) => ({
  title: within(form, '[name="titulo"]', HTMLInputElement),
  purpose: within(form, '[name="finalidade"]', HTMLSelectElement),
  policy: within(form, '[name="divulgacao"]', HTMLSelectElement),
  rules: within(form, '[name="regulamento"]', HTMLTextAreaElement),
});

/** Reads the fields. A purpose that nobody chose is none. */
export function readDescription(form: HTMLElement): Description {
  const { title, purpose, policy, rules } = fieldsOf(form);
  const divulgacao = policy.value as Policy;
  const description = { titulo: title.value, regulamento: rules.value, divulgacao };
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
export function showDescription(form: HTMLElement, poll: PollSummary): void {
  const { titulo, finalidade, divulgacao, regulamento } = poll;
  const { title, purpose, policy, rules } = fieldsOf(form);
  offer(title, titulo);
  offer(purpose, finalidade ?? '');
  offer(policy, divulgacao);
  explainPolicy(form);
  offer(rules, regulamento ?? '');
}

/** Says below the choice what it means, and does so again when another one is made. */
export function explainPolicy(form: HTMLElement): void {
  const { policy } = fieldsOf(form);
  const say = () =>
    setText(within(form, '.policy-help', HTMLElement), `${MEANINGS[policy.value as Policy]} ${AT_THE_END}`);
  policy.onchange = say;
  say();
}

/** What stands in the fields was saved: they take what the server has made of it. */
export function markSaved(form: HTMLElement): void {
  for (const field of Object.values(fieldsOf(form))) field.dataset['shown'] = field.value;
}
