import { byId, setName, setPhoto, setText, within } from './dom.ts';
import { share } from './format.ts';
import { judge, type Standing } from './verdict.ts';
import portrait1 from '../assets/participante-1.svg';
import portrait2 from '../assets/participante-2.svg';

const side = (slot: number, portrait: string): string => `
  <div class="side" data-slot="${slot}">
    <div class="side-frame">
      <img class="side-art" sizes="min(45vw, 24rem)" src="${portrait}" width="400" height="480" alt="">
      <span class="chip" aria-hidden="true">${slot}</span>
      <span class="side-leader">Mais votos</span>
    </div>
    <p class="name"></p>
    <p class="side-share number" data-percentual="${slot}"><span>0,00</span><small>%</small></p>
  </div>`;

const markup = `${side(1, portrait1)}${side(2, portrait2)}
  <div class="share-bar" aria-hidden="true"><span data-slot="1"></span><span data-slot="2"></span></div>`;

/**
 * Builds the result in `#placar` and returns what fills it: two portraits with name and share, and the bar of both
 * shares. Data attributes on the root say what it shows: `data-kind` (empty, tie, lead), `data-leader`, `data-final`.
 */
export function createResultBars(): (standing: Standing) => void {
  const root = byId('placar', HTMLElement);
  root.innerHTML = markup;
  const bar = within(root, '.share-bar', HTMLElement);
  return (standing) => {
    const { kind, leader, final } = judge(standing);
    Object.assign(root.dataset, { kind, leader: String(leader), final: String(final) });
    for (const { numero, nome, percentual, foto } of standing.participantes) {
      const half = within(root, `.side[data-slot="${numero}"]`, HTMLElement);
      setPhoto(within(half, '.side-art', HTMLImageElement), foto);
      setName(within(half, '.name', HTMLElement), nome);
      setText(within(half, '.side-share span', HTMLElement), share(percentual));
      within(bar, `[data-slot="${numero}"]`, HTMLElement).style.setProperty('--share', String(percentual));
    }
  };
}
