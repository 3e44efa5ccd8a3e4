import { Body, Controller, Delete, HttpCode, Param, Patch, Post, Put, Req } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { RouteSchema } from '@nestjs/platform-fastify';
import { ApiBody, ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { PinoLogger } from 'nestjs-pino';

import { RequiresRole } from '#auth';
import { ApiProblems, PollView, pollView } from '#platform';

import { ChangePoll, CreatePoll, type PollChange } from './poll.commands.ts';
import {
  NAME_EXAMPLES,
  NAME_SCHEMA,
  type NameBody,
  OPEN_EXAMPLES,
  OPEN_SCHEMA,
  type OpenBody,
  PARTICIPANT_PARAM,
  POLL_PARAM,
  RENAME_EXAMPLES,
  RENAME_SCHEMA,
  type RenameBody,
  SCHEDULE_EXAMPLES,
  SCHEDULE_SCHEMA,
  type ScheduleBody,
  TITLE_EXAMPLES,
  TITLE_SCHEMA,
  type TitleBody,
  participantNumber,
} from './polls.schemas.ts';

/** What a change of an existing poll can be answered with, whatever it is. */
const CHANGE_PROBLEMS = [
  'malformed-request',
  'cross-site-request',
  'poll-not-found',
  'wrong-expected-revision',
  'payload-too-large',
  'uri-too-long',
  'unsupported-media-type',
  'log-unavailable',
] as const;

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
  @ApiOperation({ summary: 'Open a poll, or prepare one' })
  @ApiBody({ schema: OPEN_SCHEMA, examples: OPEN_EXAMPLES })
  @ApiCreatedResponse({ type: PollView })
  @ApiProblems(
    'malformed-request',
    'cross-site-request',
    'invalid-title',
    'invalid-name',
    'invalid-participants',
    'poll-already-open',
    'poll-exists',
    'wrong-expected-revision',
    'payload-too-large',
    'unsupported-media-type',
    'log-unavailable',
  )
  async create(@Body() body: OpenBody, @Req() request: FastifyRequest): Promise<PollView> {
    const names = body.participantes.map(({ nome }) => nome);
    const poll = await this.commands.execute(new CreatePoll(body.titulo, names, userOf(request), body.rascunho));
    this.logger.info({ poll: poll.id, by: userOf(request), status: poll.status }, 'poll made');
    return pollView(poll);
  }

  @Post(':id/abrir')
  @HttpCode(200)
  @RequiresRole('admin')
  @ApiOperation({ summary: 'Open a poll that was prepared' })
  @ApiParam(POLL_PARAM)
  @ApiOkResponse({ type: PollView })
  @ApiProblems(...CHANGE_PROBLEMS, 'poll-already-open', 'invalid-schedule')
  open(@Param('id') id: string, @Req() request: FastifyRequest): Promise<PollView> {
    return this.change(id, { type: 'OpenDraft', ...stamp(request) });
  }

  @Post(':id/descartar')
  @HttpCode(200)
  @RequiresRole('admin')
  @ApiOperation({ summary: 'Discard a draft: it is in no list any more, and is never opened' })
  @ApiParam(POLL_PARAM)
  @ApiOkResponse({ type: PollView })
  @ApiProblems(...CHANGE_PROBLEMS, 'poll-not-draft')
  discard(@Param('id') id: string, @Req() request: FastifyRequest): Promise<PollView> {
    return this.change(id, { type: 'DiscardDraft', ...stamp(request) });
  }

  @Patch(':id')
  @RequiresRole('admin')
  @RouteSchema({ body: TITLE_SCHEMA })
  @ApiOperation({ summary: 'Change the title of a draft' })
  @ApiParam(POLL_PARAM)
  @ApiBody({ schema: TITLE_SCHEMA, examples: TITLE_EXAMPLES })
  @ApiOkResponse({ type: PollView })
  @ApiProblems(...CHANGE_PROBLEMS, 'invalid-title', 'poll-not-draft')
  retitle(
    @Param('id') id: string,
    @Body() { titulo: title }: TitleBody,
    @Req() request: FastifyRequest,
  ): Promise<PollView> {
    return this.change(id, { type: 'ChangeTitle', title, ...stamp(request) });
  }

  @Put(':id/agenda')
  @RequiresRole('admin')
  @RouteSchema({ body: SCHEDULE_SCHEMA })
  @ApiOperation({ summary: 'Say when a poll opens and closes by itself; null: when somebody says so' })
  @ApiParam(POLL_PARAM)
  @ApiBody({ schema: SCHEDULE_SCHEMA, examples: SCHEDULE_EXAMPLES })
  @ApiOkResponse({ type: PollView })
  @ApiProblems(...CHANGE_PROBLEMS, 'poll-not-open', 'invalid-schedule')
  schedule(
    @Param('id') id: string,
    @Body() { abreEm: opensAt, encerraEm: closesAt }: ScheduleBody,
    @Req() request: FastifyRequest,
  ): Promise<PollView> {
    return this.change(id, { type: 'SchedulePoll', opensAt, closesAt, ...stamp(request) });
  }

  @Post(':id/participantes')
  @HttpCode(200)
  @RequiresRole('admin')
  @RouteSchema({ body: NAME_SCHEMA })
  @ApiOperation({ summary: 'Add a participant to a draft, with the next number; a poll has two to ten' })
  @ApiParam(POLL_PARAM)
  @ApiBody({ schema: NAME_SCHEMA, examples: NAME_EXAMPLES })
  @ApiOkResponse({ type: PollView })
  @ApiProblems(...CHANGE_PROBLEMS, 'invalid-name', 'invalid-participants', 'poll-not-draft')
  add(@Param('id') id: string, @Body() { nome: name }: NameBody, @Req() request: FastifyRequest): Promise<PollView> {
    return this.change(id, { type: 'AddParticipant', name, ...stamp(request) });
  }

  @Delete(':id/participantes/:numero')
  @RequiresRole('admin')
  @ApiOperation({ summary: 'Remove a participant from a draft; those with higher numbers move up' })
  @ApiParam(POLL_PARAM)
  @ApiParam(PARTICIPANT_PARAM)
  @ApiOkResponse({ type: PollView })
  @ApiProblems(...CHANGE_PROBLEMS, 'invalid-participants', 'participant-not-found', 'poll-not-draft')
  async remove(
    @Param('id') id: string,
    @Param('numero') numero: string,
    @Req() request: FastifyRequest,
  ): Promise<PollView> {
    return this.change(id, { type: 'RemoveParticipant', number: participantNumber(numero), ...stamp(request) });
  }

  @Patch(':id/participantes/:numero')
  @RequiresRole('admin')
  @RouteSchema({ body: RENAME_SCHEMA })
  @ApiOperation({ summary: 'Change the name of a participant; once the poll is open, only with a public reason' })
  @ApiParam(POLL_PARAM)
  @ApiParam(PARTICIPANT_PARAM)
  @ApiBody({ schema: RENAME_SCHEMA, examples: RENAME_EXAMPLES })
  @ApiOkResponse({ type: PollView })
  @ApiProblems(
    ...CHANGE_PROBLEMS,
    'invalid-name',
    'invalid-reason',
    'invalid-participants',
    'participant-not-found',
    'poll-not-open',
  )
  async rename(
    @Param('id') id: string,
    @Param('numero') numero: string,
    @Body() { nome: name, motivo: reason }: RenameBody,
    @Req() request: FastifyRequest,
  ): Promise<PollView> {
    const number = participantNumber(numero);
    return this.change(id, { type: 'ChangeParticipant', number, name, reason, ...stamp(request) });
  }

  @Post(':id/encerrar')
  @HttpCode(200)
  @RequiresRole('admin')
  @ApiOperation({ summary: 'Close a poll: no vote is taken any more; it is final some seconds later' })
  @ApiParam(POLL_PARAM)
  @ApiOkResponse({ type: PollView })
  @ApiProblems(...CHANGE_PROBLEMS, 'poll-not-open')
  close(@Param('id') id: string, @Req() request: FastifyRequest): Promise<PollView> {
    return this.change(id, { type: 'ClosePoll', ...stamp(request) });
  }

  private async change(id: string, change: Extract<PollChange, { by: string }>): Promise<PollView> {
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
