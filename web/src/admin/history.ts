import { byId } from '../shared/dom.ts';
import { moment, percent, votes } from '../shared/format.ts';
import type { PollSummary } from '../shared/api-types.ts';

const make = (tag: string, className: string, text: string): HTMLElement =>
  Object.assign(document.createElement(tag), { className, textContent: text });

/** "Ana Aurora 51,20% (1.200 votos)" for each, who has more first. */
export const resultText = ({ por_participante, total, final }: PollSummary): string => {
  if (!final) return 'Contando os últimos votos…';
  if (total === 0) return 'Terminou sem votos.';
  return por_participante
    .toSorted((a, b) => b.votos - a.votos)
    .map(({ nome, percentual, votos }) => `${nome} ${percent(percentual)} (${votes(votos)})`)
    .join(' · ');
};

function entry(poll: PollSummary): HTMLElement {
  const item = document.createElement('li');
  const link = make('a', 'history-link', 'Ver no painel') as HTMLAnchorElement;
  link.href = `/painel.html?paredao=${poll.id}`;
  link.append(make('span', 'sr-only', ` o paredão nº ${poll.id}`));
  item.append(
    make('h3', 'history-title', `Nº ${poll.id}: ${poll.titulo}`),
    make('p', 'history-result', resultText(poll)),
    make('p', 'hint', `Encerrado em ${moment(poll.encerradoEm ?? '')}`),
    link,
  );
  return item;
}

/** Wires the list of polls that are over. Entries are made anew only when something changed. */
export function createHistory(): (polls: readonly PollSummary[]) => void {
  const list = byId('historia', HTMLElement);
  const empty = byId('historia-vazia', HTMLElement);
  let shown = '';
  return (polls) => {
    const key = JSON.stringify(polls);
    if (key === shown) return;
    shown = key;
    empty.hidden = polls.length > 0;
    list.replaceChildren(...polls.map(entry));
  };
}
