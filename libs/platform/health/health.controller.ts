import { Controller, Get, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { HealthCheckService, HealthIndicatorService, type HealthIndicatorResult } from '@nestjs/terminus';
import type { FastifyReply } from 'fastify';

import { Health } from '#contract';

import { Answers } from '../http/openapi.ts';
import { Readiness, type ReadinessCheck } from './readiness.ts';

/** Liveness and readiness, in the format of terminus. */
@ApiTags('ops')
@Controller('health')
export class HealthController {
  constructor(
    private readonly health: HealthCheckService,
    private readonly indicators: HealthIndicatorService,
    private readonly readiness: Readiness,
  ) {}

  @Get('live')
  @ApiOperation({ summary: 'The process runs' })
  @Answers('It runs', Health)
  live(): Health {
    return { status: 'ok', details: {} };
  }

  @Get('ready')
  @ApiOperation({ summary: 'The process can do its work now' })
  @Answers('Ready', Health)
  @Answers('Not ready; `error` says why', Health, 503)
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<unknown> {
    void reply.header('cache-control', 'no-store');
    try {
      if (this.readiness.isEnding) throw new ShuttingDown();
      return await this.health.check(
        this.readiness.checks().map(
          ([name, check]) =>
            () =>
              this.indicate(name, check),
        ),
      );
    } catch (error) {
      void reply.code(503);
      if (error instanceof ShuttingDown) return { status: 'shutting_down', details: {} };
      return (error as { getResponse(): unknown }).getResponse();
    }
  }

  private async indicate(name: string, check: ReadinessCheck): Promise<HealthIndicatorResult> {
    const indicator = this.indicators.check(name);
    try {
      await check();
      return indicator.up();
    } catch (error) {
      return indicator.down({ message: (error as Error).message });
    }
  }
}

class ShuttingDown extends Error {}
