import { DraftPeople, type PeopleRequests } from './draft-people.ts';
import type { DraftValues } from './draft-values.ts';
import { type Policy, policyHelp } from './policy.ts';
import { setText, within } from '../shared/dom.ts';
import type { PollSummary } from '#contract';

type TextName = Exclude<keyof DraftValues, 'participantes' | 'ensaio'>;
type TextField = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

/** The one form of a draft: what it says, who takes part, and when. */
export class DraftForm {
  readonly #root: HTMLElement;
  readonly #fields: Record<TextName, TextField>;
  readonly #people: DraftPeople;
  readonly #help: HTMLElement;
  /** Only in the form of a poll that is not there yet. */
  readonly #rehearsal: HTMLInputElement | null;
  readonly #replaced: HTMLSelectElement;

  /** `changed` is called with everything that somebody writes or chooses. */
  constructor(form: HTMLFormElement, requests: PeopleRequests) {
    this.#root = form;
    this.#replaced = within(form, '[name="substitui"]', HTMLSelectElement);
    this.#fields = {
      titulo: within(form, '[name="titulo"]', HTMLInputElement),
      finalidade: within(form, '[name="finalidade"]', HTMLSelectElement),
      divulgacao: within(form, '[name="divulgacao"]', HTMLSelectElement),
      regulamento: within(form, '[name="regulamento"]', HTMLTextAreaElement),
      abre_em: within(form, '[name="abre"]', HTMLInputElement),
      encerra_em: within(form, '[name="encerra"]', HTMLInputElement),
      substitui: this.#replaced,
    };
    this.#people = new DraftPeople(form, requests);
    this.#help = within(form, '.policy-help', HTMLElement);
    this.#rehearsal = form.querySelector('[name="ensaio"]');
    form.addEventListener('input', () => {
      this.#explain();
      requests.changed();
    });
  }

  values(): DraftValues {
    const { titulo, finalidade, divulgacao, regulamento, abre_em, encerra_em } = this.#fields;
    return {
      ...{ titulo: titulo.value, finalidade: finalidade.value, divulgacao: divulgacao.value },
      ...{ regulamento: regulamento.value, ensaio: this.#rehearsal?.checked ? 'sim' : '' },
      ...{ abre_em: abre_em.value, encerra_em: encerra_em.value, substitui: this.#replaced.value },
      participantes: this.#people.values(),
    };
  }

  /** Writes only what differs: whoever is writing something else is not disturbed. */
  show(values: DraftValues): void {
    assure(this.#replaced, values.substitui);
    for (const [name, field] of Object.entries(this.#fields)) {
      const value = values[name as TextName];
      if (field.value !== value) field.value = value;
    }
    if (this.#rehearsal) this.#rehearsal.checked = values.ensaio !== '';
    this.#explain();
    this.#people.show(values.participantes);
  }

  /** Offers the annulled polls that it may be held in place of, the newest first. The choice stays. */
  offer(annulled: readonly PollSummary[]): void {
    const { value } = this.#replaced;
    within(this.#root, '.replaced', HTMLElement).hidden = annulled.length === 0 && value === '';
    const choices = [['', 'Nenhum'], ...annulled.map(({ id, titulo }) => [id, `nº ${id}: ${titulo}`])] as [
      string,
      string,
    ][];
    const shown = [...this.#replaced.options].map(({ text }) => text);
    if (choices.map(([, text]) => text).join('\n') === shown.join('\n')) return;
    this.#replaced.replaceChildren(...choices.map(([id, text]) => new Option(text, id)));
    assure(this.#replaced, value);
    this.#replaced.value = value;
  }

  /** Says below the choice of a policy what it means. */
  #explain(): void {
    setText(this.#help, policyHelp(this.#fields.divulgacao.value as Policy));
  }

  /** Whether a purpose is chosen. If not, the list of them is marked and gets the focus. */
  requirePurpose(): boolean {
    const { finalidade } = this.#fields;
    finalidade.setAttribute('aria-invalid', String(finalidade.value === ''));
    if (finalidade.value === '') finalidade.focus();
    return finalidade.value !== '';
  }
}

/** What was kept may be chosen before the page knows what there is to choose from. */
function assure(select: HTMLSelectElement, value: string): void {
  if (![...select.options].some((option) => option.value === value)) select.add(new Option(`nº ${value}`, value));
}
