import { Controller, Get, Header, Query } from '@nestjs/common';
import { RouteSchema } from '@nestjs/platform-fastify';
import { ApiOkResponse, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';

import { EventLog } from '#event-log';
import { RequiresRole } from '#auth';
import { ApiProblems, POLL_ID, POLL_QUERY } from '#platform';

import { pollOf } from '../poll-of.ts';
import { ActionView } from './action.view.ts';
import { actionsOn } from './admin-actions.ts';

@ApiTags('auditoria')
@Controller('auditoria/acoes')
export class ActionsController {
  constructor(private readonly log: EventLog) {}

  @Get()
  @Header('cache-control', 'no-store')
  @RequiresRole('auditor', 'admin')
  @RouteSchema({ querystring: POLL_QUERY })
  @ApiOperation({ summary: 'Who decided what about a poll, and when' })
  @ApiQuery({ name: 'paredao', required: false, schema: POLL_ID })
  @ApiOkResponse({ type: [ActionView] })
  @ApiProblems('malformed-request', 'poll-not-found', 'log-unavailable')
  async actions(@Query('paredao') asked?: string): Promise<ActionView[]> {
    return actionsOn(this.log, await pollOf(this.log, asked));
  }
}
