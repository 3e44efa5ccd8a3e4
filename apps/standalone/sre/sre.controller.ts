import { Controller, Get, Header, Query, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';

import { RequiresRole } from '#auth';
import { type LogEvent, Operations, type Sample, SampleList, SampleQuery } from '#contract';
import { Answers, AnswersEvents, ApiProblems, Environment, Takes } from '#platform';

import { BusyNetworks } from '../../command-api/busy-networks/busy-networks.ts';
import { LiveTopics } from '../../query-api/live/live-topics.ts';
import { Alerts } from './alerts.ts';
import { Executions } from './executions.ts';
import { instanceOf, linksOf } from './installation.ts';
import { ProblemHistory } from './problem-history.ts';
import { RecentLines } from './recent-lines.ts';
import { Sampler } from './sampler.ts';

/** Twice a second: an outage is on the page within two. */
const INTERVAL_MS = 500;
/** A frame that is late still has what the ones before it missed, s. */
const OVERLAP_SECONDS = 3;
const FIRST_SECONDS = 60;
const DEFAULT_MINUTES = '5';

/** How the service does, for those who look after it and have nothing but `npm start`. */
@ApiTags('ops')
@Controller('sre')
export class SreController {
  constructor(
    private readonly live: LiveTopics,
    private readonly events: RecentLines,
    private readonly executions: Executions,
    private readonly sampler: Sampler,
    private readonly history: ProblemHistory,
    private readonly alerts: Alerts,
    private readonly networks: BusyNetworks,
    private readonly environment: Environment,
  ) {}

  @Get('amostras')
  @RequiresRole('sre', 'admin')
  @Header('cache-control', 'no-store')
  @ApiOperation({ summary: 'Executions, latency, errors and waiting votes of this process over the last minutes' })
  @Takes({ query: SampleQuery })
  @ApiProblems('malformed-request')
  @Answers('Samples, as fine as they are kept for so long', SampleList)
  samples(@Query('minutos') minutos = DEFAULT_MINUTES): SampleList {
    return { amostras: this.executions.samples(Number(minutos)) };
  }

  @Get('aovivo')
  @RequiresRole('sre', 'admin')
  @ApiOperation({ summary: 'Log lines by level, and executions, latency and errors, as server-sent events' })
  @AnswersEvents('An event `sre` twice a second: first the last minute, then what is new', { sre: Operations })
  @ApiProblems('too-many-streams')
  follow(@Res() reply: FastifyReply): void {
    const view = (): Operations =>
      this.frame(this.events.since(OVERLAP_SECONDS), this.executions.newest(OVERLAP_SECONDS));
    const first = (): Operations => this.frame(this.events.since(), this.executions.newest(FIRST_SECONDS));
    this.live.follow('sre', '', reply, view, { first, intervalMs: INTERVAL_MS });
  }

  private frame(eventos: LogEvent[], amostras: Sample[]): Operations {
    const { environment, executions, history, alerts, networks } = this;
    const situation = this.sampler.situation();
    return {
      instancia: instanceOf(environment),
      nivel: environment.logLevel,
      fila: situation.queue,
      alertas: alerts.firing(situation),
      alertmanager: alerts.state,
      atalhos: linksOf(environment),
      eventos,
      amostras,
      rotas: executions.routes(),
      problemas: history.lastHour(),
      historico_gravado: history.isKept,
      redes: networks.lastMinute(),
    };
  }
}
