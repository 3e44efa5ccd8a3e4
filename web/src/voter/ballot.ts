import { byId, setName, setPhoto, within } from '../shared/dom.ts';
import type { Poll } from '../shared/api-types.ts';

/** The two cards. `data-choice` on the body follows the choice, for the lights. */
export interface Ballot {
  /** Writes the names of the poll. */
  show(poll: Poll): void;
  /** The chosen slot, 0 when none is. */
  choice(): number;
  clear(): void;
  /** The name that a slot stands for. */
  nameOf(slot: number): string;
  setEnabled(enabled: boolean): void;
  /** Puts the focus on the chosen card, or the first one. */
  focus(): void;
}

/** Wires the cards; `onChange` is called when another one is chosen. */
export function createBallot(onChange: () => void): Ballot {
  const fieldset = byId('escolha', HTMLFieldSetElement);
  const inputs = [...fieldset.querySelectorAll<HTMLInputElement>('input[type="radio"]')];
  const names = new Map<number, string>();
  const choice = () => Number(inputs.find((input) => input.checked)?.value ?? 0);
  const reflect = () => (document.body.dataset['choice'] = String(choice()));

  fieldset.addEventListener('change', () => {
    reflect();
    onChange();
  });
  return {
    choice,
    show(poll) {
      for (const { numero, nome, foto } of poll.participantes) {
        setPhoto(within(fieldset, `.card[data-slot="${numero}"] .card-art`, HTMLImageElement), foto);
        names.set(numero, nome);
        setName(within(fieldset, `[data-nome="${numero}"]`, HTMLElement), nome);
      }
      fieldset.setAttribute('aria-busy', 'false');
    },
    clear() {
      for (const input of inputs) input.checked = false;
      reflect();
    },
    nameOf: (slot) => names.get(slot) ?? '',
    setEnabled: (enabled) => (fieldset.disabled = !enabled),
    focus: () => (inputs.find((input) => input.checked) ?? inputs[0])?.focus(),
  };
}
