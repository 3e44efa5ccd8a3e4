import { Controller, Get, Header, Query, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { RouteSchema } from '@nestjs/platform-fastify';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';

import { ApiProblems, POLL_ID, POLL_QUERY, PollView, countedState, pollView, queryOf } from '#platform';

import { LiveTopics } from '../live/live-topics.ts';
import { optionalTally } from '../optional-tally.ts';
import { Tallies } from '../tallies.ts';
import { GetResult, resultView } from './result.query.ts';
import { ResultView } from './result.view.ts';

const MAX_CURSOR_LENGTH = 64;
const RESULT_QUERY = queryOf({
  ...POLL_QUERY.properties,
  desde: { type: 'string', minLength: 1, maxLength: MAX_CURSOR_LENGTH },
});

/** What everybody may see: the poll, and the shares. */
@ApiTags('resultado')
@Controller()
export class ResultsController {
  constructor(
    private readonly queries: QueryBus,
    private readonly tallies: Tallies,
    private readonly live: LiveTopics,
  ) {}

  @Get('paredao')
  @Header('cache-control', 'no-store')
  @ApiOperation({ summary: 'The current poll: open or just over, else the one that opens next, else the last' })
  @ApiOkResponse({ type: PollView })
  @ApiProblems('poll-not-found', 'read-model-unavailable')
  poll(): PollView {
    const { snapshot } = this.tallies.currentOrNext();
    return { ...pollView(snapshot.poll), estado: countedState(snapshot) };
  }

  @Get('resultado')
  @Header('cache-control', 'no-store')
  @RouteSchema({ querystring: RESULT_QUERY })
  @ApiOperation({ summary: 'Shares so far; with `desde`, waits up to 2 s for the vote that the cursor came with' })
  @ApiQuery({ name: 'desde', required: false, schema: { type: 'string', minLength: 1, maxLength: MAX_CURSOR_LENGTH } })
  @ApiQuery({ name: 'paredao', required: false, schema: POLL_ID })
  @ApiOkResponse({ type: ResultView })
  @ApiProblems('malformed-request', 'invalid-cursor', 'poll-not-found', 'read-model-unavailable')
  result(@Query('paredao') pollId?: string, @Query('desde') since?: string): Promise<ResultView> {
    return this.queries.execute(new GetResult(pollId, since));
  }

  @Get('resultado/aovivo')
  @RouteSchema({ querystring: POLL_QUERY })
  @ApiOperation({ summary: 'The same as server-sent events, one a second' })
  @ApiQuery({ name: 'paredao', required: false, schema: POLL_ID })
  @ApiProduces('text/event-stream')
  @ApiOkResponse({ content: { 'text/event-stream': { schema: { type: 'string' } } } })
  @ApiProblems('malformed-request', 'poll-not-found', 'too-many-streams', 'read-model-unavailable')
  follow(@Res() reply: FastifyReply, @Query('paredao') pollId?: string): void {
    if (pollId !== undefined) this.tallies.get(pollId);
    this.live.follow('resultado', pollId ?? '', reply, () => {
      const tally = optionalTally(this.tallies, pollId);
      return tally && resultView(tally);
    });
  }
}
