import { byId, setText, within } from '../shared/dom.ts';
import { keepPeople } from '../shared/people.ts';
import { MAX_PARTICIPANTS, MIN_PARTICIPANTS } from '../../../libs/domain/wire/participants.ts';

/** Writes a participant's number wherever the copy of a template names it. */
export function writeNumber(root: ParentNode, number: number): void {
  for (const place of root.querySelectorAll('.chip, .who')) setText(place, String(number));
}

/** The names of a new poll: two to ten. */
export interface NewNames {
  values(): string[];
  /** Two empty ones. */
  reset(): void;
}

/** Wires the fields, and the buttons that make them more or fewer. */
export function createNewNames(): NewNames {
  const root = byId('novo-nomes', HTMLElement);
  const more = byId('novo-mais', HTMLButtonElement);
  const inputOf = (field: ParentNode) => within(field, 'input', HTMLInputElement);
  let fields: HTMLElement[] = [];

  function make(number: number): HTMLElement {
    const copy = byId('modelo-nome', HTMLTemplateElement).content.cloneNode(true) as DocumentFragment;
    const field = within(copy, '.new-name', HTMLElement);
    writeNumber(field, number);
    within(field, 'button', HTMLButtonElement).addEventListener('click', () => remove(field));
    return field;
  }

  function show(count: number): void {
    fields = keepPeople(root, count, make);
    for (const field of fields) within(field, 'button', HTMLButtonElement).hidden = count <= MIN_PARTICIPANTS;
    more.hidden = count >= MAX_PARTICIPANTS;
  }

  /** Later names move up; the last field goes. */
  function remove(field: HTMLElement): void {
    const at = fields.indexOf(field);
    const names = fields.map((one) => inputOf(one).value).toSpliced(at, 1);
    show(names.length);
    for (const [index, one] of fields.entries()) inputOf(one).value = names[index] ?? '';
    inputOf(fields[Math.min(at, fields.length - 1)]!).focus();
  }

  more.addEventListener('click', () => {
    show(fields.length + 1);
    inputOf(fields.at(-1)!).focus();
  });
  show(MIN_PARTICIPANTS);
  return {
    values: () => fields.map((field) => inputOf(field).value),
    reset: () => show(MIN_PARTICIPANTS),
  };
}
