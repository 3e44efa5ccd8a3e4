import { Controller, Get, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';

import { RequiresRole } from '#auth';
import { type LogEvent, Operations, type Sample } from '#contract';
import { AnswersEvents, ApiProblems, Environment } from '#platform';

import { BusyNetworks } from '../../command-api/busy-networks/busy-networks.ts';
import { LiveTopics } from '../../query-api/live/live-topics.ts';
import { Executions } from './executions.ts';
import { RecentLines } from './recent-lines.ts';

/** A frame comes every second; one that is late still has what the one before it missed, s. */
const OVERLAP_SECONDS = 3;

/** How the service does, for those who look after it and have nothing but `npm start`. */
@ApiTags('ops')
@Controller('sre')
export class SreController {
  constructor(
    private readonly live: LiveTopics,
    private readonly events: RecentLines,
    private readonly executions: Executions,
    private readonly networks: BusyNetworks,
    private readonly environment: Environment,
  ) {}

  @Get('aovivo')
  @RequiresRole('sre', 'admin')
  @ApiOperation({ summary: 'Log lines by level, and executions, latency and errors, as server-sent events' })
  @AnswersEvents('An event `sre` each second: first the last minutes, then what is new', { sre: Operations })
  @ApiProblems('too-many-streams')
  follow(@Res() reply: FastifyReply): void {
    this.live.follow(
      'sre',
      '',
      reply,
      () => this.frame(this.events.since(OVERLAP_SECONDS), this.executions.samples(OVERLAP_SECONDS)),
      { first: () => this.frame(this.events.since(), this.executions.samples()) },
    );
  }

  private frame(eventos: LogEvent[], amostras: Sample[]): Operations {
    const { executions, environment, networks } = this;
    return {
      nivel: environment.logLevel,
      eventos,
      amostras,
      rotas: executions.routes(),
      problemas: executions.problems(),
      redes: networks.lastMinute(),
    };
  }
}
