import { Controller, Get, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { HealthCheckService, HealthIndicatorService, type HealthIndicatorResult } from '@nestjs/terminus';
import type { FastifyReply } from 'fastify';

import { Readiness, type ReadinessCheck } from './readiness.ts';

const HEALTH_SCHEMA = {
  type: 'object',
  required: ['status', 'details'],
  properties: {
    status: { type: 'string', enum: ['ok', 'error', 'shutting_down'] },
    info: { type: 'object', additionalProperties: true },
    error: { type: 'object', additionalProperties: true },
    details: { type: 'object', additionalProperties: true },
  },
};

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
  @ApiOkResponse({ schema: HEALTH_SCHEMA })
  live(): { status: 'ok'; details: object } {
    return { status: 'ok', details: {} };
  }

  @Get('ready')
  @ApiOperation({ summary: 'The process can do its work now' })
  @ApiOkResponse({ schema: HEALTH_SCHEMA })
  @ApiResponse({ status: 503, description: 'Not ready; `error` says why', schema: HEALTH_SCHEMA })
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
