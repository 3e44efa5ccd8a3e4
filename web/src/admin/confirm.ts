import { byId, setText, whileBusy, within } from '../shared/dom.ts';
import { asFailure } from '../shared/failure.ts';
import { failureText } from './feedback.ts';

/** What is asked before something that cannot be undone. */
export interface Question {
  readonly title: string;
  readonly text: string;
  readonly yes: string;
  /** Asks for a reason, under this label; it is not acted on without one. */
  readonly reason?: string;
}

/** The dialog `#confirmacao`. The browser gives the focus back to where it was. */
export class Confirmation {
  readonly #dialog = byId('confirmacao', HTMLDialogElement);
  readonly #title = byId('confirmacao-titulo', HTMLElement);
  readonly #text = byId('confirmacao-texto', HTMLElement);
  readonly #no = byId('confirmacao-nao', HTMLButtonElement);
  readonly #yes = byId('confirmacao-sim', HTMLButtonElement);
  readonly #reason = byId('confirmacao-motivo', HTMLElement);
  readonly #why = within(this.#reason, 'input', HTMLInputElement);
  #act: (reason: string) => Promise<unknown> = () => Promise.resolve();

  constructor() {
    this.#yes.addEventListener('click', () => void whileBusy(this.#yes, () => this.#run()));
    this.#no.addEventListener('click', () => this.#dialog.close());
  }

  /** Asks, and acts when the answer is yes; the dialog stays to say why that failed. */
  ask({ title, text, yes, reason = '' }: Question, act: (reason: string) => Promise<unknown>): void {
    this.#act = act;
    this.#show(title, text, yes);
    this.#reason.hidden = reason === '';
    this.#why.required = reason !== '';
    this.#why.value = '';
    setText(within(this.#reason, 'span', HTMLElement), reason);
    if (reason !== '') this.#why.focus();
  }

  /** Stays open with news until somebody closes it. */
  tell(title: string, text: string): void {
    this.#show(title, text, '');
    this.#reason.hidden = true;
  }

  #show(title: string, text: string, yes: string): void {
    setText(this.#title, title);
    setText(this.#text, text);
    setText(this.#yes, yes);
    setText(this.#no, yes === '' ? 'Fechar' : 'Voltar');
    this.#yes.hidden = yes === '';
    if (!this.#dialog.open) this.#dialog.showModal();
  }

  async #run(): Promise<void> {
    if (!this.#reason.hidden && !this.#why.reportValidity()) return;
    try {
      await this.#act(this.#why.value);
      this.#dialog.close();
    } catch (error) {
      setText(this.#text, failureText(asFailure(error)));
    }
  }
}
