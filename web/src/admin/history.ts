import { byId, element } from '../shared/dom.ts';
import { moment, votes } from '../shared/format.ts';
import { percent } from '../../../libs/wording/percent.ts';
import { checkText } from './result-questions.ts';
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

const STATES: Readonly<Record<string, string>> = {
  encerrado: 'Encerrado',
  conferido: 'Conferido',
  proclamado: 'Proclamado',
  anulado: 'Anulado',
};

/** How far a poll that is over has come, and who decided that. */
function standingText(poll: PollSummary): string {
  const { anulado, proclamado_em, sem_conferencia, apuracao } = poll;
  const released = proclamado_em && `Proclamado em ${moment(proclamado_em)}, por ${apuracao.proclamado_por ?? ''}.`;
  return [
    anulado && `Anulado em ${moment(anulado.anulado_em)}, por ${apuracao.anulado_por ?? ''}: ${anulado.motivo}`,
    released,
    sem_conferencia && `Proclamado sem conferência: ${sem_conferencia}`,
    checkText(poll),
  ]
    .filter(Boolean)
    .join(' ');
}

function button(text: string, poll: PollSummary, act: () => void): HTMLElement {
  const made = element('button', text, 'button');
  made.type = 'button';
  made.append(element('span', ` o paredão nº ${poll.id}`, 'sr-only'));
  made.addEventListener('click', act);
  return made;
}

function entry(poll: PollSummary, decisions: Decisions): HTMLElement {
  const link = element('a', 'Ver no painel', 'history-link');
  link.href = `/painel.html?paredao=${poll.id}`;
  link.append(element('span', ` o paredão nº ${poll.id}`, 'sr-only'));
  const mayProclaim = poll.final && (poll.estado === 'encerrado' || poll.estado === 'conferido');
  const made = element('li', [
    element('h3', `${poll.ensaio ? 'ENSAIO · ' : ''}Nº ${poll.id}: ${poll.titulo}`, 'history-title'),
    element('p', resultText(poll), 'history-result'),
    element('p', `${STATES[poll.estado] ?? ''}. Votação encerrada em ${moment(poll.encerrado_em ?? '')}.`, 'hint'),
    element('p', standingText(poll), 'history-standing'),
    element(
      'div',
      [
        ...(mayProclaim ? [button('Proclamar', poll, () => decisions.proclaim(poll))] : []),
        ...(poll.anulado === null ? [button('Anular', poll, () => decisions.annul(poll))] : []),
      ],
      'buttons',
    ),
    link,
  ]);
  made.dataset['estado'] = poll.estado;
  return made;
}

/** What can be decided of a poll that is over. */
export interface Decisions {
  proclaim(poll: PollSummary): void;
  annul(poll: PollSummary): void;
}

/** Each answer says when it was made: that alone is no news. */
const keyOf = (polls: readonly PollSummary[]): string =>
  JSON.stringify(polls, (name, value: unknown) => (name === 'atualizado_em' ? undefined : value));

/** Wires the list of polls that are over. Entries are rebuilt only when something changed. */
export function createHistory(decisions: Decisions): (polls: readonly PollSummary[]) => void {
  const list = byId('historia', HTMLElement);
  const empty = byId('historia-vazia', HTMLElement);
  let shown = '';
  return (polls) => {
    const key = keyOf(polls);
    if (key === shown) return;
    shown = key;
    empty.hidden = polls.length > 0;
    list.replaceChildren(...polls.map((poll) => entry(poll, decisions)));
  };
}
