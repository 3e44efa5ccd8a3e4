import type { Stage } from '#contract';
import { element, setName, setText, within } from '../shared/dom.ts';
import { share } from '../../../libs/wording/percent.ts';
import { keepPeople } from '../shared/people.ts';
import { showPortrait } from '../shared/portrait.ts';

/** What is shown of a participant besides face and name. */
export interface PersonShown {
  /** Percent; null: no number is shown. */
  readonly percentual: number | null;
  /** In a word what it means; '' for nothing. */
  readonly tag: string;
  readonly leads: boolean;
}

/** More than so many do not stand beside each other. */
const MOST_ABREAST = 5;

const markup = (number: number): string => `
  <div class="wall-frame">
    <img class="wall-art" sizes="40vw" width="400" height="480" alt="">
    <span class="chip" aria-hidden="true">${number}</span>
    <p class="wall-tag"></p>
  </div>
  <p class="name"></p>
  <p class="wall-share number" data-percentual="${number}"><span></span><small>%</small></p>
  <div class="wall-bar" aria-hidden="true"><span></span></div>`;

function makePerson(number: number): HTMLElement {
  const person = element('div', '', 'wall-person');
  person.innerHTML = markup(number);
  return person;
}

/** Shows all participants in `root`. What stays the same is not touched. */
export function showPeople(root: HTMLElement, { participantes }: Stage, shown: readonly PersonShown[]): void {
  root.toggleAttribute('data-muitos', participantes.length > MOST_ABREAST);
  for (const [index, person] of keepPeople(root, participantes.length, makePerson).entries()) {
    const { percentual, tag, leads } = shown[index]!;
    const participant = participantes[index]!;
    showPortrait(within(person, '.wall-art', HTMLImageElement), participant);
    setName(within(person, '.name', HTMLElement), participant.nome);
    setText(within(person, '.wall-tag', HTMLElement), tag);
    setText(within(person, '.wall-share span', HTMLElement), percentual === null ? '' : share(percentual));
    person.style.setProperty('--share', String(percentual ?? 0));
    person.dataset['mostra'] = String(percentual !== null);
    person.dataset['leads'] = String(leads);
  }
}
