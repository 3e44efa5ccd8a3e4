import { Body, Controller, Delete, HttpCode, Param, Patch, Post, Req } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { PinoLogger } from 'nestjs-pino';

import { RequiresRole } from '#auth';
import { NameBody, POLL_EXAMPLES, ParticipantBody, ParticipantPath, Poll, PollPath, REFUSALS } from '#contract';
import { Answers, ApiProblems, Takes } from '#platform';

import { PhotoStore } from '../photos/photo.store.ts';
import { participantNumber } from './participant-number.ts';
import { portraitIn } from './people.ts';
import { PollChanging, stamp } from './poll-changing.ts';

/** What administrators do to one participant of a poll. */
@ApiTags('administração')
@Controller('paredoes/:id/participantes')
export class ParticipantsController extends PollChanging {
  constructor(
    commands: CommandBus,
    logger: PinoLogger,
    private readonly photos: PhotoStore,
  ) {
    super(commands, logger);
  }

  @Post()
  @HttpCode(200)
  @RequiresRole('admin')
  @Takes({ path: PollPath, body: NameBody, examples: POLL_EXAMPLES.name })
  @ApiOperation({ summary: 'Add a participant to a draft, with the next number; a poll has two to ten' })
  @Answers('The poll as it is now', Poll)
  @ApiProblems(...REFUSALS.add)
  add(@Param('id') id: string, @Body() { nome: name }: NameBody, @Req() request: FastifyRequest): Promise<Poll> {
    return this.change(id, { type: 'AddParticipant', name, ...stamp(request) });
  }

  @Delete('/:numero')
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

  @Patch('/:numero')
  @RequiresRole('admin')
  @Takes({ path: ParticipantPath, body: ParticipantBody, examples: POLL_EXAMPLES.rename })
  @ApiOperation({
    summary:
      'Change the name, photo or focus of a participant; once the poll is open, a name only with a public reason',
  })
  @Answers('The poll as it is now', Poll)
  @ApiProblems(...REFUSALS.rename)
  async rename(
    @Param('id') id: string,
    @Param('numero') numero: string,
    @Body() { nome: name, motivo: reason, ...portrait }: ParticipantBody,
    @Req() request: FastifyRequest,
  ): Promise<Poll> {
    const number = participantNumber(numero);
    const change = {
      type: 'ChangeParticipant',
      number,
      name,
      reason,
      ...portraitIn(portrait),
      ...stamp(request),
    } as const;
    await this.photos.assertStored([change.photo]);
    return this.change(id, change);
  }
}
