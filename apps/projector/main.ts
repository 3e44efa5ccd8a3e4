import { runService } from '#platform';

import { ProjectorModule } from './projector.module.ts';

await runService('projector', 'Paredão: projector', 3002, ProjectorModule, { eventLog: 'append', readModel: true });
