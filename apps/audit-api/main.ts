import { runService } from '#platform';

import { AuditApiModule } from './audit-api.module.ts';

await runService('audit-api', 'Paredão: audit API', 3004, AuditApiModule, { eventLog: 'read', readModel: true });
