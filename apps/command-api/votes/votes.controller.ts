import { Body, Controller, Get, Header, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';

import { Challenge, REFUSALS, VoteAnswer, VoteBody, VotePath } from '#contract';
import { CursorCodec, cedulaOf } from '#contract/views';
import { DomainError, isoTime } from '#domain';
import { HumanCheck } from '#human-check';
import { Answers, ApiProblems, ForNewcomers, OwnPagesOnly, RateLimited, Takes, clientOf, networkOf } from '#platform';

import { PollDirectory } from '../polls/poll-directory.ts';
import { participantNumber } from '../polls/participant-number.ts';
import { CastVote } from './cast-vote.command.ts';
import { REPEATED, STORED, VOTE_OPERATION } from './vote-operation.ts';

/** The voter's two routes. Both are hot: compiled schemas, no pipe, no interceptor, no guard. */
@ApiTags('votação')
@Controller()
export class VotesController {
  constructor(
    private readonly commands: CommandBus,
    private readonly polls: PollDirectory,
    private readonly humanCheck: HumanCheck,
    private readonly cursors: CursorCodec,
  ) {}

  @Get('desafio')
  @OwnPagesOnly()
  @ForNewcomers()
  @RateLimited()
  @Header('cache-control', 'no-store')
  @ApiOperation({ summary: 'A fresh human-check challenge for the current poll (ALTCHA v2, proof of work)' })
  @Answers('A challenge that is good for one vote', Challenge)
  @ApiProblems('cross-site-request', 'poll-not-open', 'too-many-requests', 'too-many-challenges', 'queue-full')
  challenge(@Req() request: FastifyRequest): object {
    const poll = this.polls.lastOpened();
    if (poll?.status !== 'open') throw new DomainError('poll-not-open', 'no poll is open');
    const client = clientOf(request);
    return { ...this.humanCheck.issue(poll.id, { client, network: networkOf(client) }), cedula: cedulaOf(poll) };
  }

  @Post('votar/:participante')
  @HttpCode(201)
  @RateLimited()
  @Takes({ path: VotePath, body: VoteBody, answer: VoteAnswer })
  @ApiOperation(VOTE_OPERATION)
  @Answers(STORED, VoteAnswer, 201)
  @Answers(REPEATED, VoteAnswer)
  @ApiProblems(...REFUSALS.vote)
  async vote(
    @Param('participante') participant: string,
    @Body() body: VoteBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<VoteAnswer> {
    const { receipt, repeated } = await this.commands.execute(
      new CastVote(participantNumber(participant), body.altcha, body.cedula, body.captcha),
    );
    if (repeated) void reply.code(200);
    // for the log, which never learns the participant
    reply.poll = receipt.pollId;
    reply.position = receipt.position;
    return {
      voto: {
        id: receipt.voteId,
        paredao: receipt.pollId,
        participante: receipt.participantId,
        registrado_em: isoTime(receipt.castAt),
        posicao: this.cursors.encode(receipt.position),
      },
    };
  }
}
