import type { DraftForm } from './draft-form.ts';
import { type Part, matched, merge, nameOf, reading, valueOf, withPart } from './draft-merge.ts';
import { type DraftPerson, type DraftValues, differences } from './draft-values.ts';
import type { KeptDrafts } from './kept-drafts.ts';
import { element, setText, within } from '../shared/dom.ts';
import { showPortrait } from '../shared/portrait.ts';

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
  #conflicts: readonly Part[] = [];
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
    const shown = JSON.stringify(
      this.#conflicts.map((part) => [part, valueOf(mine, part) ?? null, valueOf(this.#theirs, part) ?? null]),
    );
    if (this.#choices.dataset['shown'] === shown) return;
    this.#choices.dataset['shown'] = shown;
    this.#choices.replaceChildren(...this.#conflicts.map((part) => this.#choice(part, mine)));
  }

  /** Both stand there: the own one, and what somebody else has saved meanwhile. */
  #choice(part: Part, mine: DraftValues): HTMLElement {
    const button = (text: string, act: () => void): HTMLButtonElement => {
      const made = element('button', text, 'button');
      made.type = 'button';
      made.append(element('span', `: ${nameOf(part)}`, 'sr-only'));
      made.addEventListener('click', () => {
        act();
        this.reflect();
        this.#line.focus();
      });
      return made;
    };
    const text = `Outra pessoa mudou também: ${nameOf(part)}. Salvo: “${reading(this.#theirs, part)}”. Aqui: “${reading(mine, part)}”.`;
    return element('li', [
      element('p', text),
      ...(typeof part === 'number' ? [portraits(valueOf(this.#theirs, part), valueOf(mine, part))] : []),
      button('Ficar com o que está salvo', () => this.#settle(part, valueOf(this.#theirs, part))),
      button('Ficar com o meu', () => this.#settle(part, this.#own(part))),
    ]);
  }

  #own(part: Part): ReturnType<typeof valueOf> {
    const mine = this.#form.values();
    return part === 'participantes' ? matched(mine.participantes, this.#theirs.participantes) : valueOf(mine, part);
  }

  #settle(part: Part, value: ReturnType<typeof valueOf>): void {
    this.#base = withPart(this.#base, part, valueOf(this.#theirs, part));
    this.#form.show(withPart(this.#form.values(), part, value));
  }
}

/** Of a participant whom both changed, the photos as well. */
function portraits(...people: readonly ReturnType<typeof valueOf>[]): HTMLElement {
  const made = element('p', '', 'conflict-portraits');
  for (const [index, one] of people.entries()) {
    const { nome, foto, foco } = one as DraftPerson;
    const image = element('img', '', 'person-art');
    image.alt = `${index === 0 ? 'Salvo' : 'Aqui'}: ${foto === null ? 'sem foto' : 'com esta foto'}`;
    showPortrait(image, { numero: 1, nome, ...(foto !== null && { foto }), ...(foco !== null && { foco }) });
    made.append(image);
  }
  return made;
}
