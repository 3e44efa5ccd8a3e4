import { byId, element, setName, setText, within } from './dom.ts';
import { share } from '../../../libs/wording/percent.ts';
import { keepPeople } from './people.ts';
import { showPortrait } from './portrait.ts';
import { judge } from '../../../libs/wording/verdict.ts';
import type { Result } from '#contract';

const markup = (number: number): string => `
  <div class="side-frame">
    <img class="side-art" sizes="min(45vw, 24rem)" width="400" height="480" alt="">
    <span class="chip" aria-hidden="true">${number}</span>
    <span class="side-leader">Mais votos</span>
  </div>
  <p class="name"></p>
  <p class="side-share number" data-percentual="${number}"><span>0,00</span><small>%</small></p>
  <div class="side-bar" aria-hidden="true"><span></span></div>`;

function makeSide(number: number): HTMLElement {
  const side = element('div', '', 'side');
  side.innerHTML = markup(number);
  return side;
}

/**
 * Builds the result in `#placar` and returns what fills it: a portrait with name and share for each, and the bar of all
 * shares. Data attributes on the root say what it shows: `data-count`, `data-kind` (held, empty, tie, lead), `data-final`; on the one
 * who has more votes: `data-leads`.
 */
export function createResultBars(): (result: Result) => void {
  const root = byId('placar', HTMLElement);
  const sides = element('div', '', 'sides');
  const bar = element('div', '', 'share-bar');
  bar.setAttribute('aria-hidden', 'true');
  root.append(sides, bar);
  keepPeople(sides, undefined, makeSide);
  return (result) => {
    const { kind, leader, final } = judge(result);
    const { participantes } = result;
    Object.assign(root.dataset, {
      ...{ kind, leader: String(leader), final: String(final) },
      count: String(participantes.length),
    });
    const parts = keepPeople(bar, participantes.length, () => element('span'));
    for (const [index, side] of keepPeople(sides, participantes.length, makeSide).entries()) {
      const participant = participantes[index]!;
      const { numero, nome, percentual } = participant;
      side.dataset['leads'] = String(numero === leader);
      showPortrait(within(side, '.side-art', HTMLImageElement), participant);
      setName(within(side, '.name', HTMLElement), nome);
      setText(within(side, '.side-share span', HTMLElement), percentual === null ? '' : share(percentual));
      for (const part of [parts[index]!, within(side, '.side-bar', HTMLElement)]) {
        part.style.setProperty('--share', String(percentual ?? 0));
      }
    }
  };
}
