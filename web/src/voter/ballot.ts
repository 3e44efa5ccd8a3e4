import { byId, setName, setText, within } from '../shared/dom.ts';
import { keepPeople } from '../shared/people.ts';
import { type Purpose, aim, question } from '../../../libs/wording/purpose.ts';
import { showPortrait } from '../shared/portrait.ts';
import type { Participant, Poll } from '#contract';

/** The cards. `data-choice` on the body follows the choice, for the lights. */
export interface Ballot {
  /** Writes the names of the poll. */
  show(poll: Poll): void;
  /** The chosen number, 0 when none is. */
  choice(): number;
  clear(): void;
  /** As if its card had been tapped, without telling anybody. */
  choose(number: number): void;
  /** The name that a number stands for. */
  nameOf(number: number): string;
  /** What a vote for a number is: "para eliminar Ana". */
  aimOf(number: number): string;
  /** The hint for a voter who has chosen no one. */
  question(): string;
  setEnabled(enabled: boolean): void;
  /** Puts the focus on the chosen card, or the first one. */
  focus(): void;
}

function makeCard(number: number): HTMLElement {
  const copy = byId('modelo-cartao', HTMLTemplateElement).content.cloneNode(true) as DocumentFragment;
  const card = within(copy, '.card', HTMLElement);
  within(card, 'input', HTMLInputElement).value = String(number);
  setText(within(card, '.chip', HTMLElement), String(number));
  return card;
}

function fillCard(card: HTMLElement, participant: Participant, purpose: Purpose): void {
  showPortrait(within(card, '.card-art', HTMLImageElement), participant);
  setName(within(card, '.name', HTMLElement), participant.nome);
  setText(within(card, '.card-aim', HTMLElement), purpose ? `para ${purpose}` : '');
}

/** Wires the cards; `onChange` is called when another one is chosen. */
export function createBallot(onChange: () => void): Ballot {
  const fieldset = byId('escolha', HTMLFieldSetElement);
  const list = byId('cartoes', HTMLElement);
  let cards = keepPeople(list, undefined, makeCard);
  let [names, purpose]: [readonly string[], Purpose] = [[], null];
  const inputs = () => cards.map((card) => within(card, 'input', HTMLInputElement));
  const choice = () => Number(inputs().find((input) => input.checked)?.value ?? 0);

  function reflect(): void {
    const chosen = choice();
    for (const [index, card] of cards.entries()) card.dataset['chosen'] = String(index + 1 === chosen);
    list.dataset['chosen'] = String(chosen !== 0);
    document.body.dataset['choice'] = String(chosen);
  }

  function check(number: number): void {
    for (const input of inputs()) input.checked = input.value === String(number);
    reflect();
  }

  fieldset.addEventListener('change', () => {
    reflect();
    onChange();
  });
  return {
    choice,
    show({ participantes, finalidade }) {
      purpose = finalidade;
      setText(within(fieldset, 'legend', HTMLElement), question(purpose));
      cards = keepPeople(list, participantes.length, makeCard);
      names = participantes.map(({ nome }) => nome);
      for (const [index, card] of cards.entries()) fillCard(card, participantes[index]!, purpose);
      fieldset.setAttribute('aria-busy', 'false');
    },
    clear: () => check(0),
    choose: check,
    nameOf: (number) => names[number - 1] ?? '',
    aimOf: (number) => aim(purpose, names[number - 1] ?? ''),
    question: () => (names.length === 2 ? 'Escolha um dos dois' : 'Escolha um participante'),
    setEnabled: (enabled) => (fieldset.disabled = !enabled),
    focus: () => (inputs()[choice() - 1] ?? inputs()[0])?.focus(),
  };
}
