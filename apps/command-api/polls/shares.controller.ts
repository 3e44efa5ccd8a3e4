import { Controller, HttpCode, Param, Post, Req } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';

import { RequiresRole } from '#auth';
import { Poll, PollPath, REFUSALS } from '#contract';
import { Answers, ApiProblems, Takes } from '#platform';

import { PollChanging, stamp } from './poll-changing.ts';

/** Where the public sees the shares on cue: production shows and hides them. */
@ApiTags('produção')
@Controller('paredoes')
export class SharesController extends PollChanging {
  @Post(':id/mostrar-parcial')
  @HttpCode(200)
  @RequiresRole('producao', 'admin')
  @Takes({ path: PollPath })
  @ApiOperation({ summary: 'Show the shares of an open poll to the public; only where `divulgacao` is `sob-comando`' })
  @Answers('The poll as it is now', Poll)
  @ApiProblems(...REFUSALS.show)
  show(@Param('id') id: string, @Req() request: FastifyRequest): Promise<Poll> {
    return this.change(id, { type: 'ShowShares', ...stamp(request) });
  }

  @Post(':id/ocultar-parcial')
  @HttpCode(200)
  @RequiresRole('producao', 'admin')
  @Takes({ path: PollPath })
  @ApiOperation({ summary: 'Hide the shares of an open poll from the public again' })
  @Answers('The poll as it is now', Poll)
  @ApiProblems(...REFUSALS.show)
  hide(@Param('id') id: string, @Req() request: FastifyRequest): Promise<Poll> {
    return this.change(id, { type: 'HideShares', ...stamp(request) });
  }
}
