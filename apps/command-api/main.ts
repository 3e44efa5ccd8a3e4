import { runService } from '#platform';

import { CommandApiModule } from './command-api.module.ts';

await runService('command-api', 'Paredão: command API', 3001, CommandApiModule, {
  eventLog: 'write',
  readModel: false,
});
