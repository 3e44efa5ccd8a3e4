import { Module } from '@nestjs/common';

import { ActionsController } from './actions/actions.controller.ts';
import { LongReads } from './long-reads.ts';
import { ExportsController } from './exports/exports.controller.ts';
import { QuarantineController } from './quarantine/quarantine.controller.ts';
import { ReconciliationController } from './reconciliation/reconciliation.controller.ts';
import { ReportsController } from './exports/reports.controller.ts';
import { StateController } from './state/state.controller.ts';
import { StoresReadiness } from './stores-readiness.ts';

/** What auditors see: the log beside what was counted from it. It reads both, and writes nothing. */
@Module({
  controllers: [
    StateController,
    ReconciliationController,
    QuarantineController,
    ActionsController,
    ExportsController,
    ReportsController,
  ],
  providers: [LongReads, StoresReadiness],
})
export class AuditApiModule {}
