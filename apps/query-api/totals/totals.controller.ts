import { Controller, Get, Header, Query, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';

import { RequiresRole } from '#auth';
import { PollQuery, Total } from '#contract';
import { Answers, AnswersEvents, ApiProblems, Takes } from '#platform';

import { LiveTopics } from '../live/live-topics.ts';
import { optionalTally } from '../optional-tally.ts';
import { Tallies } from '../tallies.ts';
import { totalView } from './total-view.ts';

/** The counts, for production, auditors and administrators. */
@ApiTags('produção')
@Controller('total')
export class TotalsController {
  constructor(
    private readonly tallies: Tallies,
    private readonly live: LiveTopics,
  ) {}

  @Get()
  @Header('cache-control', 'no-store')
  @RequiresRole('producao', 'auditor', 'admin')
  @Takes({ query: PollQuery })
  @ApiOperation({ summary: 'Total, total per participant and votes per hour' })
  @Answers('The counts as they are now', Total)
  @ApiProblems('malformed-request', 'poll-not-found', 'read-model-unavailable')
  total(@Query('paredao') pollId?: string): Total {
    return totalView(this.tallies.get(pollId), this.tallies);
  }

  @Get('aovivo')
  @RequiresRole('producao', 'auditor', 'admin')
  @Takes({ query: PollQuery })
  @ApiOperation({
    summary: 'The same as server-sent events, one a second; to be read with fetch and an Authorization header',
  })
  @AnswersEvents('An event `total` each second, with what `GET /total` answers; while there is nothing, a comment', {
    total: Total,
  })
  @ApiProblems('malformed-request', 'poll-not-found', 'too-many-streams', 'read-model-unavailable')
  follow(@Res() reply: FastifyReply, @Query('paredao') pollId?: string): void {
    if (pollId !== undefined) this.tallies.get(pollId);
    this.live.follow('total', pollId ?? '', reply, () => {
      const tally = optionalTally(this.tallies, pollId);
      return tally && totalView(tally, this.tallies);
    });
  }
}
