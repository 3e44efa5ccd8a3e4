/** Production's panel: log in, then totals, live. */
import { fetchTotal, totalPath } from './api.ts';
import { byId } from './dom.ts';
import { createPanelView } from './panel-view.ts';
import { runStaffPage } from './staff.ts';
import type { Total } from './wire.ts';

const poll = new URLSearchParams(location.search).get('paredao');
const view = createPanelView();

byId('atual', HTMLAnchorElement).hidden = poll === null;

runStaffPage<Total>({
  source: {
    path: totalPath('/total/aovivo', poll),
    event: 'total',
    read: (token) => fetchTotal(token, poll),
  },
  show: (total) => view.show(total),
  tick: () => view.tick(),
  lost: 'Sem conexão ao vivo com a apuração',
  denied: 'Este usuário não pode ver os totais.',
  missing: poll === null ? 'Ainda não há paredão. O painel abre sozinho.' : `Não existe o paredão nº ${poll}.`,
  left: 'Você saiu do painel.',
});
