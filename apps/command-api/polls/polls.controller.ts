import { Body, Controller, HttpCode, Param, Patch, Post, Put, Req } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { PinoLogger } from 'nestjs-pino';

import { RequiresRole } from '#auth';
import {
  CueBody,
  DescriptionBody,
  OpenBody,
  OpeningBody,
  POLL_EXAMPLES,
  Poll,
  PollPath,
  REFUSALS,
  ScheduleBody,
} from '#contract';
import { pollView } from '#contract/views';
import { Answers, ApiProblems, Takes } from '#platform';

import { PhotoStore } from '../photos/photo.store.ts';
import { peopleIn } from './people.ts';
import { PollChanging, stamp, userOf } from './poll-changing.ts';
import { CreatePoll } from './poll.commands.ts';

/** What administrators do to polls. */
@ApiTags('administração')
@Controller('paredoes')
export class PollsController extends PollChanging {
  constructor(
    commands: CommandBus,
    logger: PinoLogger,
    private readonly photos: PhotoStore,
  ) {
    super(commands, logger);
  }

  @Post()
  @RequiresRole('admin')
  @Takes({ body: OpenBody, examples: POLL_EXAMPLES.open })
  @ApiOperation({ summary: 'Open a poll, or create a draft; of real polls, and of rehearsals, one is open at a time' })
  @Answers('The poll that was made', Poll, 201)
  @ApiProblems(...REFUSALS.create)
  async create(@Body() body: OpenBody, @Req() request: FastifyRequest): Promise<Poll> {
    const { titulo: title, participantes, rascunho, ensaio: rehearsal, substitui: replaces } = body;
    const people = peopleIn(participantes);
    await this.photos.assertStored(people.map(({ photo }) => photo));
    const portraits = people.map(({ photo, focus }) => (typeof photo === 'string' ? { photo, focus } : undefined));
    const names = people.map(({ name }) => name);
    const making = { title, names, portraits, rehearsal, replaces, ...meaningIn(body), ...timesIn(body) };
    const poll = await this.commands.execute(new CreatePoll(making, userOf(request), rascunho));
    this.logger.info({ poll: poll.id, by: userOf(request), status: poll.status }, 'poll made');
    return pollView(poll);
  }

  @Post(':id/abrir')
  @HttpCode(200)
  @RequiresRole('admin')
  @Takes({ path: PollPath, body: OpeningBody })
  @ApiOperation({ summary: 'Open a draft: with `versao`, only as it was shown' })
  @Answers('The poll as it is now', Poll)
  @ApiProblems(...REFUSALS.open)
  open(@Param('id') id: string, @Body() body: OpeningBody | undefined, @Req() request: FastifyRequest): Promise<Poll> {
    return this.change(id, { type: 'OpenDraft', ...stamp(request) }, body?.versao);
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
  @ApiOperation({ summary: 'Change a draft: all that is given, or nothing. With `versao`, only as it was shown' })
  @Answers('The poll as it is now', Poll)
  @ApiProblems(...REFUSALS.describe)
  async describe(
    @Param('id') id: string,
    @Body() body: DescriptionBody,
    @Req() request: FastifyRequest,
  ): Promise<Poll> {
    const { titulo: title, participantes, substitui } = body;
    const replaces = substitui === null ? '' : substitui;
    const people = participantes && peopleIn(participantes);
    await this.photos.assertStored(people?.map(({ photo }) => photo) ?? []);
    const change = {
      type: 'DescribeDraft',
      ...{ title, people, replaces },
      ...meaningIn(body),
      ...timesIn(body),
      ...stamp(request),
    } as const;
    return this.change(id, change, body.versao);
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
}

const timesIn = ({ abre_em: opensAt, encerra_em: closesAt }: Partial<ScheduleBody>) => ({ opensAt, closesAt });

/** What a vote means, and who sees the shares. */
const meaningIn = (body: Pick<DescriptionBody, 'finalidade' | 'regulamento' | 'divulgacao'>) => ({
  purpose: body.finalidade,
  rules: body.regulamento,
  policy: body.divulgacao,
});
