import type { DynamicModule, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import { Logger } from 'nestjs-pino';
import { once } from 'node:events';
import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { Environment, EnvironmentError } from './environment.ts';
import { Readiness } from './health/readiness.ts';
import { acceptJson, limitBodies } from './http/bodies.ts';
import { refuseDenied } from './http/deny-list.ts';
import { Doors } from './http/doors.ts';
import { harden } from './http/hardening.ts';
import { describedRoutes, serveOpenApi } from './http/openapi.ts';
import { ParedaoAdapter, sendProblem } from './http/paredao-adapter.ts';
import { ProblemFilter } from './http/problem.filter.ts';
import { registerRateLimit } from './http/rate-limit.ts';
import { RequestObserver } from './http/request-observer.ts';
import { flushLogs, reopenLogs } from './logging.ts';
import { ProblemError } from './problems.ts';

/** A stop that takes longer than this is forced, ms. */
const STOP_LIMIT_MS = 9_500;

/** How often a stopping server looks for connections that became idle, ms. */
const IDLE_CHECK_MS = 50;

/** Builds the HTTP application of a module; `prepare` may add plugins before it starts. */
export async function createApp(
  module: Type | DynamicModule,
  environment: Environment,
  title: string,
  prepare?: (app: NestFastifyApplication) => void,
): Promise<NestFastifyApplication> {
  const app = await NestFactory.create<NestFastifyApplication>(module, new ParedaoAdapter(environment), {
    bufferLogs: true,
    abortOnError: false,
  });
  app.useLogger(app.get(Logger));
  // Nest would keep every line to itself until the service listens, and a store may be away for long before that
  app.flushLogs();
  app.useGlobalFilters(new ProblemFilter());
  const fastify = app.getHttpAdapter().getInstance();
  const observer = app.get(RequestObserver);
  observer.attach(fastify);
  harden(fastify, environment);
  refuseDenied(fastify, environment);
  const readiness = app.get(Readiness);
  fastify.addHook('onRequest', (request, reply, done) => {
    if (readiness.isEnding && !request.url.startsWith('/health')) {
      void reply.header('connection', 'close');
      sendProblem(reply, new ProblemError('shutting-down'));
    } else done();
  });
  closeIdleConnections(fastify);
  app.get(Doors).attach(fastify);
  acceptJson(fastify);
  limitBodies(fastify);
  await registerRateLimit(fastify, environment);
  prepare?.(app);
  for (const { method, route, statuses } of describedRoutes(serveOpenApi(app, title)))
    observer.expect(method, route, statuses);
  return app;
}

/** A connection whose last request is answered while the server stops is not waited for as long as it may be kept alive. */
function closeIdleConnections(fastify: FastifyInstance): void {
  let timer: NodeJS.Timeout | undefined;
  fastify.addHook('preClose', (done) => {
    timer = setInterval(() => {
      fastify.server.closeIdleConnections();
    }, IDLE_CHECK_MS);
    done();
  });
  fastify.addHook('onClose', (_instance, done) => {
    clearInterval(timer);
    done();
  });
}

/**
 * Listens where the environment says, with `/metrics` on its own loopback port if it has one.
 * @returns that port, which the system chose where it was to be 0
 */
export async function listen(app: NestFastifyApplication, environment: Environment): Promise<number | undefined> {
  const { host, port, metricsPort } = environment;
  const metrics = metricsPort === undefined ? undefined : metricsServer(app);
  await app
    .get(Doors)
    .open(app, { host, port })
    .catch(refusalOf(`PORT=${port}`, host));
  if (metrics === undefined) return undefined;
  const listening = once(metrics.listen(metricsPort, '127.0.0.1'), 'listening');
  await listening.catch(refusalOf(`METRICS_PORT=${String(metricsPort)}`));
  return (metrics.address() as AddressInfo).port;
}

/** Says which variable is to blame for an address that cannot be had. */
function refusalOf(port: string, host = '127.0.0.1'): (error: NodeJS.ErrnoException) => never {
  return ({ code = '', message }) => {
    const isHost = ['EADDRNOTAVAIL', 'ENOTFOUND', 'EAI_AGAIN'].includes(code);
    const reason = message.replace(/^listen [A-Z]+: /, '');
    const hint = code === 'EADDRINUSE' ? `: another program has it; name another port, or 0 for one that is free` : '';
    throw new EnvironmentError(`${isHost ? `HOST=${host}` : port}: ${reason}${hint}`);
  };
}

/** A second server in front of the same routes; it ends with the application. */
function metricsServer(app: NestFastifyApplication): Server {
  const fastify = app.getHttpAdapter().getInstance();
  const server = createServer((request, response) => {
    fastify.routing(request, response);
  });
  fastify.addHook('onClose', (_instance, done) => {
    server.close(() => {
      done();
    });
    server.closeAllConnections();
  });
  return server;
}

/**
 * SIGHUP is what rotates the log: a new file is begun. From a terminal it says that the terminal is gone, and what was started
 * there ends with it.
 *
 * Stops on SIGINT and SIGTERM: not ready any more, requests in flight answered, stores closed, logs written. A second
 * signal or the limit ends the process at once with exit code 1.
 * @param begin hears of the stop when it begins; what it returns is asked at the end for what to print
 */
export function stopOnSignals(app: NestFastifyApplication, begin?: () => () => string): void {
  let stopping = false;
  const force = (why: string): never => {
    process.stderr.write(`The stop is forced (${why}): votes that have no answer may be stored or not.\n`);
    process.exit(1);
  };
  const stop = (): void => {
    if (stopping) force('a second signal');
    stopping = true;
    const tell = begin?.();
    setTimeout(() => force(`it took longer than ${STOP_LIMIT_MS / 1000} s`), STOP_LIMIT_MS).unref();
    app.get(Readiness).endWork();
    void app.close().then(
      () => {
        if (tell !== undefined) process.stdout.write(tell());
        exit(0);
      },
      (error: unknown) => {
        app.get(Logger).error(error);
        exit(1);
      },
    );
  };
  process.on('SIGINT', stop).on('SIGTERM', stop);
  process.on('SIGHUP', process.stdout.isTTY ? stop : reopenLogs);
  outliveReaders();
}

/** Whoever read what the program prints may go away: votes are taken all the same. */
function outliveReaders(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
}

/** Ends the process with everything logged. */
export function exit(code: number): never {
  flushLogs();
  process.exit(code);
}
