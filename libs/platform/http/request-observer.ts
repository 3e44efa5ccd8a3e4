import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import {
  InjectMetric,
  makeCounterProvider,
  makeGaugeProvider,
  makeHistogramProvider,
} from '@willsoto/nestjs-prometheus';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { PinoLogger } from 'nestjs-pino';
import type { Counter, Gauge, Histogram } from 'prom-client';

import { PROBLEM_CODES, type ProblemCode } from '#contract';

import { type Sample, LATENCY_BUCKETS, collectFrom } from '../metrics.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What metrics and the log call the route, where that is not its path. */
    label?: string;
  }
  interface FastifyRequest {
    /** What metrics and the log call the route in this request, where that is not its path. */
    observedAs: string | undefined;
  }
  interface FastifyReply {
    /** Code of the problem this request was answered with. */
    problem: ProblemCode | undefined;
    /** The fault behind a 5xx answer, for the log. */
    fault: Error | undefined;
    /** The poll, and the position of the log up to which what this request stored is certainly there. */
    poll: string | undefined;
    position: bigint | undefined;
  }
}

const SUMMARY_INTERVAL_MS = 1000;
/** Outcomes that have a line of their own in a second. */
const SUMMARY_LINES = 12;
/** Faults that are logged one by one in a second; the summary counts all of them. */
const FAULTS_PER_SECOND = 5;
/** One in so many requests that stored something is logged at info, so that its way can be followed without debug. */
const SAMPLED = 1000;
/** Status of a request whose client hung up before its answer, as nginx has it. */
export const ABORTED = 499;

/** One way in which the requests to a route ended, and how often they did. */
export interface Outcome {
  readonly method: string;
  readonly route: string;
  readonly status: number;
  /** Of the problem, if it was one. */
  readonly code: ProblemCode | undefined;
  readonly total: number;
  /** Of these, by the first of `LATENCY_BUCKETS` that they did not exceed; the last are those that exceeded all. */
  readonly within: readonly number[];
}

/** Hears of a request, and of the problem that it was answered with. */
type Follower = (request: FastifyRequest, code: ProblemCode | undefined) => void;

interface Seen extends Outcome {
  readonly observe: (seconds: number) => void;
  readonly within: number[];
  total: number;
  /** Of the total, what was in earlier summaries. */
  summarised: number;
}

/**
 * Watches every request to its end in one hook: it feeds the metrics, logs each request at debug, faults at error, and
 * once a second a line for each outcome with its count: at info what went well, at warn what was refused, at error what
 * failed; of very many outcomes the worst have lines of their own. However many requests fail, the log grows by a few
 * lines a second.
 */
@Injectable()
export class RequestObserver implements OnApplicationShutdown {
  private readonly seen = new Map<string, Map<string, Seen>>();
  private readonly followers: Follower[] = [];
  private faults = 0;
  private stored = 0;
  private readonly timer = setInterval(() => {
    this.summarise();
  }, SUMMARY_INTERVAL_MS).unref();

  constructor(
    @InjectMetric('http_request_duration_seconds') private readonly duration: Histogram,
    @InjectMetric('http_requests_in_flight') private readonly inFlight: Gauge,
    @InjectMetric('http_problems_total') problems: Counter,
    private readonly logger: PinoLogger,
  ) {
    logger.setContext('http');
    collectFrom(problems, () => this.problems());
  }

  /** Adds the hooks to a Fastify instance. */
  attach(fastify: FastifyInstance): void {
    for (const name of ['problem', 'fault', 'poll', 'position']) fastify.decorateReply(name, undefined);
    fastify.decorateRequest('observedAs', undefined);
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

  /** Somebody who hears of every request when it has ended. */
  follow(follower: Follower): void {
    this.followers.push(follower);
  }

  /**
   * Begins the series of a route at zero: a rate needs a first value, and alerts look at rates. Not those of requests in a form
   * that no page of ours sends, nor what staff is refused for, which no alert looks at: they would be more than half of all series.
   */
  expect(method: string, route: string, statuses: readonly string[]): void {
    for (const status of statuses) if (!MALFORMED.has(status)) this.duration.zero({ method, route, status });
  }

  /** How requests ended since the start. */
  *outcomes(): Iterable<Outcome> {
    for (const outcomes of this.seen.values()) yield* outcomes.values();
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
    this.summarise();
  }

  private *problems(): Iterable<Sample> {
    for (const code of PROBLEM_CODES) yield [{ code }, 0];
    for (const { code, total } of this.outcomes()) if (code !== undefined) yield [{ code }, total];
  }

  private observe(request: FastifyRequest, reply: FastifyReply, milliseconds: number): void {
    this.inFlight.dec();
    const method = KNOWN_METHODS.has(request.method) ? request.method : 'other';
    const seen = this.entry(routeOf(request), method, reply);
    seen.total++;
    seen.within[bucketOf(milliseconds / 1000)]!++;
    seen.observe(milliseconds / 1000);
    for (const follower of this.followers) follower(request, reply.problem);
    if (reply.fault !== undefined) this.logFault(reply.fault, line(request, reply, milliseconds));
    else if (reply.position !== undefined && ++this.stored % SAMPLED === 0)
      this.logger.info(line(request, reply, milliseconds), 'one request in 1,000');
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
    const within = new Array<number>(LATENCY_BUCKETS.length + 1).fill(0);
    const entry = { method, route, status, code: reply.problem, observe, within, total: 0, summarised: 0 };
    outcomes.set(method + outcome, entry);
    return entry;
  }

  private logFault(err: Error, fields: Record<string, unknown>): void {
    if (++this.faults <= FAULTS_PER_SECOND) this.logger.error({ ...fields, err }, 'request failed');
  }

  private summarise(): void {
    this.faults = 0;
    const changed = [...this.seen.values()]
      .flatMap((outcomes) => [...outcomes.values()])
      .filter(({ total, summarised }) => total > summarised)
      .sort((a, b) => b.status - a.status);
    for (const seen of changed.slice(0, SUMMARY_LINES)) {
      const { method, route, status, code } = seen;
      const fields = { method, route, status, code, count: countOf(seen) };
      this.logger[levelOf(route, status)](fields, 'requests in the last second');
    }
    const others = changed.slice(SUMMARY_LINES);
    if (others.length > 0) {
      const count = others.reduce((sum, seen) => sum + countOf(seen), 0);
      this.logger.warn({ outcomes: others.length, count }, 'requests of other kinds in the last second');
    }
    for (const seen of changed) seen.summarised = seen.total;
  }
}

const countOf = ({ total, summarised }: Seen): number => total - summarised;

function bucketOf(seconds: number): number {
  let bucket = 0;
  while (seconds > LATENCY_BUCKETS[bucket]!) bucket++;
  return bucket;
}

/** To say that one is not ready is no fault of the answer. */
function levelOf(route: string, status: number): 'info' | 'warn' | 'error' {
  if (status >= 500 && !route.startsWith('/health')) return 'error';
  return status >= 400 ? 'warn' : 'info';
}

const routeOf = ({ observedAs, routeOptions: { config, url } }: FastifyRequest): string =>
  observedAs ?? config.label ?? url ?? 'unmatched';

/** No participant and no body: a log line never ties a request to a choice. */
function line(request: FastifyRequest, reply: FastifyReply, milliseconds: number): Record<string, unknown> {
  return {
    request_id: request.id,
    method: request.method,
    route: routeOf(request),
    status: reply.statusCode,
    duration_ms: Math.round(milliseconds * 1000) / 1000,
    poll: reply.poll,
    position: reply.position === undefined ? undefined : String(reply.position),
    code: reply.problem,
  };
}

/** Too large, too long, of another type. */
const MALFORMED = new Set(['413', '414', '415']);
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
  makeCounterProvider({
    name: 'http_problems_total',
    help: 'Requests that were refused or failed, by the code of their problem',
    labelNames: ['code'],
  }),
];
