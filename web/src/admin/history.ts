import { byId, element } from '../shared/dom.ts';
import { moment, percent, votes } from '../shared/format.ts';
import type { PollSummary } from '#contract';

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
  const link = element('a', 'Ver no painel', 'history-link');
  link.href = `/painel.html?paredao=${poll.id}`;
  link.append(element('span', ` o paredão nº ${poll.id}`, 'sr-only'));
  return element('li', [
    element('h3', `${poll.ensaio ? 'ENSAIO · ' : ''}Nº ${poll.id}: ${poll.titulo}`, 'history-title'),
    element('p', resultText(poll), 'history-result'),
    element('p', `Encerrado em ${moment(poll.encerrado_em ?? '')}`, 'hint'),
    link,
  ]);
}

/** Wires the list of polls that are over. Entries are rebuilt only when something changed. */
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
