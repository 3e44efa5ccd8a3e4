import { publicDialog } from '../shared/dialog.ts';
import { byId, setText } from '../shared/dom.ts';

/** Asks before something that cannot be undone, and acts when the answer is yes. */
export type Confirm = (question: string, act: () => void) => void;

/** Wires the dialog `#confirmacao`. */
export function createConfirm(): Confirm {
  const dialog = publicDialog('confirmacao');
  const text = byId('confirmacao-texto', HTMLElement);
  let act = () => {};
  byId('confirmacao-nao', HTMLButtonElement).addEventListener('click', () => dialog.close());
  byId('confirmacao-sim', HTMLButtonElement).addEventListener('click', () => {
    dialog.close();
    act();
  });
  return (question, whenYes) => {
    act = whenYes;
    setText(text, question);
    dialog.open();
  };
}
