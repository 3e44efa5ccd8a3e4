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
/** Status of a request whose client hung up before its answer, as nginx has it. */
const ABORTED = 499;

interface Seen {
  readonly key: string;
  readonly status: number;
  readonly observe: (seconds: number) => void;
  count: number;
}

/**
 * Watches every request to its end in one hook: it feeds the metrics, logs each request at debug, faults at error, and
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
    // not `onResponse`: that never comes for a client that hangs up before its answer
    fastify.addHook('onRequest', (request, reply, done) => {
      const started = performance.now();
      this.inFlight.inc();
      reply.raw.once('close', () => {
        this.observe(request, reply, performance.now() - started);
      });
      done();
    });
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
    this.summarise();
  }

  private observe(request: FastifyRequest, reply: FastifyReply, milliseconds: number): void {
    this.inFlight.dec();
    const method = KNOWN_METHODS.has(request.method) ? request.method : 'other';
    const seen = this.entry(request.routeOptions.url ?? 'unmatched', method, reply);
    seen.count++;
    seen.observe(milliseconds / 1000);
    if (reply.fault !== undefined) this.logFault(reply.fault, line(request, reply, milliseconds));
    else if (this.logger.logger.isLevelEnabled('debug'))
      this.logger.debug(line(request, reply, milliseconds), 'request');
  }

  /** Bound metrics are looked up once a route and outcome: hashing labels costs more than the observation. */
  private entry(route: string, method: string, reply: FastifyReply): Seen {
    const status = reply.raw.headersSent ? reply.statusCode : ABORTED;
    const outcome = reply.problem ?? String(status);
    let outcomes = this.seen.get(route);
    if (outcomes === undefined) this.seen.set(route, (outcomes = new Map<string, Seen>()));
    const known = outcomes.get(method + outcome);
    if (known !== undefined) return known;
    const bound = this.duration.labels({ route, method, status: String(status) });
    const observe = (seconds: number): void => {
      bound.observe(seconds);
    };
    const entry = { key: `${method} ${route} ${outcome}`, status, observe, count: 0 };
    outcomes.set(method + outcome, entry);
    return entry;
  }

  private logFault(err: Error, fields: Record<string, unknown>): void {
    if (++this.faults <= FAULTS_PER_SECOND) this.logger.error({ ...fields, err }, 'request failed');
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
function line(request: FastifyRequest, reply: FastifyReply, milliseconds: number): Record<string, unknown> {
  return {
    request_id: request.id,
    method: request.method,
    route: request.routeOptions.url,
    status: reply.statusCode,
    duration_ms: Math.round(milliseconds * 1000) / 1000,
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
