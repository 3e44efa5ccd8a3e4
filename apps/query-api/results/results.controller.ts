import { Controller, Get, Header, Headers, Query, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';

import { PASSE_HEADER, PasseHeader, Poll, PublicPollQuery, Result, ResultQuery, Rules } from '#contract';
import { pollView } from '#contract/views';
import { DomainError } from '#domain';
import { Answers, AnswersEvents, ApiProblems, Takes, varyBy } from '#platform';

import { LiveTopics } from '../live/live-topics.ts';
import { optionalTally } from '../optional-tally.ts';
import { Tallies } from '../tallies.ts';
import { PublicPolls } from './public-polls.ts';
import { Results, resultView } from './results.ts';

const HELD =
  '`divulgacao` says when the public sees the shares, `parcial_para` who does now, and `parcial_visivel` whether this answer has them. If it has not, `sem_votos`, `lider` and every `percentual` are null. Who has voted says so with the `passe` of the vote in the header `passe`.';

/** What everybody may see: the poll, and the shares when it is their time. */
@ApiTags('resultado')
@Controller()
export class ResultsController {
  constructor(
    private readonly results: Results,
    private readonly tallies: Tallies,
    private readonly polls: PublicPolls,
    private readonly live: LiveTopics,
  ) {}

  @Get('paredao')
  @Header('cache-control', 'no-store')
  @Takes({ query: PublicPollQuery })
  @ApiOperation({
    summary:
      'The poll that is named, or the current one: open or just over, else the one that opens next, else the last',
  })
  @Answers('The poll, its ballot and its state', Poll)
  @ApiProblems('malformed-request', 'poll-not-found', 'read-model-unavailable')
  poll(@Query('paredao') id?: string, @Query('chave') key?: string): Poll {
    const { poll } = this.polls.shown(id, key).snapshot;
    const replaced = poll.replaces === undefined ? undefined : optionalTally(this.tallies, poll.replaces);
    return pollView(poll, replaced?.snapshot.poll);
  }

  @Get('paredao/regulamento')
  @Header('cache-control', 'public, max-age=60')
  @Takes({ query: PublicPollQuery })
  @ApiOperation({ summary: 'The rules of a poll: once it is open nobody changes them' })
  @Answers('The rules, in lines', Rules)
  @ApiProblems('malformed-request', 'poll-not-found', 'rules-not-found', 'read-model-unavailable')
  rules(@Query('paredao') pollId?: string, @Query('chave') key?: string): Rules {
    const { id, title, rules } = this.polls.get(pollId, key).snapshot.poll;
    if (rules === undefined) throw new DomainError('rules-not-found', `poll ${id} has no rules`);
    return { paredao: id, titulo: title, regulamento: rules };
  }

  @Get('resultado')
  @Header('cache-control', 'no-store')
  @Takes({ query: ResultQuery, headers: PasseHeader })
  @ApiOperation({
    summary: 'Shares so far; with `desde`, waits up to 2 s for the vote that the cursor came with',
    description: HELD,
  })
  @Answers('The shares as they are now, or that they are held', Result)
  @ApiProblems('malformed-request', 'invalid-cursor', 'poll-not-found', 'read-model-unavailable')
  result(
    @Res({ passthrough: true }) reply: FastifyReply,
    @Query('paredao') id?: string,
    @Query('chave') key?: string,
    @Query('desde') since?: string,
    @Headers(PASSE_HEADER) passe?: string,
  ): Promise<Result> {
    varyBy(reply, PASSE_HEADER);
    return this.results.get({ paredao: id, chave: key, desde: since }, passe);
  }

  @Get('resultado/aovivo')
  @Takes({ query: PublicPollQuery, headers: PasseHeader })
  @ApiOperation({
    summary: 'The same as server-sent events, one a second; to be read with fetch, which can send the passe',
    description: HELD,
  })
  @AnswersEvents(
    'An event `resultado` each second, with what `GET /resultado` answers; while there is nothing, a comment',
    {
      resultado: Result,
    },
  )
  @ApiProblems('malformed-request', 'poll-not-found', 'too-many-streams', 'read-model-unavailable')
  follow(
    @Res() reply: FastifyReply,
    @Query('paredao') pollId?: string,
    @Query('chave') key?: string,
    @Headers(PASSE_HEADER) passe?: string,
  ): void {
    if (pollId !== undefined) this.polls.get(pollId, key);
    varyBy(reply, PASSE_HEADER);
    // the next poll, to which the stream goes on by itself, needs a vote of its own
    const voted = this.results.votedIn(pollId, passe);
    this.live.follow('resultado', `${pollId ?? ''} ${voted ?? ''}`, reply, () => {
      const tally = optionalTally(this.tallies, pollId);
      return tally && resultView(tally, tally.snapshot.pollId === voted);
    });
  }
}
