import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { PinoLogger } from 'nestjs-pino';

import { RequiresRole } from '#auth';
import { CheckReport, PollQuery, Problem, ReconciliationProgress } from '#contract';
import { CheckSeal } from '#contract/views';
import { EventLog } from '#event-log';
import { AnswersEvents, ApiProblems, Environment, Takes } from '#platform';
import { ReadModel } from '#read-model';

import { EVENT_STREAM, type OnProgress, streamLongRead } from '../event-stream.ts';
import { auditReport } from '../exports/audit-report.ts';
import { LongReads } from '../long-reads.ts';
import { pollOf } from '../poll-of.ts';
import { AuditPace } from './audit-pace.ts';
import { assertCheckable, checkReportOf } from './check.ts';

/** The audit that is signed before a result is released. */
@ApiTags('auditoria')
@Controller('auditoria/laudo')
export class ChecksController {
  constructor(
    private readonly log: EventLog,
    private readonly readModel: ReadModel,
    private readonly environment: Environment,
    private readonly reads: LongReads,
    private readonly pace: AuditPace,
    private readonly seal: CheckSeal,
    private readonly logger: PinoLogger,
  ) {
    logger.setContext('check');
  }

  @Get()
  @RequiresRole('auditor')
  @Takes({ query: PollQuery })
  @ApiOperation({
    summary: 'A whole audit of a closed poll, to be signed',
    description:
      'Both recounts, every check, every other poll. It appends nothing: its `selo` goes to `POST /paredoes/{id}/conferir`, by the same user, within ten minutes.',
  })
  @AnswersEvents('Events `progresso`, and at last `laudo` or `problema`', {
    progresso: ReconciliationProgress,
    laudo: CheckReport,
    problema: Problem,
  })
  @ApiProblems(
    'malformed-request',
    'poll-not-found',
    'poll-not-closed',
    'poll-not-counted',
    'poll-annulled',
    'audit-running',
    'log-unavailable',
    'read-model-unavailable',
  )
  async check(
    @Res() reply: FastifyReply,
    @Req() request: FastifyRequest,
    @Query('paredao') asked?: string,
  ): Promise<void> {
    const pollId = await pollOf(this.log, asked);
    await assertCheckable(this.log, this.readModel, pollId);
    if (request.method === 'HEAD') return void reply.headers(EVENT_STREAM).send();
    const signal = this.reads.begin(reply);
    const by = request.principal!.name;
    await streamLongRead(reply, this.logger, 'laudo', (onProgress) => this.audit(pollId, by, signal, onProgress));
  }

  private async audit(pollId: string, by: string, signal: AbortSignal, onProgress: OnProgress): Promise<CheckReport> {
    const report = await auditReport(this.environment, pollId, signal, { onProgress });
    const check = checkReportOf(report, by, this.seal);
    await this.pace.record(check.duracao_segundos);
    const { confere: agrees, duracao_segundos: duration, compromisso: commitment } = check;
    this.logger.info({ poll: pollId, by, agrees, duration, commitment }, 'a closed poll was audited, to be signed');
    return check;
  }
}
