import { byId, setText, whileBusy } from '../shared/dom.ts';
import { asFailure } from '../shared/failure.ts';
import { failureText } from './feedback.ts';

/** What is asked before something that cannot be undone. */
export interface Question {
  readonly title: string;
  readonly text: string;
  readonly yes: string;
}

/** The dialog `#confirmacao`. The browser gives the focus back to where it was. */
export class Confirmation {
  readonly #dialog = byId('confirmacao', HTMLDialogElement);
  readonly #title = byId('confirmacao-titulo', HTMLElement);
  readonly #text = byId('confirmacao-texto', HTMLElement);
  readonly #no = byId('confirmacao-nao', HTMLButtonElement);
  readonly #yes = byId('confirmacao-sim', HTMLButtonElement);
  #act: () => Promise<unknown> = () => Promise.resolve();

  constructor() {
    this.#yes.addEventListener('click', () => void whileBusy(this.#yes, () => this.#run()));
    this.#no.addEventListener('click', () => this.#dialog.close());
  }

  /** Asks, and acts when the answer is yes; the dialog stays to say why that failed. */
  ask({ title, text, yes }: Question, act: () => Promise<unknown>): void {
    this.#act = act;
    this.#show(title, text, yes);
  }

  /** Stays open with news until somebody closes it. */
  tell(title: string, text: string): void {
    this.#show(title, text, '');
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
    try {
      await this.#act();
      this.#dialog.close();
    } catch (error) {
      setText(this.#text, failureText(asFailure(error)));
    }
  }
}
