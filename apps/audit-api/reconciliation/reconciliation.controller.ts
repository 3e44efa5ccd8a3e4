import { Controller, Get, Query, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { PinoLogger } from 'nestjs-pino';

import { RequiresRole } from '#auth';
import { AuditQuery, Problem, Reconciliation, ReconciliationProgress } from '#contract';
import { EventLog } from '#event-log';
import { AnswersEvents, ApiProblems, Takes } from '#platform';
import { ReadModel } from '#read-model';

import { EVENT_STREAM, streamLongRead } from '../event-stream.ts';
import { claimsOf } from '../claims.ts';
import { LongReads } from '../long-reads.ts';
import { pollOf } from '../poll-of.ts';
import { reconcile } from './reconcile.ts';

/** A recount takes as long as the poll is large: it tells how far it is, and ends with the client that asked for it. */
@ApiTags('auditoria')
@Controller('auditoria/conferencia')
export class ReconciliationController {
  constructor(
    private readonly log: EventLog,
    private readonly readModel: ReadModel,
    private readonly reads: LongReads,
    private readonly logger: PinoLogger,
  ) {
    logger.setContext('reconciliation');
  }

  @Get()
  @RequiresRole('auditor', 'admin')
  @Takes({ query: AuditQuery })
  @ApiOperation({ summary: 'Counts the poll again from the log, beside the stored tally, hour by hour' })
  @AnswersEvents('Events `progresso`, and at last `conferencia` or `problema`', {
    progresso: ReconciliationProgress,
    conferencia: Reconciliation,
    problema: Problem,
  })
  @ApiProblems('malformed-request', 'poll-not-found', 'audit-running', 'log-unavailable', 'read-model-unavailable')
  async reconciliation(
    @Res() reply: FastifyReply,
    @Query('paredao') asked?: string,
    @Query('anunciado') announced?: string,
    @Query('compromisso') expected?: string,
  ): Promise<void> {
    const claims = claimsOf(announced, expected);
    const pollId = await pollOf(this.log, asked);
    if (reply.request.method === 'HEAD') return void reply.headers(EVENT_STREAM).send();
    const signal = this.reads.begin(reply);
    await streamLongRead(reply, this.logger, 'conferencia', (onProgress) =>
      reconcile(this.log, this.readModel, { pollId, claims, signal, onProgress }),
    );
  }
}
