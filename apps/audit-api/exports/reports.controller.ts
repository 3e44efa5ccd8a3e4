import { Controller, Get, Query, Res } from '@nestjs/common';
import { RouteSchema } from '@nestjs/platform-fastify';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';

import { audit, logSource, renderHtml } from '#audit';
import { EventLog } from '#event-log';
import { ApiProblems, POLL_ID, POLL_QUERY, RequiresRole } from '#platform';
import { ReadModel } from '#read-model';

import { LongReads } from '../long-reads.ts';
import { pollOf } from '../poll-of.ts';

/** The report that auditors print and sign. */
@ApiTags('auditoria')
@Controller('auditoria/relatorio')
export class ReportsController {
  constructor(
    private readonly log: EventLog,
    private readonly readModel: ReadModel,
    private readonly reads: LongReads,
  ) {}

  @Get()
  @RequiresRole('auditor', 'admin')
  @RouteSchema({ querystring: POLL_QUERY })
  @ApiOperation({
    summary: 'A recount compared with the read model, as one page to print',
    description:
      'Without the second recount in SQL, which the `audit` command makes: here it would stop other requests.',
  })
  @ApiQuery({ name: 'paredao', required: false, schema: POLL_ID })
  @ApiProduces('text/html')
  @ApiOkResponse({ content: { 'text/html': { schema: { type: 'string' } } } })
  @ApiProblems('malformed-request', 'poll-not-found', 'audit-running', 'log-unavailable', 'read-model-unavailable')
  async report(@Res() reply: FastifyReply, @Query('paredao') asked?: string): Promise<void> {
    const pollId = await pollOf(this.log, asked);
    const signal = this.reads.begin(reply);
    const source = logSource(this.log, 'log');
    const readModel = await this.readModel.current();
    const report = await audit({ source, pollId, readModel, independent: false, signal });
    // it is a file: nothing in it is ever run or shown as a page of this origin
    void reply.header('cache-control', 'no-store').type('text/html; charset=utf-8');
    void reply.header('content-disposition', `attachment; filename="paredao-${pollId}-relatorio.html"`);
    await reply.send(renderHtml(report));
  }
}
