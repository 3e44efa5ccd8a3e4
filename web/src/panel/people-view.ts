import { byId, element, setName, setText, within } from '../shared/dom.ts';
import { setFitted, setWidth, widthOf } from '../shared/fitted.ts';
import { integer } from '../shared/format.ts';
import { percent } from '../../../libs/wording/percent.ts';
import { legendEntry, numberHeading } from '../shared/legend.ts';
import { keepPeople } from '../shared/people.ts';
import { showPortrait } from '../shared/portrait.ts';
import type { ParticipantTotal, Total } from '#contract';

/** The shortest words get no larger letters than these, in sizes of the letters. */
const MIN_NAME = 2;
/** In a list all names have letters of one size; names that are wider than this take two lines. */
const LIST_NAME = 7.5;

/** More than so many stand in lines below each other. */
const MOST_CARDS = 3;
/** The figures of more than so many need the whole width of a wall. */
const MOST_NARROW = 6;

/** A field of a participant, for whoever looks for it: `voto_1`, `percentual_1`, `nome_1`. */
function mark(root: ParentNode, selector: string, name: string): void {
  within(root, selector, HTMLElement).dataset['campo'] = name;
}

function makePerson(number: number): HTMLElement {
  const copy = byId('modelo-pessoa', HTMLTemplateElement).content.cloneNode(true) as DocumentFragment;
  const person = within(copy, '.person', HTMLElement);
  setText(within(person, '.chip', HTMLElement), String(number));
  mark(person, '.name', `nome_${number}`);
  mark(person, '.person-share span', `percentual_${number}`);
  mark(person, '.person-votes .number', `voto_${number}`);
  return person;
}

/** A name in letters that leave it in one line, or at least its words whole. */
function setFittedName(field: HTMLElement, name: string): void {
  setName(field, name);
  setWidth(field, widthOf(name));
  const longest = Math.max(...name.split(/\s+/).map(widthOf), MIN_NAME);
  field.style.setProperty('--word', longest.toFixed(2));
}

/** What a participant's place is among all. */
interface Place {
  /** 1: nobody has more votes; 0: nobody has any */
  readonly rank: number;
  /** Votes as a part of those of the first, percent. */
  readonly ofMost: number;
}

function fillPerson(person: HTMLElement, participant: ParticipantTotal, { rank, ofMost }: Place): void {
  const { votos, percentual, nome } = participant;
  showPortrait(within(person, '.person-art', HTMLImageElement), participant);
  setFittedName(within(person, '.name', HTMLElement), nome);
  setText(within(person, '.person-rank', HTMLElement), rank === 0 ? '' : `${rank}º`);
  setFitted(within(person, '.person-votes .number', HTMLElement), integer(votos));
  setFitted(within(person, '.person-share span', HTMLElement), rank === 0 ? '–' : percent(percentual));
  person.style.setProperty('--of-most', ofMost.toFixed(2));
}

function placeOf({ votos }: ParticipantTotal, people: readonly ParticipantTotal[]): Place {
  const most = Math.max(...people.map((one) => one.votos));
  if (most === 0) return { rank: 0, ofMost: 0 };
  return { rank: 1 + people.filter((one) => one.votos > votos).length, ofMost: (100 * votos) / most };
}

/** The participants of the panel: who they are, their part of all votes, the legend and the columns of the table. */
export function createPeopleView(): (total: Total) => void {
  const board = byId('painel', HTMLElement);
  const row = byId('pessoas', HTMLElement);
  const bar = byId('barra', HTMLElement);
  const legend = byId('legenda', HTMLElement);
  const head = byId('horas-cabeca', HTMLElement);
  keepPeople(row, undefined, makePerson);
  return ({ por_participante: people }) => {
    const count = people.length;
    board.style.setProperty('--people', String(count));
    board.style.setProperty('--rows', String(Math.ceil(count / 2)));
    board.dataset['forma'] = count > MOST_CARDS ? 'linhas' : 'cartoes';
    board.dataset['muitos'] = String(count > MOST_NARROW);
    const persons = keepPeople(row, count, makePerson);
    const parts = keepPeople(bar, count, () => element('span'));
    const entries = keepPeople(legend, count, () => legendEntry());
    const headings = keepPeople(head, count, numberHeading);
    for (const [index, participant] of people.entries()) {
      fillPerson(persons[index]!, participant, placeOf(participant, people));
      parts[index]!.style.setProperty('--share', String(participant.percentual));
      setName(within(entries[index]!, '.name', HTMLElement), participant.nome);
      setText(within(headings[index]!, '.sr-only', HTMLElement), participant.nome);
    }
    // in lines the votes of all stand in one column
    setWidth(row, Math.max(...people.map(({ votos }) => widthOf(integer(votos)))));
    const widest = Math.max(...people.map(({ nome }) => widthOf(nome)));
    row.style.setProperty('--names', Math.min(widest, LIST_NAME).toFixed(2));
  };
}
