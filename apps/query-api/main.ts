import { runService } from '#platform';

import { QueryApiModule } from './query-api.module.ts';

await runService('query-api', 'Paredão: query API', 3003, QueryApiModule, { eventLog: 'late', readModel: true });
