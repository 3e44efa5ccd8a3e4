import { Controller, Get, Query, Res } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Readable, pipeline } from 'node:stream';
import { createGzip } from 'node:zlib';

import { RequiresRole } from '#auth';
import { exportCsv, exportNdjson, exportSpreadsheet } from '#audit';
import { type ExportFormat, ExportQuery } from '#contract';
import { EventLog } from '#event-log';
import { ApiProblems, Takes } from '#platform';

import { LongReads } from '../long-reads.ts';
import { existingPollOf, fileNameOf } from '../poll-of.ts';

/** The complete export is a compressed file, which a browser holds whole until it is saved; a table is for a spreadsheet to open. */
const FORMATS = {
  ndjson: { type: 'application/gzip', suffix: '.ndjson.gz', write: exportNdjson, compressed: true },
  csv: { type: 'text/csv; charset=utf-8', suffix: '.csv', write: exportCsv, compressed: false },
  planilha: {
    type: 'text/csv; charset=utf-8',
    suffix: '-planilha.csv',
    write: exportSpreadsheet,
    compressed: false,
  },
} as const satisfies Record<ExportFormat, object>;

const TEXT = { schema: { type: 'string' } } as const;
const BYTES = { schema: { type: 'string', format: 'binary' } } as const;

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
  @Takes({ query: ExportQuery })
  @ApiOperation({
    summary:
      'The events of a poll: complete with a manifest (NDJSON, gzip), or the ballot box as a table (CSV), for programs or for a spreadsheet',
  })
  @ApiResponse({
    status: 200,
    description: 'The file; one that ends before its manifest is incomplete',
    content: { 'application/gzip': BYTES, 'text/csv': TEXT },
  })
  @ApiProblems('malformed-request', 'poll-not-found', 'audit-running', 'log-unavailable')
  async export(
    @Res() reply: FastifyReply,
    @Query('paredao') asked?: string,
    @Query('formato') format: ExportFormat = 'ndjson',
  ): Promise<void> {
    const pollId = await existingPollOf(this.log, asked);
    const signal = this.reads.begin(reply);
    const { type, suffix, write, compressed } = FORMATS[format];
    void reply.header('cache-control', 'no-store').type(type);
    void reply.header('content-disposition', `attachment; filename="${await fileNameOf(this.log, pollId)}${suffix}"`);
    // a stream that is destroyed ends the reading of the log
    const text = Readable.from(write({ log: this.log, pollId }), { signal });
    // what fails in the middle of a file is seen by its reader: it ends before its manifest
    await reply.send(compressed ? pipeline(text, createGzip(), () => {}) : text);
  }
}
