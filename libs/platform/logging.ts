import type { DynamicModule } from '@nestjs/common';
import { LoggerModule } from 'nestjs-pino';
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { type DestinationStream, type LoggerOptions, destination } from 'pino';

import type { Environment } from './environment.ts';

/** Shape of every log line: one JSON object with `asctime`, `backend`, `level`, `mensagem` and what else belongs to it. */
function loggerOptions(backend: string, level: string): LoggerOptions {
  return {
    level,
    base: { backend },
    messageKey: 'mensagem',
    timestamp: () => `,"asctime":"${new Date().toISOString()}"`,
    formatters: { level: (label) => ({ level: label }) },
    redact: { paths: ['authorization', 'senha', 'token', '*.authorization', '*.senha', '*.token'], censor: '[redacted]' },
  };
}

/** Lines are written without waiting: a slow terminal or disk must not hold up votes. `flushLogs` ends the buffer. */
function openDestination(environment: Environment): DestinationStream & { flushSync(): void } {
  const { logFile } = environment;
  if (logFile !== undefined) mkdirSync(dirname(logFile), { recursive: true, mode: 0o700 });
  return destination({ dest: logFile ?? 1, sync: false, minLength: 0 });
}

let current: { flushSync(): void } | undefined;

/**
 * nestjs-pino for a program. It is bound to no route: the one line a request gets comes from the request observer, so
 * that the vote route pays for no middleware.
 */
export function loggingModule(backend: string, environment: Environment): DynamicModule {
  const stream = openDestination(environment);
  current = stream;
  return LoggerModule.forRoot({ pinoHttp: [loggerOptions(backend, environment.logLevel), stream], forRoutes: [] });
}

/** Writes what is still buffered. Called last, before the process ends. */
export function flushLogs(): void {
  try {
    current?.flushSync();
  } catch {
    // the destination was never opened: there is nothing to flush
  }
}
