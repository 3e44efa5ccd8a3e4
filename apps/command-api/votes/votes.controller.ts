import { Body, Controller, Get, Header, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';

import { Challenge, PublicPollQuery, REFUSALS, VoteAnswer, VoteBody, VotePath } from '#contract';
import { CursorCodec, Passes, RehearsalKeys, cedulaOf } from '#contract/views';
import { DomainError, type Poll, timeFormatter, wasOpened } from '#domain';
import { HumanCheck } from '#human-check';
import { Answers, ApiProblems, ForNewcomers, OwnPagesOnly, RateLimited, Takes, clientOf, networkOf } from '#platform';

import { PollDirectory } from '../polls/poll-directory.ts';
import { participantNumber } from '../polls/participant-number.ts';
import { CastVote } from './cast-vote.command.ts';
import { REHEARSED_VOTE } from './vote-metrics.ts';
import { REPEATED, STORED, VOTE_OPERATION } from './vote-operation.ts';

/** What metrics and the log call the two routes when they are rehearsed: nobody takes that for votes. */
const REHEARSED = { challenge: '/desafio (ensaio)', vote: REHEARSED_VOTE } as const;
const REHEARSAL = { ensaio: true } as const;

/** The voter's two routes. Both are hot: compiled schemas, no pipe, no interceptor, no guard. */
@ApiTags('votação')
@Controller()
export class VotesController {
  private readonly castAtText = timeFormatter();

  constructor(
    private readonly commands: CommandBus,
    private readonly polls: PollDirectory,
    private readonly humanCheck: HumanCheck,
    private readonly cursors: CursorCodec,
    private readonly rehearsals: RehearsalKeys,
    private readonly passes: Passes,
  ) {}

  @Get('desafio')
  @OwnPagesOnly()
  @ForNewcomers()
  @RateLimited()
  @Header('cache-control', 'no-store')
  @Takes({ query: PublicPollQuery })
  @ApiOperation({ summary: 'A fresh human-check challenge for the current poll (ALTCHA v2, proof of work)' })
  @Answers('A challenge that is good for one vote', Challenge)
  @ApiProblems(
    'malformed-request',
    'cross-site-request',
    'poll-not-found',
    'poll-not-open',
    'too-many-requests',
    'too-many-challenges',
    'queue-full',
  )
  challenge(@Req() request: FastifyRequest): object {
    const poll = this.askedFor(request);
    if (poll?.status !== 'open') throw new DomainError('poll-not-open', 'no poll is open');
    const client = clientOf(request);
    const crowd = poll.rehearsal ? 'rehearsal' : 'real';
    return { ...this.humanCheck.issue(poll.id, { client, network: networkOf(client) }, crowd), cedula: cedulaOf(poll) };
  }

  /**
   * The poll on air, unless a rehearsal is named, with its key.
   * @throws DomainError `poll-not-found`
   */
  private askedFor(request: FastifyRequest): Poll | undefined {
    const { paredao: id, chave: key } = request.query as PublicPollQuery;
    const onAir = this.polls.lastOpened();
    if (id === undefined || id === onAir?.id) return onAir;
    const poll = this.polls.get(id);
    if (!wasOpened(poll) || !this.rehearsals.admits(poll, key)) {
      throw new DomainError('poll-not-found', `there is no poll "${id}"`);
    }
    if (poll !== this.polls.lastRehearsal()) return undefined;
    request.observedAs = REHEARSED.challenge;
    return poll;
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
    const isRehearsal = this.isRehearsal(body);
    if (isRehearsal) reply.request.observedAs = REHEARSED.vote;
    const { receipt, repeated } = await this.commands.execute(
      new CastVote(participantNumber(participant), body.altcha, body.cedula, body.captcha, isRehearsal),
    );
    if (repeated) void reply.code(200);
    // for the log, which never learns the participant
    reply.poll = receipt.pollId;
    reply.position = receipt.position;
    return {
      voto: {
        id: receipt.voteId,
        paredao: receipt.pollId,
        ...(isRehearsal && REHEARSAL),
        participante: receipt.participantId,
        registrado_em: this.castAtText(receipt.castAt),
        posicao: this.cursors.encode(receipt.position),
      },
      passe: this.passes.of(receipt.pollId, receipt.castAt),
      ...(receipt.signed !== undefined && { recibo: receipt.signed }),
    };
  }

  /**
   * Whether a vote is rehearsed: its challenge says so, which nobody gets without the link. Whoever guesses a ballot is answered by the
   * poll on air, and as fast as where there is no rehearsal: the challenge is looked at in either case.
   */
  private isRehearsal({ cedula, altcha }: VoteBody): boolean {
    const onAir = this.polls.lastOpened();
    if (onAir !== undefined && cedulaOf(onAir) === cedula) return false;
    const id = this.humanCheck.pollOf(altcha);
    return id !== undefined && id === this.polls.lastRehearsal()?.id;
  }
}
