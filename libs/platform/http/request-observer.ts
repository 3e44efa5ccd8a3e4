import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { InjectMetric, makeGaugeProvider, makeHistogramProvider } from '@willsoto/nestjs-prometheus';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { PinoLogger } from 'nestjs-pino';
import type { Gauge, Histogram } from 'prom-client';

import { LATENCY_BUCKETS } from '../metrics.ts';
import type { ProblemCode } from '../problems.ts';

declare module 'fastify' {
  interface FastifyReply {
    /** Code of the problem this request was answered with. */
    problem: ProblemCode | undefined;
    /** The fault behind a 5xx answer, for the log. */
    fault: Error | undefined;
  }
}

const SUMMARY_INTERVAL_MS = 1000;
/** Faults that are logged one by one in a second; the summary counts all of them. */
const FAULTS_PER_SECOND = 5;
const WARN_FROM_STATUS = 400;

interface Seen {
  readonly key: string;
  readonly status: number;
  readonly observe: (seconds: number) => void;
  count: number;
}

/**
 * Watches every request in one `onResponse` hook: it feeds the metrics, logs each request at debug, faults at error, and
 * once a second a summary: at info when all went well, at warn with the refusals by code otherwise. However many
 * requests fail, the log grows by a few lines a second.
 */
@Injectable()
export class RequestObserver implements OnApplicationShutdown {
  private readonly seen = new Map<string, Map<string, Seen>>();
  private faults = 0;
  private readonly timer = setInterval(() => {
    this.summarise();
  }, SUMMARY_INTERVAL_MS).unref();

  constructor(
    @InjectMetric('http_request_duration_seconds') private readonly duration: Histogram,
    @InjectMetric('http_requests_in_flight') private readonly inFlight: Gauge,
    private readonly logger: PinoLogger,
  ) {
    logger.setContext('http');
  }

  /** Adds the hooks to a Fastify instance. */
  attach(fastify: FastifyInstance): void {
    fastify.decorateReply('problem', undefined);
    fastify.decorateReply('fault', undefined);
    fastify.addHook('onRequest', (_request, _reply, done) => {
      this.inFlight.inc();
      done();
    });
    fastify.addHook('onResponse', (request, reply, done) => {
      this.observe(request, reply);
      done();
    });
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
    this.summarise();
  }

  private observe(request: FastifyRequest, reply: FastifyReply): void {
    this.inFlight.dec();
    const milliseconds = reply.elapsedTime;
    const seen = this.entry(request.routeOptions.url ?? 'unmatched', request.method, reply);
    seen.count++;
    seen.observe(milliseconds / 1000);
    if (reply.fault !== undefined) this.logFault(request, reply, reply.fault);
    else if (this.logger.logger.isLevelEnabled('debug')) this.logger.debug(line(request, reply), 'request');
  }

  /** Bound metrics are looked up once a route and outcome: hashing labels costs more than the observation. */
  private entry(route: string, method: string, reply: FastifyReply): Seen {
    const outcome = reply.problem ?? String(reply.statusCode);
    let outcomes = this.seen.get(route);
    if (outcomes === undefined) this.seen.set(route, (outcomes = new Map()));
    const known = outcomes.get(method + outcome);
    if (known !== undefined) return known;
    const labels = { route, method: KNOWN_METHODS.has(method) ? method : 'other', status: String(reply.statusCode) };
    const bound = this.duration.labels(labels);
    const observe = (seconds: number): void => {
      bound.observe(seconds);
    };
    const entry = { key: `${labels.method} ${route} ${outcome}`, status: reply.statusCode, observe, count: 0 };
    outcomes.set(method + outcome, entry);
    return entry;
  }

  private logFault(request: FastifyRequest, reply: FastifyReply, fault: Error): void {
    if (++this.faults <= FAULTS_PER_SECOND) this.logger.error({ ...line(request, reply), err: fault }, 'request failed');
  }

  private summarise(): void {
    const requests: Record<string, number> = {};
    let level: 'info' | 'warn' = 'info';
    for (const outcomes of this.seen.values()) {
      for (const entry of outcomes.values()) {
        if (entry.count === 0) continue;
        requests[entry.key] = entry.count;
        if (entry.status >= WARN_FROM_STATUS) level = 'warn';
        entry.count = 0;
      }
    }
    this.faults = 0;
    if (Object.keys(requests).length > 0) this.logger[level]({ requests }, 'requests in the last second');
  }
}

/** No participant and no body: a log line never ties a request to a choice. */
function line(request: FastifyRequest, reply: FastifyReply): Record<string, unknown> {
  return {
    request_id: request.id,
    method: request.method,
    route: request.routeOptions.url,
    status: reply.statusCode,
    duration_ms: Math.round(reply.elapsedTime * 1000) / 1000,
    code: reply.problem,
  };
}

const KNOWN_METHODS = new Set(['GET', 'HEAD', 'POST', 'PATCH', 'PUT', 'DELETE', 'OPTIONS']);

/** The metrics of the observer. */
export const requestMetrics = [
  makeHistogramProvider({
    name: 'http_request_duration_seconds',
    help: 'Time from the first byte of a request to the end of its answer, by route, method and status',
    labelNames: ['route', 'method', 'status'],
    buckets: LATENCY_BUCKETS,
  }),
  makeGaugeProvider({ name: 'http_requests_in_flight', help: 'Requests being answered' }),
];
