import { DraftForm } from './draft-form.ts';
import { emptyValues, making } from './draft-values.ts';
import { attempt, say } from './feedback.ts';
import { type PollActions, inWords } from './poll-actions.ts';
import { Unsaved } from './unsaved.ts';
import { byId, within } from '../shared/dom.ts';
import type { PollSummary } from '#contract';

/** The name of the next poll among what is kept: it has no number yet. */
const NEXT = 'novo';

/** The form for the next poll: made as a draft with everything in one go, and opened from there. */
export class NewPoll {
  readonly #root = byId('novo-paredao', HTMLElement);
  readonly #line = within(this.#root, '.feedback', HTMLElement);
  readonly #actions: PollActions;
  readonly #form: DraftForm;
  #unsaved: Unsaved | undefined;

  constructor(actions: PollActions) {
    this.#actions = actions;
    const form = byId('novo', HTMLFormElement);
    this.#form = new DraftForm(form, {
      editor: actions.editor,
      store: (bytes) => inWords(actions.api().storePhoto(bytes)),
      changed: () => this.#unsaved?.reflect(),
      failed: (why) => say(this.#line, 'bad', why),
    });
    this.#form.show(emptyValues);
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      const fallback = within(form, '.button-main', HTMLButtonElement);
      void this.#make(event.submitter instanceof HTMLButtonElement ? event.submitter : fallback);
    });
  }

  get isAtRisk(): boolean {
    return this.#unsaved?.isAtRisk ?? false;
  }

  /** What the next poll may be held in place of. */
  offer(annulled: readonly PollSummary[]): void {
    this.#form.offer(annulled);
  }

  /** Somebody came in: what they had begun is there again. */
  enter(): void {
    this.#unsaved ??= new Unsaved(this.#root, this.#form, NEXT, this.#actions.kept(), emptyValues);
  }

  /** They left: what they had begun is theirs. */
  leave(): void {
    this.#unsaved = undefined;
    this.#form.show(emptyValues);
  }

  async #make(button: HTMLButtonElement): Promise<void> {
    if (!this.#form.requirePurpose()) return say(this.#line, 'bad', 'Escolha para que se vota.');
    const { api, changed, denied, opening } = this.#actions;
    const values = this.#form.values();
    const poll = await attempt({ line: this.#line, button, denied }, 'Rascunho guardado.', () =>
      api().create(making(values)),
    );
    if (!poll) return;
    this.#unsaved?.restart(emptyValues);
    changed();
    if (button.value !== 'abrir') return;
    await attempt({ line: this.#line, button, denied }, 'Rascunho guardado.', () => opening.ask(poll.id, poll.versao));
  }
}
