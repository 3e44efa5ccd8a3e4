import type { DraftForm } from './draft-form.ts';
import { type DraftValues, FIELD_NAMES, differences, matched, merge, reading } from './draft-values.ts';
import type { KeptDrafts } from './kept-drafts.ts';
import { element, setText, within } from '../shared/dom.ts';

type Field = keyof DraftValues;

/** What is not saved of a draft: shown, kept in this browser, and held against what others save meanwhile. */
export class Unsaved {
  readonly #form: DraftForm;
  readonly #id: string;
  readonly #kept: KeptDrafts;
  readonly #line: HTMLElement;
  readonly #undo: HTMLButtonElement;
  readonly #choices: HTMLElement;
  #base: DraftValues;
  #theirs: DraftValues;
  #conflicts: readonly Field[] = [];
  #isKept = true;

  /** Begins with what this browser kept, else with what the service says. */
  constructor(root: HTMLElement, form: DraftForm, id: string, kept: KeptDrafts, values: DraftValues) {
    this.#form = form;
    this.#id = id;
    this.#kept = kept;
    this.#line = within(root, '.unsaved-line', HTMLElement);
    this.#undo = within(root, '.unsaved-undo', HTMLButtonElement);
    this.#choices = within(root, '.conflicts', HTMLElement);
    // of the form for a new poll each login has one of its own
    this.#undo.onclick = () => {
      this.restart(this.#theirs);
      this.#line.focus();
    };
    const before = kept.of(id);
    this.#base = before?.base ?? values;
    this.#theirs = values;
    form.show(before?.mine ?? values);
    this.hear(values);
  }

  /** What is not saved, for people to read; nothing where all is. */
  get changes(): string[] {
    return differences(this.#base, this.#form.values());
  }

  /** Others have changed the same: nothing is saved before somebody has chosen. */
  get isContested(): boolean {
    return this.#conflicts.length > 0;
  }

  /** What is saved, as this form knows it. */
  get base(): DraftValues {
    return this.#base;
  }

  /** The service says what the draft is now. */
  hear(theirs: DraftValues): void {
    this.#theirs = theirs;
    this.reflect();
  }

  /** Something was written, or heard. */
  reflect(): void {
    const { base, mine, conflicts } = merge(this.#base, this.#form.values(), this.#theirs);
    this.#base = base;
    this.#conflicts = conflicts;
    this.#form.show(mine);
    const { changes } = this;
    if (changes.length === 0) this.#kept.forget(this.#id);
    else this.#isKept = this.#kept.keep(this.#id, { base, mine });
    const hint = this.#isKept ? '' : ' Este navegador não guarda o que não foi salvo: não feche a página.';
    setText(
      this.#line,
      changes.length === 0 ? '' : `Não salvo: ${new Intl.ListFormat('pt-BR').format(changes)}.${hint}`,
    );
    this.#undo.hidden = changes.length === 0;
    this.#showChoices(mine);
  }

  /** The service took what was sent. Whatever was written since then is a change of its own. */
  saved(sent: DraftValues): void {
    const numbered = (values: DraftValues): DraftValues => ({
      ...values,
      participantes: values.participantes.map((one, index) => ({ ...one, numero: index + 1 })),
    });
    const mine = this.#form.values();
    if (mine.participantes.length === sent.participantes.length) this.#form.show(numbered(mine));
    this.#base = numbered(sent);
    this.hear(this.#base);
  }

  /** Begins again with these values: nothing is unsaved. */
  restart(values: DraftValues): void {
    this.#base = values;
    this.#form.show(values);
    this.hear(values);
  }

  /** Whether a closed page would lose something: the browser keeps nothing. */
  get isAtRisk(): boolean {
    return !this.#isKept && this.changes.length > 0;
  }

  #showChoices(mine: DraftValues): void {
    const shown = this.#conflicts
      .map((field) => `${field} ${reading(mine, field)} ${reading(this.#theirs, field)}`)
      .join('\n');
    if (this.#choices.dataset['shown'] === shown) return;
    this.#choices.dataset['shown'] = shown;
    this.#choices.replaceChildren(...this.#conflicts.map((field) => this.#choice(field, mine)));
  }

  /** Both stand there: the own one, and what somebody else has saved meanwhile. */
  #choice(field: Field, mine: DraftValues): HTMLElement {
    const button = (text: string, act: () => void): HTMLButtonElement => {
      const made = element('button', text, 'button');
      made.type = 'button';
      made.append(element('span', `: ${FIELD_NAMES[field]}`, 'sr-only'));
      made.addEventListener('click', () => {
        act();
        this.reflect();
        this.#line.focus();
      });
      return made;
    };
    const text = `Outra pessoa mudou também: ${FIELD_NAMES[field]}. Salvo: “${reading(this.#theirs, field)}”. Aqui: “${reading(mine, field)}”.`;
    return element('li', [
      element('p', text),
      button('Ficar com o que está salvo', () => this.#settle(field, this.#theirs[field])),
      button('Ficar com o meu', () => this.#settle(field, this.#own(field))),
    ]);
  }

  #own(field: Field): DraftValues[Field] {
    const mine = this.#form.values();
    return field === 'participantes' ? matched(mine.participantes, this.#theirs.participantes) : mine[field];
  }

  #settle(field: Field, value: DraftValues[Field]): void {
    this.#base = { ...this.#base, [field]: this.#theirs[field] };
    this.#form.show({ ...this.#form.values(), [field]: value });
  }
}
