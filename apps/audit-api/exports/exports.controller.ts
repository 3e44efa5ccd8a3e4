import { Controller, Get, Query, Res } from '@nestjs/common';
import { RouteSchema } from '@nestjs/platform-fastify';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Readable } from 'node:stream';

import { exportCsv, exportNdjson } from '#audit';
import { EventLog } from '#event-log';
import { ApiProblems, POLL_ID, POLL_QUERY, RequiresRole } from '#platform';

import { LongReads } from '../long-reads.ts';
import { pollOf } from '../poll-of.ts';

const FORMATS = {
  ndjson: { type: 'application/x-ndjson; charset=utf-8', write: exportNdjson },
  csv: { type: 'text/csv; charset=utf-8', write: exportCsv },
} as const;

const FORMAT = { type: 'string', enum: Object.keys(FORMATS) };
const SCHEMA = { type: 'object', properties: { ...POLL_QUERY.properties, formato: FORMAT } };
const TEXT = { schema: { type: 'string' } } as const;

/** The whole poll as a file, for other people's programs. */
@ApiTags('auditoria')
@Controller('auditoria/exportacao')
export class ExportsController {
  constructor(
    private readonly log: EventLog,
    private readonly reads: LongReads,
  ) {}

  @Get()
  @RequiresRole('auditor', 'admin')
  @RouteSchema({ querystring: SCHEMA })
  @ApiOperation({
    summary: 'The events of a poll: complete with a manifest (NDJSON), or the ballot box as a table (CSV)',
  })
  @ApiQuery({ name: 'paredao', required: false, schema: POLL_ID })
  @ApiQuery({ name: 'formato', required: false, schema: FORMAT, description: 'ndjson unless it is said' })
  @ApiProduces('application/x-ndjson', 'text/csv')
  @ApiOkResponse({ content: { 'application/x-ndjson': TEXT, 'text/csv': TEXT } })
  @ApiProblems('malformed-request', 'poll-not-found', 'audit-running', 'log-unavailable')
  async export(
    @Res() reply: FastifyReply,
    @Query('paredao') asked?: string,
    @Query('formato') format: keyof typeof FORMATS = 'ndjson',
  ): Promise<void> {
    const pollId = await pollOf(this.log, asked);
    const signal = this.reads.begin(reply);
    const { type, write } = FORMATS[format];
    void reply.header('cache-control', 'no-store').type(type);
    void reply.header('content-disposition', `attachment; filename="paredao-${pollId}.${format}"`);
    // a stream that is destroyed ends the reading of the log
    await reply.send(Readable.from(write({ log: this.log, pollId }), { signal }));
  }
}
