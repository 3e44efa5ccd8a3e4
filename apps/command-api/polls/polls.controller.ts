import { Body, Controller, HttpCode, Param, Patch, Post, Req } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { RouteSchema } from '@nestjs/platform-fastify';
import { ApiBody, ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { PinoLogger } from 'nestjs-pino';

import type { PollCommand } from '#domain';
import { ApiProblems, PollView, RequiresRole, pollView } from '#platform';

import { ChangePoll, OpenPoll } from './poll.commands.ts';
import {
  NAME_EXAMPLES,
  NAME_SCHEMA,
  type NameBody,
  OPEN_EXAMPLES,
  OPEN_SCHEMA,
  type OpenBody,
  PARTICIPANT_PARAM,
  POLL_PARAM,
} from './polls.schemas.ts';

/** What administrators do to polls. */
@ApiTags('administração')
@Controller('paredoes')
export class PollsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly logger: PinoLogger,
  ) {
    logger.setContext('polls');
  }

  @Post()
  @RequiresRole('admin')
  @RouteSchema({ body: OPEN_SCHEMA })
  @ApiOperation({ summary: 'Open a poll' })
  @ApiBody({ schema: OPEN_SCHEMA, examples: OPEN_EXAMPLES })
  @ApiCreatedResponse({ type: PollView })
  @ApiProblems(
    'malformed-request',
    'invalid-title',
    'invalid-name',
    'invalid-participants',
    'poll-already-open',
    'wrong-expected-revision',
    'payload-too-large',
    'unsupported-media-type',
    'log-unavailable',
  )
  async open(@Body() body: OpenBody, @Req() request: FastifyRequest): Promise<PollView> {
    const names = body.participantes.map(({ nome }) => nome);
    const poll = await this.commands.execute(new OpenPoll(body.titulo, names, userOf(request)));
    this.logger.info({ poll: poll.id, by: userOf(request) }, 'poll opened');
    return pollView(poll);
  }

  @Patch(':id/participantes/:numero')
  @RequiresRole('admin')
  @RouteSchema({ body: NAME_SCHEMA })
  @ApiOperation({ summary: 'Change the name of a participant of an open poll' })
  @ApiParam(POLL_PARAM)
  @ApiParam(PARTICIPANT_PARAM)
  @ApiBody({ schema: NAME_SCHEMA, examples: NAME_EXAMPLES })
  @ApiOkResponse({ type: PollView })
  @ApiProblems(
    'malformed-request',
    'invalid-name',
    'invalid-participants',
    'poll-not-found',
    'participant-not-found',
    'poll-not-open',
    'wrong-expected-revision',
    'payload-too-large',
    'uri-too-long',
    'unsupported-media-type',
    'log-unavailable',
  )
  async rename(
    @Param('id') id: string,
    @Param('numero') numero: string,
    @Body() body: NameBody,
    @Req() request: FastifyRequest,
  ): Promise<PollView> {
    const change = { type: 'ChangeParticipant', number: Number(numero), name: body.nome, ...stamp(request) } as const;
    return this.change(id, change);
  }

  @Post(':id/encerrar')
  @HttpCode(200)
  @RequiresRole('admin')
  @ApiOperation({ summary: 'Close a poll: no vote is taken any more; it is final some seconds later' })
  @ApiParam(POLL_PARAM)
  @ApiOkResponse({ type: PollView })
  @ApiProblems(
    'malformed-request',
    'poll-not-found',
    'poll-not-open',
    'wrong-expected-revision',
    'payload-too-large',
    'uri-too-long',
    'unsupported-media-type',
    'log-unavailable',
  )
  close(@Param('id') id: string, @Req() request: FastifyRequest): Promise<PollView> {
    return this.change(id, { type: 'ClosePoll', ...stamp(request) });
  }

  private async change(id: string, change: Exclude<PollCommand, { type: 'OpenPoll' | 'SealPoll' }>): Promise<PollView> {
    const poll = await this.commands.execute(new ChangePoll(id, change));
    this.logger.info({ poll: id, by: change.by, change: change.type }, 'poll changed');
    return pollView(poll);
  }
}

const userOf = (request: FastifyRequest): string => request.principal?.name ?? '';

const stamp = (request: FastifyRequest): { at: string; by: string } => ({
  at: new Date().toISOString(),
  by: userOf(request),
});
