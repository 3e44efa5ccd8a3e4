import { Controller, Get, Header } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';

import { RequiresRole } from '#auth';
import { AuditState } from '#contract';
import { EventLog } from '#event-log';
import { Answers, ApiProblems } from '#platform';
import { ReadModel } from '#read-model';

import { AuditPace } from '../checks/audit-pace.ts';
import { logState } from './log-state.ts';

@ApiTags('auditoria')
@Controller('auditoria/estado')
export class StateController {
  constructor(
    private readonly log: EventLog,
    private readonly readModel: ReadModel,
    private readonly pace: AuditPace,
  ) {}

  @Get()
  @Header('cache-control', 'no-store')
  @RequiresRole('auditor', 'admin')
  @ApiOperation({ summary: 'The log and what was counted from it, side by side' })
  @Answers('Both, and each poll', AuditState)
  @ApiProblems('log-unavailable', 'read-model-unavailable')
  async state(): Promise<AuditState> {
    return { ...(await logState(this.log, this.readModel)), auditoria: await this.pace.now() };
  }
}
