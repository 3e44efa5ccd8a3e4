import { DraftForm } from './draft-form.ts';
import { type DraftValues, saving, valuesOf } from './draft-values.ts';
import { attempt, say } from './feedback.ts';
import { type Card, type PollActions, inWords } from './poll-actions.ts';
import { showHead } from './poll-head.ts';
import { openPreview } from './preview-window.ts';
import { discarding, savingFirst } from './questions.ts';
import { createRehearsalLink } from './rehearsal-link.ts';
import { Unsaved } from './unsaved.ts';
import { byId, setText, within } from '../shared/dom.ts';
import { ApiFailure, asFailure } from '../shared/failure.ts';
import { remaining } from '../shared/format.ts';
import { serverClock } from '../shared/server-clock.ts';
import type { PollSummary } from '#contract';

/** So long before a scheduled opening the page warns of what is not saved, in milliseconds. */
const NEAR = 600_000;
/** After a save, lists of before it are ignored for at most so long, in milliseconds. */
const LATE_LIST = 5_000;

const CONTESTED = 'Outra pessoa mudou o mesmo. Escolha acima o que fica.';

/** A poll that is being prepared: one form, one save, and the way on air. */
export class DraftCard implements Card {
  readonly root: HTMLElement;
  readonly #actions: PollActions;
  readonly #line: HTMLElement;
  readonly #save: HTMLButtonElement;
  readonly #form: DraftForm;
  readonly #unsaved: Unsaved;
  readonly #showLink: (poll: PollSummary) => void;
  #poll: PollSummary;
  /** The version that our last save made, until the list has it. */
  #awaited = { versao: '', until: 0 };

  constructor(poll: PollSummary, actions: PollActions) {
    this.#actions = actions;
    this.#poll = poll;
    const copy = byId('modelo-rascunho', HTMLTemplateElement).content.cloneNode(true) as DocumentFragment;
    this.root = within(copy, 'article', HTMLElement);
    this.#line = within(this.root, '.feedback', HTMLElement);
    this.#save = within(this.root, '.draft-save', HTMLButtonElement);
    const form = within(this.root, '.draft', HTMLFormElement);
    this.#form = new DraftForm(form, {
      editor: actions.editor,
      store: (bytes) => inWords(actions.api().storePhoto(bytes)),
      changed: () => this.#unsaved.reflect(),
      failed: (why) => say(this.#line, 'bad', why),
    });
    this.#unsaved = new Unsaved(this.root, this.#form, poll.id, actions.kept(), valuesOf(poll));
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      void this.#trySave();
    });
    this.#wire();
    this.#showLink = createRehearsalLink(this.root);
    this.#showAround(poll);
  }

  get isAtRisk(): boolean {
    return this.#unsaved.isAtRisk;
  }

  update(poll: PollSummary): void {
    const { versao, until } = this.#awaited;
    if (poll.versao !== versao && performance.now() < until) return;
    this.#awaited = { versao: '', until: 0 };
    this.#poll = poll;
    this.#showAround(poll);
    this.#unsaved.hear(valuesOf(poll));
  }

  #showAround(poll: PollSummary): void {
    showHead(this.root, poll);
    this.#showLink(poll);
    // a rehearsal is held in place of a rehearsal
    this.#form.offer(this.#actions.annulled().filter(({ ensaio }) => ensaio === poll.ensaio));
  }

  /** What is not saved does not go on air: whoever is writing hears of it in time. */
  tick(): void {
    const { abre_em } = this.#poll;
    const left = abre_em === null ? Infinity : serverClock.until(abre_em);
    const isNear = left < NEAR && left > 0 && this.#unsaved.changes.length > 0;
    const warning = within(this.root, '.draft-warning', HTMLElement);
    setText(warning, isNear ? 'Este paredão abre sozinho daqui a pouco, sem o que não foi salvo.' : '');
    const countdown = isNear ? `Abre em ${remaining(Math.ceil(left / 1_000))}` : '';
    setText(within(this.root, '.poll-left', HTMLElement), countdown);
  }

  #wire(): void {
    const on = (selector: string, act: (button: HTMLButtonElement) => void): void => {
      const button = within(this.root, selector, HTMLButtonElement);
      button.addEventListener('click', () => act(button));
    };
    on('.draft-open', (button) => void this.#askToOpen(button));
    on('.draft-preview', () => openPreview('phone', this.#poll.id, this.#line, this.isAtRisk));
    on('.draft-preview-stage', () => openPreview('stage', this.#poll.id, this.#line, this.isAtRisk));
    on('.poll-discard', () => {
      const { id } = this.#poll;
      this.#actions.confirmation.ask(discarding(this.#poll), async () => {
        await this.#actions.api().discard(id);
        this.#actions.kept().forget(id);
        this.#actions.changed();
      });
    });
  }

  async #trySave(): Promise<void> {
    if (this.#unsaved.changes.length === 0) return say(this.#line, 'good', 'Está tudo salvo.');
    const { denied } = this.#actions;
    await attempt({ line: this.#line, button: this.#save, denied }, 'Rascunho salvo.', () => this.#saveAll());
  }

  /** All of it or nothing, and only over what this form has seen. @throws ApiFailure */
  async #saveAll(): Promise<string> {
    if (this.#unsaved.isContested) throw new ApiFailure({ kind: 'refused', title: CONTESTED });
    const sent: DraftValues = this.#form.values();
    try {
      const body = { ...saving(this.#unsaved.base, sent), versao: this.#poll.versao };
      const { versao } = await this.#actions.api().save(this.#poll.id, body);
      this.#poll = { ...this.#poll, versao };
      this.#awaited = { versao, until: performance.now() + LATE_LIST };
      this.#unsaved.saved(sent);
      return versao;
    } catch (error) {
      const failure = asFailure(error);
      if (failure.code !== 'poll-changed') throw failure;
      const title = 'Outra pessoa salvou este rascunho agora há pouco. Confira o que mudou e salve de novo.';
      throw new ApiFailure({ kind: 'refused', title });
    } finally {
      this.#actions.changed();
    }
  }

  async #askToOpen(button: HTMLButtonElement): Promise<void> {
    if (!this.#form.requirePurpose()) return say(this.#line, 'bad', 'Escolha antes para que se vota.');
    if (this.#unsaved.isContested) return say(this.#line, 'bad', CONTESTED);
    const { changes } = this.#unsaved;
    if (changes.length === 0) return this.#showOpening(button, this.#awaited.versao || undefined);
    this.#actions.confirmation.ask(savingFirst(changes), async () => {
      const versao = await this.#saveAll();
      void this.#showOpening(button, versao);
    });
  }

  async #showOpening(button: HTMLButtonElement, versao: string | undefined): Promise<void> {
    const { opening, denied } = this.#actions;
    await attempt({ line: this.#line, button, denied }, '', () => opening.ask(this.#poll.id, versao));
  }
}
