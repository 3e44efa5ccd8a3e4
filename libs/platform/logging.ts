import type { DynamicModule } from '@nestjs/common';
import { LoggerModule } from 'nestjs-pino';
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { type LoggerOptions, destination } from 'pino';

import type { Environment } from './environment.ts';

/** Shape of every log line: one JSON object with `asctime`, `backend`, `level`, `mensagem` and what else belongs to it. */
function loggerOptions(backend: string, level: string): LoggerOptions {
  return {
    level,
    base: { backend },
    messageKey: 'mensagem',
    timestamp: () => `,"asctime":"${new Date().toISOString()}"`,
    formatters: { level: (label) => ({ level: label }) },
    redact: {
      paths: ['authorization', 'senha', 'token', '*.authorization', '*.senha', '*.token'],
      censor: '[redacted]',
    },
  };
}

type Destination = ReturnType<typeof destination>;

/** Bytes that wait for a destination that does not take them; beyond, lines are dropped. */
const MAX_UNWRITTEN_BYTES = 4 * 1024 * 1024;

let current: Destination | undefined;
let failing = false;

/**
 * Lines are written without waiting: a slow terminal or disk must not hold up votes, and a full one must not end the
 * process. `flushLogs` ends the buffer.
 */
function openDestination({ logFile }: Environment): Destination {
  if (logFile !== undefined) mkdirSync(dirname(logFile), { recursive: true, mode: 0o700 });
  const stream = destination({ dest: logFile ?? 1, sync: false, minLength: 0, maxLength: MAX_UNWRITTEN_BYTES });
  stream.on('write', () => (failing = false));
  stream.on('error', (error: Error) => {
    if (!failing) process.stderr.write(`the log cannot be written: ${error.message}\n`);
    failing = true;
  });
  return stream;
}

/**
 * nestjs-pino for a program. It is bound to no route: the one line a request gets comes from the request observer, so
 * that the vote route pays for no middleware.
 */
export function loggingModule(backend: string, environment: Environment): DynamicModule {
  const stream = openDestination(environment);
  current = stream;
  return LoggerModule.forRoot({ pinoHttp: [loggerOptions(backend, environment.logLevel), stream], forRoutes: [] });
}

/** Writes what is still buffered, if it can be written: pino would try for ever. Called last, before the process ends. */
export function flushLogs(): void {
  try {
    if (failing) current?.destroy();
    else current?.flushSync();
  } catch {
    // the destination was never opened: there is nothing to flush
  }
}
