import { Controller, type DynamicModule, Get, Inject, NotFoundException, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { PrometheusController, PrometheusModule } from '@willsoto/nestjs-prometheus';
import type { FastifyReply } from 'fastify';
import type { AddressInfo } from 'node:net';
import type { Counter, Gauge } from 'prom-client';

import { Environment } from './environment.ts';

/** Serves the registry; where metrics have a port of their own, on that port only. */
@ApiExcludeController()
@Controller()
class MetricsController extends PrometheusController {
  constructor(@Inject(Environment) private readonly environment: Environment) {
    super();
  }

  @Get()
  override index(@Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    const { socket, server } = reply.request;
    const isPublic = (server.server.address() as AddressInfo | null)?.port === socket.localPort;
    if (this.environment.metricsPort !== undefined && isPublic) throw new NotFoundException();
    return super.index(reply);
  }
}

/** `/metrics` with the process metrics of prom-client. Each part of the service adds its own as providers. */
export function metricsModule(): DynamicModule {
  return PrometheusModule.register({ controller: MetricsController, global: true });
}

/** The labels of a series, and its value. Several with the same labels add up. */
export type Sample = readonly [labels: Record<string, string>, value: number];

/**
 * Fills a counter or gauge at each scrape from plain numbers that are kept elsewhere: looking up a series by its labels
 * for every occurrence would cost more than the counting.
 */
export function collectFrom(metric: Counter | Gauge, samples: () => Iterable<Sample>): void {
  const collect = (): void => {
    metric.reset();
    for (const [labels, value] of samples()) metric.inc(labels, value);
  };
  Object.assign(metric, { collect });
}

/** Seconds; they straddle the objectives (50 ms, 250 ms, 1 s). Fractional, so that Prometheus 2 and 3 name them alike. */
export const LATENCY_BUCKETS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.5, 2.5, 5.5, 10.5];
