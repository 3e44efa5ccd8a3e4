import { Controller, Get, Query, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { PinoLogger } from 'nestjs-pino';

import { RequiresRole } from '#auth';
import { PollQuery, Problem, Reconciliation, ReconciliationProgress } from '#contract';
import { EventLog } from '#event-log';
import { AnswersEvents, ApiProblems, Takes, problemFor } from '#platform';
import { ReadModel } from '#read-model';

import { AbandonedError, LongReads } from '../long-reads.ts';
import { pollOf } from '../poll-of.ts';
import { reconcile } from './reconcile.ts';

const PROGRESS_INTERVAL_MS = 250;
const HEADERS = { 'content-type': 'text/event-stream; charset=utf-8', 'x-accel-buffering': 'no' };

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
  @Takes({ query: PollQuery })
  @ApiOperation({ summary: 'Counts the poll again from the log, beside the stored tally, hour by hour' })
  @AnswersEvents('Events `progresso`, and at last `conferencia` or `problema`', {
    progresso: ReconciliationProgress,
    conferencia: Reconciliation,
    problema: Problem,
  })
  @ApiProblems('malformed-request', 'poll-not-found', 'audit-running', 'log-unavailable', 'read-model-unavailable')
  async reconciliation(@Res() reply: FastifyReply, @Query('paredao') asked?: string): Promise<void> {
    const pollId = await pollOf(this.log, asked);
    if (reply.request.method === 'HEAD') return void reply.headers(HEADERS).send();
    const signal = this.reads.begin(reply);
    const response = reply.header('cache-control', 'no-store').hijack().raw;
    response.writeHead(200, { ...HEADERS, ...reply.getHeaders() } as Record<string, string>);
    const send = (event: string, data: object): void => {
      response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
    };
    let sentAt = -Infinity;
    try {
      const result = await reconcile(this.log, this.readModel, pollId, signal, (eventos, fracao) => {
        if (performance.now() - sentAt < PROGRESS_INTERVAL_MS) return;
        sentAt = performance.now();
        send('progresso', { eventos, fracao } satisfies ReconciliationProgress);
      });
      send('conferencia', result);
    } catch (error) {
      if (!(error instanceof AbandonedError)) this.logger.error({ err: error }, 'a reconciliation failed');
      send('problema', problemFor(error));
    } finally {
      response.end();
    }
  }
}
