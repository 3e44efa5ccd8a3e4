import { Controller, Get, Header, Query, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { RouteSchema } from '@nestjs/platform-fastify';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';

import { RequiresRole } from '#auth';
import { ApiProblems, POLL_ID, POLL_QUERY } from '#platform';

import { LiveTopics } from '../live/live-topics.ts';
import { optionalTally } from '../optional-tally.ts';
import { Tallies } from '../tallies.ts';
import { GetTotal, totalView } from './total.query.ts';
import { TotalView } from './total.view.ts';

/** The counts, for production, auditors and administrators. */
@ApiTags('produção')
@Controller('total')
export class TotalsController {
  constructor(
    private readonly queries: QueryBus,
    private readonly tallies: Tallies,
    private readonly live: LiveTopics,
  ) {}

  @Get()
  @Header('cache-control', 'no-store')
  @RequiresRole('producao', 'auditor', 'admin')
  @RouteSchema({ querystring: POLL_QUERY })
  @ApiOperation({ summary: 'Total, total per participant and votes per hour' })
  @ApiQuery({ name: 'paredao', required: false, schema: POLL_ID })
  @ApiOkResponse({ type: TotalView })
  @ApiProblems('malformed-request', 'poll-not-found', 'read-model-unavailable')
  total(@Query('paredao') pollId?: string): Promise<TotalView> {
    return this.queries.execute(new GetTotal(pollId));
  }

  @Get('aovivo')
  @RequiresRole('producao', 'auditor', 'admin')
  @RouteSchema({ querystring: POLL_QUERY })
  @ApiOperation({
    summary: 'The same as server-sent events, one a second; to be read with fetch and an Authorization header',
  })
  @ApiQuery({ name: 'paredao', required: false, schema: POLL_ID })
  @ApiProduces('text/event-stream')
  @ApiOkResponse({ content: { 'text/event-stream': { schema: { type: 'string' } } } })
  @ApiProblems('malformed-request', 'poll-not-found', 'too-many-streams', 'read-model-unavailable')
  follow(@Res() reply: FastifyReply, @Query('paredao') pollId?: string): void {
    if (pollId !== undefined) this.tallies.get(pollId);
    this.live.follow('total', pollId ?? '', reply, () => {
      const tally = optionalTally(this.tallies, pollId);
      return tally && totalView(tally, this.tallies);
    });
  }
}
