import { Controller, Get, Query, Res } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';

import { RequiresRole } from '#auth';
import { renderHtml } from '#audit';
import { AuditQuery } from '#contract';
import { EventLog } from '#event-log';
import { ApiProblems, Environment, Takes } from '#platform';

import { claimsOf } from '../claims.ts';
import { LongReads } from '../long-reads.ts';
import { fileNameOf, pollOf } from '../poll-of.ts';
import { auditReport } from './audit-report.ts';

/** The report that auditors print and sign. */
@ApiTags('auditoria')
@Controller('auditoria/relatorio')
export class ReportsController {
  constructor(
    private readonly log: EventLog,
    private readonly environment: Environment,
    private readonly reads: LongReads,
  ) {}

  @Get()
  @RequiresRole('auditor', 'admin')
  @Takes({ query: AuditQuery })
  @ApiOperation({
    summary: 'A whole audit compared with the read model, as one page to print',
    description:
      'What the `audit` command makes of the same log, but for what is published: the service cannot be its own witness. Ask it with `audit --total` from outside.',
  })
  @ApiResponse({
    status: 200,
    description: 'A self-contained page',
    content: { 'text/html': { schema: { type: 'string' } } },
  })
  @ApiProblems('malformed-request', 'poll-not-found', 'audit-running', 'log-unavailable', 'read-model-unavailable')
  async report(
    @Res() reply: FastifyReply,
    @Query('paredao') asked?: string,
    @Query('anunciado') announced?: string,
    @Query('compromisso') expected?: string,
  ): Promise<void> {
    const claims = claimsOf(announced, expected);
    const pollId = await pollOf(this.log, asked);
    const signal = this.reads.begin(reply);
    const html = renderHtml(await auditReport(this.environment, pollId, signal, { claims }));
    // it is a file: nothing in it is ever run or shown as a page of this origin
    void reply.header('cache-control', 'no-store').type('text/html; charset=utf-8');
    void reply.header(
      'content-disposition',
      `attachment; filename="${await fileNameOf(this.log, pollId)}-relatorio.html"`,
    );
    await reply.send(html);
  }
}
