import { Controller, Get, Header } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';

import { RequiresRole } from '#auth';
import { AuditState } from '#contract';
import { EventLog } from '#event-log';
import { Answers, ApiProblems } from '#platform';
import { ReadModel } from '#read-model';

import { logState } from './log-state.ts';

@ApiTags('auditoria')
@Controller('auditoria/estado')
export class StateController {
  constructor(
    private readonly log: EventLog,
    private readonly readModel: ReadModel,
  ) {}

  @Get()
  @Header('cache-control', 'no-store')
  @RequiresRole('auditor', 'admin')
  @ApiOperation({ summary: 'The log and what was counted from it, side by side' })
  @Answers('Both, and each poll', AuditState)
  @ApiProblems('log-unavailable', 'read-model-unavailable')
  state(): Promise<AuditState> {
    return logState(this.log, this.readModel);
  }
}
