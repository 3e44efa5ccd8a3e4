import { Controller, Get, Header, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import Type from 'typebox';

import { RequiresRole } from '#auth';
import { AdminAction, PollQuery } from '#contract';
import { EventLog } from '#event-log';
import { Answers, ApiProblems, Takes } from '#platform';

import { pollOf } from '../poll-of.ts';
import { actionsOn } from './admin-actions.ts';

@ApiTags('auditoria')
@Controller('auditoria/acoes')
export class ActionsController {
  constructor(private readonly log: EventLog) {}

  @Get()
  @Header('cache-control', 'no-store')
  @RequiresRole('auditor', 'admin')
  @Takes({ query: PollQuery })
  @ApiOperation({ summary: 'Who decided what about a poll, and when' })
  @Answers('The decisions, in the order of the log', Type.Array(AdminAction))
  @ApiProblems('malformed-request', 'poll-not-found', 'log-unavailable')
  async actions(@Query('paredao') asked?: string): Promise<AdminAction[]> {
    return actionsOn(this.log, await pollOf(this.log, asked));
  }
}
