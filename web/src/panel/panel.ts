/** Production's panel: log in, then totals, live. */
import { fetchPolls, fetchTotal, totalPath } from '../shared/api.ts';
import { byId } from '../shared/dom.ts';
import { createPanelView } from './panel-view.ts';
import { createSharesSwitch } from './shares-switch.ts';
import { createStageDesk } from './stage-desk.ts';
import { runStaffPage } from '../shared/staff.ts';
import type { Total } from '#contract';

const poll = new URLSearchParams(location.search).get('paredao');
const view = createPanelView();
const stage = createStageDesk(poll);
const shares = createSharesSwitch();

byId('atual', HTMLAnchorElement).hidden = poll === null;

/** The polls that there are, beside the field that takes a number. */
async function offerPolls(token: string): Promise<void> {
  const polls = await fetchPolls(token).catch(() => []);
  const opened = polls.filter(({ aberto_em }) => aberto_em !== null);
  const options = opened.map(({ id, titulo, ensaio }) => new Option(ensaio ? `ENSAIO · ${titulo}` : titulo, id));
  byId('paredoes', HTMLDataListElement).replaceChildren(...options);
}

runStaffPage<Total>({
  source: {
    path: totalPath('/total/aovivo', poll),
    event: 'total',
    read: (token) => fetchTotal(token, poll),
  },
  enter: (token) => {
    void offerPolls(token);
    stage.open(token);
    shares.use(token);
  },
  renewed: (token) => {
    stage.use(token);
    shares.use(token);
  },
  leave: () => stage.close(),
  show: (total) => {
    view.show(total);
    shares.show(total);
  },
  tick: () => view.tick(),
  lost: 'Sem conexão ao vivo com a apuração',
  denied: 'Este usuário não pode ver os totais.',
  missing: poll === null ? 'Ainda não há paredão. O painel abre sozinho.' : `Não existe o paredão nº ${poll}.`,
  left: 'Você saiu do painel.',
});
