import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { destination, symbols } from 'pino';

import type { Environment } from './environment.ts';

/** Levels of the log as they are counted and shown: what is above error or below debug belongs to its neighbour. */
export const LOG_LINE_LEVELS = ['error', 'warn', 'info', 'debug'] as const;
export type LogLineLevel = (typeof LOG_LINE_LEVELS)[number];

/** Pino's number of a level → the level. */
export function lineLevelOf(number: number): LogLineLevel {
  if (number >= 50) return 'error';
  if (number >= 40) return 'warn';
  return number >= 30 ? 'info' : 'debug';
}

/** Bytes that wait for a destination that does not take them; beyond, lines are dropped. */
const MAX_UNWRITTEN_BYTES = 4 * 1024 * 1024;

/**
 * Where all lines of a program go: to its file or standard output, counted by level. Lines are written without waiting:
 * a slow terminal or disk must not hold up votes, and a full one must not end the process.
 */
export class LogStream {
  /** Pino then says the level of each line before it writes it. */
  readonly [symbols.needsMetadataGsym] = true;
  lastLevel = 0;
  readonly lines: Record<LogLineLevel, number> = { error: 0, warn: 0, info: 0, debug: 0 };
  private readonly destination: ReturnType<typeof destination>;
  private listener: ((level: LogLineLevel, line: string) => void) | undefined;
  private failing = false;
  private readonly isFile: boolean;

  constructor({ logFile }: Pick<Environment, 'logFile'>) {
    this.isFile = logFile !== undefined;
    if (logFile !== undefined) mkdirSync(dirname(logFile), { recursive: true, mode: 0o700 });
    this.destination = destination({
      dest: logFile ?? 1,
      sync: false,
      minLength: 0,
      maxLength: MAX_UNWRITTEN_BYTES,
    });
    this.destination.on('write', () => (this.failing = false));
    this.destination.on('error', (error: Error) => {
      if (!this.failing) process.stderr.write(`the log cannot be written: ${error.message}\n`);
      this.failing = true;
    });
  }

  write(line: string): void {
    const level = lineLevelOf(this.lastLevel);
    this.lines[level]++;
    this.destination.write(line);
    this.listener?.(level, line);
  }

  /** Somebody who hears of every line, beside the destination. */
  listen(listener: (level: LogLineLevel, line: string) => void): void {
    this.listener = listener;
  }

  /** Goes on in a new file of the same name, once the one so far was renamed: it belongs to who rotates logs. */
  reopen(): void {
    if (this.isFile) this.destination.reopen();
  }

  /** Writes what is still buffered, if it can be written: pino would try for ever. */
  flush(): void {
    try {
      if (this.failing) this.destination.destroy();
      else this.destination.flushSync();
    } catch {
      // the destination was never opened: there is nothing to flush
    }
  }
}
