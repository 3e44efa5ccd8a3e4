/** Production's panel: log in, then totals, live. */
import { fetchTotal, totalPath } from '../shared/api.ts';
import { byId } from '../shared/dom.ts';
import { runStaffPage } from '../shared/staff.ts';
import { Alarm } from './alarm.ts';
import { createPanelView } from './panel-view.ts';
import { PollList } from './poll-list.ts';
import { createSharesSwitch } from './shares-switch.ts';
import { createStageDesk } from './stage-desk.ts';
import { offerThemes } from './theme.ts';
import type { Total } from '#contract';
import { staffPageIsWhole } from '../shared/whole.ts';

const poll = new URLSearchParams(location.search).get('paredao');
offerThemes();
const view = createPanelView();
const stage = createStageDesk(poll);
const shares = createSharesSwitch();
const polls = new PollList();
const alarm = new Alarm();

byId('atual', HTMLAnchorElement).hidden = poll === null;

/** Numbers that nobody was there to see are old for a moment, until new ones come. */
const isResting = (): boolean => document.body.dataset['conexao'] === 'resting';
/** There is no poll whose numbers could stand still. */
const isMissing = (): boolean => document.body.dataset['conexao'] === 'missing';

function tick(): void {
  if (isResting() || isMissing()) view.begin();
  const staleness = view.tick();
  if (!isResting()) alarm.show(isMissing() ? undefined : staleness);
}

runStaffPage<Total>({
  source: {
    path: totalPath('/total/aovivo', poll),
    event: 'total',
    read: (token) => fetchTotal(token, poll),
    staysAwake: () => alarm.isOn,
  },
  enter: (token) => {
    view.begin();
    polls.open(token);
    stage.open(token);
    shares.use(token);
  },
  renewed: (token) => {
    for (const part of [polls, stage, shares]) part.use(token);
  },
  leave: () => {
    polls.close();
    stage.close();
    view.forget();
    tick();
  },
  show: (total) => {
    view.show(total);
    shares.show(total);
    polls.show(total.paredao, total.estado);
    tick();
  },
  tick,
  lost: 'Sem conexão ao vivo com a apuração',
  denied: 'Este usuário não pode ver os totais.',
  missing: poll === null ? 'Ainda não há paredão. O painel abre sozinho.' : `Não existe o paredão nº ${poll}.`,
  left: 'Você saiu do painel.',
});
staffPageIsWhole();
