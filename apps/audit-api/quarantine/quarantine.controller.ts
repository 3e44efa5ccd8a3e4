import { Controller, Get, Header, Param, Query, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import Type from 'typebox';

import { RequiresRole } from '#auth';
import { isoOf, wordReason } from '#audit';
import {
  PollQuarantine,
  QuarantinePath,
  QuarantineQuery,
  QuarantineStreamPath,
  QuarantinedEvent,
  QuarantinedRecord,
} from '#contract';
import type { QuarantinedEvent as UnreadEvent } from '#domain';
import { EventLog } from '#event-log';
import { Answers, ApiProblems, ProblemError, Takes } from '#platform';
import { listQuarantine, moreQuarantined, readQuarantined } from '#projection';
import { ReadModel } from '#read-model';

import { LongReads } from '../long-reads.ts';

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
  @Answers('The polls that have some', Type.Array(PollQuarantine))
  @ApiProblems('read-model-unavailable')
  async list(): Promise<PollQuarantine[]> {
    const polls = await listQuarantine(await this.readModel.current());
    return polls.map(({ pollId, count, events }) => ({
      paredao: pollId,
      quantidade: count,
      eventos: events.map(placeOf),
    }));
  }

  @Get(':fluxo')
  @RequiresRole('auditor', 'admin')
  @Takes({ checkedPath: QuarantineStreamPath, query: QuarantineQuery })
  @ApiOperation({ summary: 'The next hundred of these events in a stream, after a revision or from the first one' })
  @Answers('In the order of the stream; none at its end', Type.Array(QuarantinedEvent))
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
  @Takes({ checkedPath: QuarantinePath })
  @ApiOperation({ summary: 'One of these events with its bytes' })
  @Answers('The event and its bytes', QuarantinedRecord)
  @ApiProblems('malformed-request', 'not-found', 'uri-too-long', 'log-unavailable', 'read-model-unavailable')
  async show(@Param('fluxo') stream: string, @Param('revisao') revision: string): Promise<QuarantinedRecord> {
    const record = await readQuarantined(this.log, await this.readModel.current(), stream, revision);
    if (record === undefined) throw new ProblemError('not-found', 'Este evento não está na quarentena.');
    const { event, size, text, hex } = record;
    return {
      ...placeOf(record),
      tipo: event.type,
      versao: event.version,
      id: event.id,
      registrado_em: isoOf(event.recordedAt),
      tamanho: size,
      texto: text ?? null,
      hexadecimal: hex,
    };
  }
}

const placeOf = ({ stream, revision, position, reason }: UnreadEvent): QuarantinedEvent => ({
  fluxo: stream,
  revisao: revision,
  posicao: position,
  motivo: wordReason(reason),
  codigo: reason,
});
