import { DraftPeople, type PeopleRequests } from './draft-people.ts';
import type { DraftValues } from './draft-values.ts';
import { type Policy, policyHelp } from './policy.ts';
import { setText, within } from '../shared/dom.ts';

type TextName = Exclude<keyof DraftValues, 'participantes' | 'ensaio' | 'substitui'>;
type TextField = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

/** The one form of a draft: what it says, who takes part, and when. */
export class DraftForm {
  readonly #fields: Record<TextName, TextField>;
  readonly #people: DraftPeople;
  readonly #help: HTMLElement;
  /** Only in the form of a poll that is not there yet. */
  readonly #rehearsal: HTMLInputElement | null;
  readonly #replaced: HTMLSelectElement | null;

  /** `changed` is called with everything that somebody writes or chooses. */
  constructor(form: HTMLFormElement, requests: PeopleRequests) {
    this.#fields = {
      titulo: within(form, '[name="titulo"]', HTMLInputElement),
      finalidade: within(form, '[name="finalidade"]', HTMLSelectElement),
      divulgacao: within(form, '[name="divulgacao"]', HTMLSelectElement),
      regulamento: within(form, '[name="regulamento"]', HTMLTextAreaElement),
      abre_em: within(form, '[name="abre"]', HTMLInputElement),
      encerra_em: within(form, '[name="encerra"]', HTMLInputElement),
    };
    this.#people = new DraftPeople(form, requests);
    this.#help = within(form, '.policy-help', HTMLElement);
    this.#rehearsal = form.querySelector('[name="ensaio"]');
    this.#replaced = form.querySelector('[name="substitui"]');
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
      ...{ abre_em: abre_em.value, encerra_em: encerra_em.value, substitui: this.#replaced?.value ?? '' },
      participantes: this.#people.values(),
    };
  }

  /** Writes only what differs: whoever is writing something else is not disturbed. */
  show(values: DraftValues): void {
    for (const [name, field] of Object.entries(this.#fields)) {
      const value = values[name as TextName];
      if (field.value !== value) field.value = value;
    }
    if (this.#rehearsal) this.#rehearsal.checked = values.ensaio !== '';
    if (this.#replaced) choose(this.#replaced, values.substitui);
    this.#explain();
    this.#people.show(values.participantes);
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
function choose(select: HTMLSelectElement, value: string): void {
  if (![...select.options].some((option) => option.value === value)) select.add(new Option(`nº ${value}`, value));
  select.value = value;
}
