import { Controller, Get, Header } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';

import { EventLog } from '#event-log';
import { RequiresRole } from '#auth';
import { ApiProblems } from '#platform';
import { ReadModel } from '#read-model';

import { logState } from './log-state.ts';
import { StateView } from './state.view.ts';

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
  @ApiOkResponse({ type: StateView })
  @ApiProblems('log-unavailable', 'read-model-unavailable')
  state(): Promise<StateView> {
    return logState(this.log, this.readModel);
  }
}
