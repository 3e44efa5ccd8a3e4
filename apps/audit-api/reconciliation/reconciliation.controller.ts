import { Controller, Get, Query, Res } from '@nestjs/common';
import { RouteSchema } from '@nestjs/platform-fastify';
import { ApiExtraModels, ApiOkResponse, ApiOperation, ApiProduces, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { PinoLogger } from 'nestjs-pino';

import { EventLog } from '#event-log';
import { RequiresRole } from '#auth';
import { ApiProblems, POLL_ID, POLL_QUERY, problemFor } from '#platform';
import { ReadModel } from '#read-model';

import { AbandonedError, LongReads } from '../long-reads.ts';
import { pollOf } from '../poll-of.ts';
import { reconcile } from './reconcile.ts';
import { ReconciliationView } from './reconciliation.view.ts';

const PROGRESS_INTERVAL_MS = 250;
const HEADERS = { 'content-type': 'text/event-stream; charset=utf-8', 'x-accel-buffering': 'no' };

/** A recount takes as long as the poll is large: it tells how far it is, and ends with the client that asked for it. */
@ApiTags('auditoria')
@ApiExtraModels(ReconciliationView)
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
  @RouteSchema({ querystring: POLL_QUERY })
  @ApiOperation({
    summary: 'Counts the poll again from the log, beside the stored tally, hour by hour',
    description:
      'Server-sent events: `progresso` with `eventos` and `fracao`, at last `conferencia` (ReconciliationView) or `problema` (ProblemSchema).',
  })
  @ApiQuery({ name: 'paredao', required: false, schema: POLL_ID })
  @ApiProduces('text/event-stream')
  @ApiOkResponse({ content: { 'text/event-stream': { schema: { type: 'string' } } } })
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
        send('progresso', { eventos, fracao });
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
