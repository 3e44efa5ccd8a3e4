import { createClosing } from '../shared/closing.ts';
import { byId, setName, setText } from '../shared/dom.ts';
import { age, clock, day, integer } from '../shared/format.ts';
import { showRehearsal } from '../shared/rehearsal.ts';
import { showState, shownState } from '../shared/state-badge.ts';
import { described } from '../../../libs/wording/purpose.ts';
import { fill, fillFitted, mark } from './fields.ts';
import { createHoursView } from './hours-view.ts';
import { createLeadView } from './lead-view.ts';
import { createPaceView } from './pace-view.ts';
import { createPeopleView } from './people-view.ts';
import { showQuality } from './quality-view.ts';
import { type Heard, type Staleness, judgeSilence, judgeStaleness } from './staleness.ts';
import type { Total } from '#contract';

/** What stands where an open poll with an end counts down. */
function endText({ estado, encerrado_em, atualizado_em }: Total): string {
  if (encerrado_em === null) return estado === 'aberto' ? 'Sem hora para encerrar' : '';
  return `Encerrada ${day(encerrado_em) === day(atualizado_em) ? '' : `em ${day(encerrado_em)} `}às ${clock(encerrado_em)}`;
}

/** Title, state and countdown of the poll. */
function createStanding(): (total: Total) => void {
  const closing = createClosing();
  return (total) => {
    showRehearsal(total);
    setName(byId('titulo', HTMLElement), total.titulo, 30);
    setText(byId('finalidade', HTMLElement), described(total.finalidade));
    showState(byId('selo', HTMLElement), shownState(total));
    setText(byId('sem-fim', HTMLElement), endText(total));
    closing.show(total);
  };
}

/** The dashboard. */
export interface PanelView {
  /** Somebody has come, or there is a poll again: numbers are due. */
  begin(): void;
  show(total: Total): void;
  /** Is called every second, and keeps ages moving. Returns how old the numbers are, or for how long none have come; undefined: none are due. */
  tick(): Staleness | undefined;
  /** Somebody goes: what they saw is no measure for whoever comes. */
  forget(): void;
}

export function createPanelView(): PanelView {
  const board = byId('painel', HTMLElement);
  const showStanding = createStanding();
  const showLead = createLeadView();
  const views = [createPeopleView(), createPaceView(), createHoursView(), showQuality];
  let latest: Heard | undefined;
  let dueSince: number | undefined;

  function tick(): Staleness | undefined {
    if (!latest) return dueSince === undefined ? undefined : judgeSilence(dueSince, performance.now());
    const staleness = judgeStaleness(latest, performance.now());
    fill('idade', age(staleness.age));
    mark('idade', staleness.level !== 'fresh');
    return staleness;
  }

  function show(total: Total): void {
    latest = { total, at: performance.now() };
    showStanding(total);
    fillFitted('total', integer(total.total));
    fill('votos_ultima_hora', integer(total.votos_ultima_hora));
    const { of, isTie } = showLead(total);
    const leader = isTie ? 0 : of;
    Object.assign(board.dataset, { final: String(total.final), leader: String(leader) });
    for (const view of views) view(total);
  }

  return {
    show,
    tick,
    begin: () => (dueSince = performance.now()),
    forget: () => (latest = dueSince = undefined),
  };
}
