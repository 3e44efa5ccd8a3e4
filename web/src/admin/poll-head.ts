import { setText, within } from '../shared/dom.ts';
import { clock, future, moment, remaining, votes } from '../shared/format.ts';
import { serverClock } from '../shared/server-clock.ts';
import { showState, shownState } from '../shared/state-badge.ts';
import type { PollSummary } from '#contract';

/** What the line under the title says. */
function whenText(poll: PollSummary): string {
  const now = new Date(serverClock.now()).toISOString();
  const end = poll.encerra_em === null ? '' : ` Encerra ${future(poll.encerra_em, now)}.`;
  if (poll.aberto_em !== null) return `Aberto em ${moment(poll.aberto_em)}, ${votes(poll.total)}.${end}`;
  return poll.abre_em === null ? `Não abre sozinho.${end}` : `Abre ${future(poll.abre_em, now)}.${end}`;
}

/** What is left of an open poll, and whether it is paused. */
export function leftText({ encerra_em, pausado_em }: PollSummary): string {
  const left = encerra_em === null ? 0 : serverClock.until(encerra_em);
  const parts = [
    pausado_em === null ? '' : `Pausado desde ${clock(pausado_em)}`,
    left > 0 ? `Faltam ${remaining(Math.ceil(left / 1_000))}` : '',
  ];
  return parts.filter((part) => part !== '').join(' · ');
}

/** Shows in the head of a card which poll it is, and how it stands. */
export function showHead(card: HTMLElement, poll: PollSummary): void {
  serverClock.hear(poll.atualizado_em);
  setText(within(card, 'h3', HTMLElement), `Nº ${poll.id}: ${poll.titulo}`);
  showState(within(card, '.state-badge', HTMLElement), shownState(poll));
  setText(within(card, '.poll-when', HTMLElement), whenText(poll));
}
