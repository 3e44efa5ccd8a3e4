import { Module } from '@nestjs/common';

import { AuthModule } from '#auth';
import { CheckSeal } from '#contract/views';
import { Environment, SECRETS, type Secrets } from '#platform';

import { ActionsController } from './actions/actions.controller.ts';
import { AuditPace } from './checks/audit-pace.ts';
import { ChecksController } from './checks/checks.controller.ts';
import { ClosingAudits, PollAudit, closingAuditMetrics } from './closing/closing-audits.ts';
import { LongReads } from './long-reads.ts';
import { auditReport } from './exports/audit-report.ts';
import { ExportsController } from './exports/exports.controller.ts';
import { QuarantineController } from './quarantine/quarantine.controller.ts';
import { ReconciliationController } from './reconciliation/reconciliation.controller.ts';
import { ReportsController } from './exports/reports.controller.ts';
import { StateController } from './state/state.controller.ts';
import { StoresReadiness } from './stores-readiness.ts';

/** The second count, in SQL, is for whoever asks for a report: it takes as much disk as the poll. */
const POLL_AUDIT = {
  provide: PollAudit,
  inject: [Environment],
  useFactory: (environment: Environment): PollAudit => ({
    of: (pollId, signal) => auditReport(environment, pollId, signal, { independent: false }),
  }),
};

const CHECK_SEAL = {
  provide: CheckSeal,
  inject: [SECRETS],
  useFactory: ({ token }: Secrets): CheckSeal => new CheckSeal(token),
};

/** What auditors see: the log beside what was counted from it. It reads both, and writes nothing. */
@Module({
  imports: [AuthModule],
  controllers: [
    StateController,
    ReconciliationController,
    ChecksController,
    QuarantineController,
    ActionsController,
    ExportsController,
    ReportsController,
  ],
  providers: [CHECK_SEAL, AuditPace, LongReads, StoresReadiness, POLL_AUDIT, ClosingAudits, ...closingAuditMetrics],
})
export class AuditApiModule {}
