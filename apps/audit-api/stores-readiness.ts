import { Injectable } from '@nestjs/common';

import { EventLog } from '#event-log';
import { Readiness } from '#platform';
import { ReadModel } from '#read-model';

/** Ready while both stores answer. */
@Injectable()
export class StoresReadiness {
  constructor(log: EventLog, readModel: ReadModel, readiness: Readiness) {
    readiness.add('audit', async () => {
      await Promise.all([log.head(), readModel.active()]);
    });
  }
}
