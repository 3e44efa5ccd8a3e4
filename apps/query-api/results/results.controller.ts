import { Controller, Get, Header, Query, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';

import { Poll, PublicPollQuery, Result, ResultQuery, Rules } from '#contract';
import { pollView } from '#contract/views';
import { DomainError } from '#domain';
import { Answers, AnswersEvents, ApiProblems, Takes } from '#platform';

import { LiveTopics } from '../live/live-topics.ts';
import { optionalTally } from '../optional-tally.ts';
import { Tallies } from '../tallies.ts';
import { PublicPolls } from './public-polls.ts';
import { Results, resultView } from './results.ts';

/** What everybody may see: the poll, and the shares. */
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
  poll(@Query() { paredao: id, chave: key }: PublicPollQuery): Poll {
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
  rules(@Query() query: PublicPollQuery): Rules {
    const { id, title, rules } = this.polls.get(query.paredao, query.chave).snapshot.poll;
    if (rules === undefined) throw new DomainError('rules-not-found', `poll ${id} has no rules`);
    return { paredao: id, titulo: title, regulamento: rules };
  }

  @Get('resultado')
  @Header('cache-control', 'no-store')
  @Takes({ query: ResultQuery })
  @ApiOperation({ summary: 'Shares so far; with `desde`, waits up to 2 s for the vote that the cursor came with' })
  @Answers('The shares as they are now', Result)
  @ApiProblems('malformed-request', 'invalid-cursor', 'poll-not-found', 'read-model-unavailable')
  result(@Query() query: ResultQuery): Promise<Result> {
    return this.results.get(query);
  }

  @Get('resultado/aovivo')
  @Takes({ query: PublicPollQuery })
  @ApiOperation({ summary: 'The same as server-sent events, one a second' })
  @AnswersEvents(
    'An event `resultado` each second, with what `GET /resultado` answers; while there is nothing, a comment',
    {
      resultado: Result,
    },
  )
  @ApiProblems('malformed-request', 'poll-not-found', 'too-many-streams', 'read-model-unavailable')
  follow(@Res() reply: FastifyReply, @Query() { paredao: pollId, chave: key }: PublicPollQuery): void {
    if (pollId !== undefined) this.polls.get(pollId, key);
    this.live.follow('resultado', pollId ?? '', reply, () => {
      const tally = optionalTally(this.tallies, pollId);
      return tally && resultView(tally);
    });
  }
}
