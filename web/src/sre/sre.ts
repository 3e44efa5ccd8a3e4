/** The operations page: log in, then executions, latency, errors and the log, live. */
import { createOperationsView } from './sre-view.ts';
import { runStaffPage } from '../shared/staff.ts';
import type { Operations } from '#contract';

const view = createOperationsView();

runStaffPage<Operations>({
  source: { path: '/sre/aovivo', event: 'sre' },
  show: (operations) => view.show(operations),
  tick: () => {},
  lost: 'Sem conexão ao vivo com o serviço',
  denied: 'Este usuário não pode ver a operação.',
  missing: 'Este serviço não tem esta página: veja o Grafana e o Graylog.',
  left: 'Você saiu da operação.',
});
