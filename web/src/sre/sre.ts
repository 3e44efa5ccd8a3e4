/** The operations page: log in, then executions, latency, errors, waiting votes and the log, live. */
import { OperationsView } from './sre-view.ts';
import { BROKEN, RETRY } from './silence.ts';
import { runStaffPage } from '../shared/staff.ts';
import type { Operations } from '#contract';
import { staffPageIsWhole } from '../shared/whole.ts';

const view = new OperationsView();

runStaffPage<Operations>({
  source: { path: '/sre/aovivo', event: 'sre', eager: { silence: BROKEN, retry: RETRY }, isOwn: true },
  enter: (token) => view.enter(token),
  renewed: (token) => view.renew(token),
  show: (operations) => view.show(operations),
  live: () => view.live(),
  tick: () => view.tick(),
  lost: 'Sem conexão ao vivo com o serviço',
  denied: 'Este usuário não pode ver a operação.',
  missing: 'Os serviços separados não têm esta página: o Grafana e o Graylog mostram todas as instâncias.',
  left: 'Você saiu da operação.',
});
staffPageIsWhole();
