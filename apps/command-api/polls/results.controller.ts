import { Body, Controller, HttpCode, Param, Post, Req } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { PinoLogger } from 'nestjs-pino';

import { RequiresRole } from '#auth';
import { AnnulBody, Poll, PollPath, ProclaimBody, REFUSALS, SIGN_OFF_EXAMPLES, SignBody } from '#contract';
import { CheckSeal } from '#contract/views';
import { isoTime } from '#domain';
import { Answers, ApiProblems, Takes } from '#platform';

import { PollChanging, stamp, userOf } from './poll-changing.ts';

/** What auditors and production decide about the result of a closed poll. */
@ApiTags('apuração')
@Controller('paredoes')
export class PollResultsController extends PollChanging {
  constructor(
    commands: CommandBus,
    logger: PinoLogger,
    private readonly seal: CheckSeal,
  ) {
    super(commands, logger);
  }

  @Post(':id/conferir')
  @HttpCode(200)
  @RequiresRole('auditor')
  @Takes({ path: PollPath, body: SignBody })
  @ApiOperation({
    summary: 'Sign what an audit of the whole closed poll found: that it agrees, or that it does not',
    description: 'Only what `GET /auditoria/laudo` answered to the same user in the last ten minutes.',
  })
  @Answers('The poll as it is now', Poll)
  @ApiProblems(...REFUSALS.sign)
  sign(@Param('id') id: string, @Body() { selo }: SignBody, @Req() request: FastifyRequest): Promise<Poll> {
    const check = this.seal.open(selo, { pollId: id, by: userOf(request) });
    const { findings, commitment, fold, sql, at, acts } = check;
    const audited = { auditedAt: isoTime(at), acts, ...stamp(request) };
    if (findings > 0) return this.change(id, { type: 'NoteFailedCheck', findings, ...audited });
    return this.change(id, { type: 'SignCheck', commitment, fold, sql, ...audited });
  }

  @Post(':id/proclamar')
  @HttpCode(200)
  @RequiresRole('producao', 'admin')
  @Takes({ path: PollPath, body: ProclaimBody, examples: SIGN_OFF_EXAMPLES.proclaim })
  @ApiOperation({ summary: 'Release the result: the public may know it; without a signed audit only with a reason' })
  @Answers('The poll as it is now', Poll)
  @ApiProblems(...REFUSALS.proclaim)
  proclaim(
    @Param('id') id: string,
    @Body() { motivo: reason }: ProclaimBody,
    @Req() request: FastifyRequest,
  ): Promise<Poll> {
    return this.change(id, { type: 'ProclaimResult', reason, ...stamp(request) });
  }

  @Post(':id/anular')
  @HttpCode(200)
  @RequiresRole('admin')
  @Takes({ path: PollPath, body: AnnulBody, examples: SIGN_OFF_EXAMPLES.annul })
  @ApiOperation({ summary: 'Annul a poll, with a public reason: it counts for nothing, and its log stays' })
  @Answers('The poll as it is now', Poll)
  @ApiProblems(...REFUSALS.annul)
  annul(@Param('id') id: string, @Body() { motivo: reason }: AnnulBody, @Req() request: FastifyRequest): Promise<Poll> {
    return this.change(id, { type: 'AnnulPoll', reason, ...stamp(request) });
  }
}
