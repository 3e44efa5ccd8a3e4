import { Controller, Get, Header, Param, Query, Res } from '@nestjs/common';
import { RouteSchema } from '@nestjs/platform-fastify';
import { ApiOkResponse, ApiOperation, ApiParam, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';

import { isoOf, wordReason } from '#audit';
import type { QuarantinedEvent } from '#domain';
import { EventLog } from '#event-log';
import { RequiresRole } from '#auth';
import { ApiProblems, ProblemError, queryOf } from '#platform';
import { listQuarantine, moreQuarantined, readQuarantined } from '#projection';
import { ReadModel } from '#read-model';

import { LongReads } from '../long-reads.ts';
import { PollQuarantineView, QuarantinedEventView, QuarantinedRecordView } from './quarantine.view.ts';

const STREAM = { type: 'string', pattern: '^(votes|poll)-[1-9][0-9]{0,8}$' };
const REVISION = { type: 'string', pattern: '^(0|[1-9][0-9]{0,17})$' };
const STREAM_ONLY = { type: 'object', properties: { fluxo: STREAM } };
const BEHIND = queryOf({ depois: REVISION });
const PLACE = { type: 'object', properties: { fluxo: STREAM, revisao: REVISION } };

/** Events that no fold could read. They are looked at here and repaired by an upcaster and a rebuild, never in place. */
@ApiTags('auditoria')
@Controller('auditoria/quarentena')
export class QuarantineController {
  constructor(
    private readonly log: EventLog,
    private readonly readModel: ReadModel,
    private readonly reads: LongReads,
  ) {}

  @Get()
  @Header('cache-control', 'no-store')
  @RequiresRole('auditor', 'admin')
  @ApiOperation({ summary: 'Events that could not be read, by poll' })
  @ApiOkResponse({ type: [PollQuarantineView] })
  @ApiProblems('read-model-unavailable')
  async list(): Promise<PollQuarantineView[]> {
    const polls = await listQuarantine(await this.readModel.current());
    return polls.map(({ pollId, count, events }) => ({
      paredao: pollId,
      quantidade: count,
      eventos: events.map(placeOf),
    }));
  }

  @Get(':fluxo')
  @RequiresRole('auditor', 'admin')
  @RouteSchema({ params: STREAM_ONLY, querystring: BEHIND })
  @ApiOperation({ summary: 'The next hundred of these events in a stream, behind a revision, or from the first one' })
  @ApiParam({ name: 'fluxo', schema: STREAM })
  @ApiQuery({ name: 'depois', required: false, schema: REVISION })
  @ApiOkResponse({ type: [QuarantinedEventView] })
  @ApiProblems('malformed-request', 'uri-too-long', 'audit-running', 'log-unavailable')
  async more(
    @Res() reply: FastifyReply,
    @Param('fluxo') stream: string,
    @Query('depois') after?: string,
  ): Promise<void> {
    const signal = this.reads.begin(reply);
    const events = await moreQuarantined(this.log, stream, BigInt(after ?? -1), signal);
    await reply.header('cache-control', 'no-store').send(events.map(placeOf));
  }

  @Get(':fluxo/:revisao')
  @Header('cache-control', 'no-store')
  @RequiresRole('auditor', 'admin')
  @RouteSchema({ params: PLACE })
  @ApiOperation({ summary: 'One of these events with its bytes' })
  @ApiParam({ name: 'fluxo', schema: STREAM })
  @ApiParam({ name: 'revisao', schema: REVISION })
  @ApiOkResponse({ type: QuarantinedRecordView })
  @ApiProblems('malformed-request', 'not-found', 'uri-too-long', 'log-unavailable', 'read-model-unavailable')
  async show(@Param('fluxo') stream: string, @Param('revisao') revision: string): Promise<QuarantinedRecordView> {
    const record = await readQuarantined(this.log, await this.readModel.current(), stream, revision);
    if (record === undefined) throw new ProblemError('not-found', 'Este evento não está na quarentena.');
    const { event, size, text, hex } = record;
    return {
      ...placeOf(record),
      tipo: event.type,
      versao: event.version,
      id: event.id,
      registradoEm: isoOf(event.recordedAt),
      tamanho: size,
      texto: text ?? null,
      hexadecimal: hex,
    };
  }
}

const placeOf = ({ stream, revision, position, reason }: QuarantinedEvent) => ({
  fluxo: stream,
  revisao: revision,
  posicao: position,
  motivo: wordReason(reason),
  codigo: reason,
});
