import { byId, element, setFitted, setName, setText, within } from '../shared/dom.ts';
import { integer } from '../shared/format.ts';
import { percent } from '../../../libs/wording/percent.ts';
import { legendEntry, numberHeading } from '../shared/legend.ts';
import { keepPeople } from '../shared/people.ts';
import { showPortrait } from '../shared/portrait.ts';
import type { ParticipantTotal, Total } from '#contract';

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

function fillPerson(person: HTMLElement, participant: ParticipantTotal, isEmpty: boolean): void {
  const { votos, percentual, nome } = participant;
  showPortrait(within(person, '.person-art', HTMLImageElement), participant);
  setName(within(person, '.name', HTMLElement), nome);
  setFitted(within(person, '.person-votes .number', HTMLElement), integer(votos));
  setFitted(within(person, '.person-share span', HTMLElement), isEmpty ? '–' : percent(percentual));
}

/** The participants of the panel: who they are, their part of all votes, the legend and the columns of the table. */
export function createPeopleView(): (total: Total) => void {
  const board = byId('painel', HTMLElement);
  const row = byId('pessoas', HTMLElement);
  const bar = byId('barra', HTMLElement);
  const legend = byId('legenda', HTMLElement);
  const head = byId('horas-cabeca', HTMLElement);
  keepPeople(row, undefined, makePerson);
  return ({ por_participante: people, total }) => {
    const count = people.length;
    board.style.setProperty('--people', String(count));
    const persons = keepPeople(row, count, makePerson);
    const parts = keepPeople(bar, count, () => element('span'));
    const entries = keepPeople(legend, count, () => legendEntry());
    const headings = keepPeople(head, count, numberHeading);
    for (const [index, participant] of people.entries()) {
      fillPerson(persons[index]!, participant, total === 0);
      parts[index]!.style.setProperty('--share', String(participant.percentual));
      setName(within(entries[index]!, '.name', HTMLElement), participant.nome);
      setText(within(headings[index]!, '.sr-only', HTMLElement), participant.nome);
    }
  };
}
