import type { DynamicModule } from '@nestjs/common';
import { LoggerModule } from 'nestjs-pino';
import { type LoggerOptions, stdSerializers } from 'pino';

import { isoTime } from '#domain';

import { type LogStream, lineLevelOf } from './log-stream.ts';

/** Severities of syslog (RFC 5424, 6.2.1), which GELF has as well; pino's trace is none of its own. */
const SYSLOG = { error: 3, warn: 4, info: 6, debug: 7 };
const SYSLOG_CRITICAL = 2;

/** What is known by these names never stands in a line, whatever object it came in. */
const SECRETS = ['authorization', 'senha', 'password', 'token', 'altcha', 'cookie'];

/**
 * Shape of every log line: one JSON object with `level` and `syslog` (the same as a number, 0 to 7), `asctime` (ISO-8601,
 * UTC), `backend`, `mensagem` and what else belongs to it; an error is `err` with `type`, `message`, `stack` and `code`.
 */
export function loggerOptions(backend: string, level: string): LoggerOptions {
  return {
    level,
    base: { backend },
    messageKey: 'mensagem',
    timestamp: () => `,"asctime":"${isoTime(Date.now())}"`,
    formatters: {
      level: (label, number) => ({ level: label, syslog: number > 50 ? SYSLOG_CRITICAL : SYSLOG[lineLevelOf(number)] }),
    },
    serializers: { err: errorFields },
    redact: { paths: SECRETS.flatMap((name) => [name, `*.${name}`]), censor: '[redacted]' },
  };
}

/** Nothing but these four: what a driver hangs onto its errors (options, replies, addresses) stays out of the log. */
function errorFields(error: Error): Record<string, unknown> {
  const { type, message, stack } = stdSerializers.err(error);
  return { type, message, stack, code: (error as NodeJS.ErrnoException).code };
}

let current: LogStream | undefined;

/**
 * nestjs-pino for a program. It is bound to no route: the lines about requests come from the request observer, so that
 * the vote route pays for no middleware.
 */
export function loggingModule(backend: string, level: string, stream: LogStream): DynamicModule {
  current = stream;
  return LoggerModule.forRoot({ pinoHttp: [loggerOptions(backend, level), stream], forRoutes: [] });
}

/** Goes on in a new log file, when the one so far was renamed. */
export function reopenLogs(): void {
  current?.reopen();
}

/** Called last, before the process ends. */
export function flushLogs(): void {
  current?.flush();
}
