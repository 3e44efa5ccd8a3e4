import { Body, Controller, Delete, HttpCode, Param, Patch, Post, Put, Req } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { PinoLogger } from 'nestjs-pino';

import { RequiresRole } from '#auth';
import {
  CueBody,
  DescriptionBody,
  NameBody,
  OpenBody,
  POLL_EXAMPLES,
  ParticipantPath,
  Poll,
  PollPath,
  REFUSALS,
  RenameBody,
  ScheduleBody,
} from '#contract';
import { pollView } from '#contract/views';
import { isoTime } from '#domain';
import { Answers, ApiProblems, Takes } from '#platform';

import { participantNumber } from './participant-number.ts';
import { ChangePoll, CreatePoll, type PollChange } from './poll.commands.ts';

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
  @Takes({ body: OpenBody, examples: POLL_EXAMPLES.open })
  @ApiOperation({ summary: 'Open a poll, or create a draft; of real polls, and of rehearsals, one is open at a time' })
  @Answers('The poll that was made', Poll, 201)
  @ApiProblems(...REFUSALS.create)
  async create(@Body() body: OpenBody, @Req() request: FastifyRequest): Promise<Poll> {
    const { titulo: title, finalidade: purpose, regulamento: rules, participantes, rascunho, ensaio: rehearsal } = body;
    const making = { title, names: participantes.map(({ nome }) => nome), purpose, rules, rehearsal };
    const poll = await this.commands.execute(new CreatePoll(making, userOf(request), rascunho));
    this.logger.info({ poll: poll.id, by: userOf(request), status: poll.status }, 'poll made');
    return pollView(poll);
  }

  @Post(':id/abrir')
  @HttpCode(200)
  @RequiresRole('admin')
  @Takes({ path: PollPath })
  @ApiOperation({ summary: 'Open a draft' })
  @Answers('The poll as it is now', Poll)
  @ApiProblems(...REFUSALS.open)
  open(@Param('id') id: string, @Req() request: FastifyRequest): Promise<Poll> {
    return this.change(id, { type: 'OpenDraft', ...stamp(request) });
  }

  @Post(':id/descartar')
  @HttpCode(200)
  @RequiresRole('admin')
  @Takes({ path: PollPath })
  @ApiOperation({ summary: 'Discard a draft: it leaves every list and never opens' })
  @Answers('The poll as it is now', Poll)
  @ApiProblems(...REFUSALS.discard)
  discard(@Param('id') id: string, @Req() request: FastifyRequest): Promise<Poll> {
    return this.change(id, { type: 'DiscardDraft', ...stamp(request) });
  }

  @Patch(':id')
  @RequiresRole('admin')
  @Takes({ path: PollPath, body: DescriptionBody, examples: POLL_EXAMPLES.description })
  @ApiOperation({ summary: 'Change the title, the purpose or the rules of a draft: all that is given, or nothing' })
  @Answers('The poll as it is now', Poll)
  @ApiProblems(...REFUSALS.describe)
  describe(
    @Param('id') id: string,
    @Body() { titulo: title, finalidade: purpose, regulamento: rules }: DescriptionBody,
    @Req() request: FastifyRequest,
  ): Promise<Poll> {
    return this.change(id, { type: 'DescribeDraft', title, purpose, rules, ...stamp(request) });
  }

  @Put(':id/agenda')
  @RequiresRole('admin')
  @Takes({ path: PollPath, body: ScheduleBody, examples: POLL_EXAMPLES.schedule })
  @ApiOperation({
    summary:
      'Schedule the opening and the closing of a poll; null: by hand. The end of an open poll moves until it has come',
  })
  @Answers('The poll as it is now', Poll)
  @ApiProblems(...REFUSALS.schedule)
  schedule(
    @Param('id') id: string,
    @Body() { abre_em: opensAt, encerra_em: closesAt }: ScheduleBody,
    @Req() request: FastifyRequest,
  ): Promise<Poll> {
    return this.change(id, { type: 'SchedulePoll', opensAt, closesAt, ...stamp(request) });
  }

  @Post(':id/participantes')
  @HttpCode(200)
  @RequiresRole('admin')
  @Takes({ path: PollPath, body: NameBody, examples: POLL_EXAMPLES.name })
  @ApiOperation({ summary: 'Add a participant to a draft, with the next number; a poll has two to ten' })
  @Answers('The poll as it is now', Poll)
  @ApiProblems(...REFUSALS.add)
  add(@Param('id') id: string, @Body() { nome: name }: NameBody, @Req() request: FastifyRequest): Promise<Poll> {
    return this.change(id, { type: 'AddParticipant', name, ...stamp(request) });
  }

  @Delete(':id/participantes/:numero')
  @RequiresRole('admin')
  @Takes({ path: ParticipantPath })
  @ApiOperation({ summary: 'Remove a participant from a draft; those with higher numbers move up' })
  @Answers('The poll as it is now', Poll)
  @ApiProblems(...REFUSALS.remove)
  async remove(
    @Param('id') id: string,
    @Param('numero') numero: string,
    @Req() request: FastifyRequest,
  ): Promise<Poll> {
    return this.change(id, { type: 'RemoveParticipant', number: participantNumber(numero), ...stamp(request) });
  }

  @Patch(':id/participantes/:numero')
  @RequiresRole('admin')
  @Takes({ path: ParticipantPath, body: RenameBody, examples: POLL_EXAMPLES.rename })
  @ApiOperation({ summary: 'Change the name of a participant; once the poll is open, only with a public reason' })
  @Answers('The poll as it is now', Poll)
  @ApiProblems(...REFUSALS.rename)
  async rename(
    @Param('id') id: string,
    @Param('numero') numero: string,
    @Body() { nome: name, motivo: reason }: RenameBody,
    @Req() request: FastifyRequest,
  ): Promise<Poll> {
    const number = participantNumber(numero);
    return this.change(id, { type: 'ChangeParticipant', number, name, reason, ...stamp(request) });
  }

  @Post(':id/pausar')
  @HttpCode(200)
  @RequiresRole('admin')
  @Takes({ path: PollPath })
  @ApiOperation({ summary: 'Pause a poll: it takes no votes until it is resumed; those that were taken count' })
  @Answers('The poll as it is now', Poll)
  @ApiProblems(...REFUSALS.pause)
  pause(@Param('id') id: string, @Req() request: FastifyRequest): Promise<Poll> {
    return this.change(id, { type: 'PausePoll', ...stamp(request) });
  }

  @Post(':id/retomar')
  @HttpCode(200)
  @RequiresRole('admin')
  @Takes({ path: PollPath })
  @ApiOperation({ summary: 'Resume a poll that is paused; its end stays where it is' })
  @Answers('The poll as it is now', Poll)
  @ApiProblems(...REFUSALS.pause)
  resume(@Param('id') id: string, @Req() request: FastifyRequest): Promise<Poll> {
    return this.change(id, { type: 'ResumePoll', ...stamp(request) });
  }

  @Post(':id/encerrar')
  @HttpCode(200)
  @RequiresRole('admin')
  @Takes({ path: PollPath })
  @ApiOperation({ summary: 'Close a poll: it takes no more votes, and the result is final some seconds later' })
  @Answers('The poll as it is now', Poll)
  @ApiProblems(...REFUSALS.close)
  close(@Param('id') id: string, @Req() request: FastifyRequest): Promise<Poll> {
    return this.change(id, { type: 'ClosePoll', ...stamp(request) });
  }

  @Post(':id/palco')
  @HttpCode(200)
  @RequiresRole('producao', 'admin')
  @Takes({ path: PollPath, body: CueBody, examples: POLL_EXAMPLES.cue })
  @ApiOperation({ summary: 'Say what the stage shows; the result only once it is proclaimed' })
  @Answers('The poll as it is now', Poll)
  @ApiProblems(...REFUSALS.cue)
  cue(@Param('id') id: string, @Body() { modo: mode }: CueBody, @Req() request: FastifyRequest): Promise<Poll> {
    return this.change(id, { type: 'CueStage', mode, ...stamp(request) });
  }

  private async change(id: string, change: Extract<PollChange, { by: string }>): Promise<Poll> {
    const poll = await this.commands.execute(new ChangePoll(id, change));
    this.logger.info({ poll: id, by: change.by, change: change.type }, 'poll changed');
    return pollView(poll);
  }
}

const userOf = (request: FastifyRequest): string => request.principal?.name ?? '';

const stamp = (request: FastifyRequest): { at: string; by: string } => ({
  at: isoTime(Date.now()),
  by: userOf(request),
});
