import { openSync } from 'node:fs';
import { dirname } from 'node:path';
import { destination, symbols } from 'pino';

import type { LogLevel } from '#contract';
import { makeFolder } from '#files';

import type { Environment } from './environment.ts';

/** Pino's number of a level → the level; what is above error or below debug belongs to its neighbour. */
export function lineLevelOf(number: number): LogLevel {
  if (number >= 50) return 'error';
  if (number >= 40) return 'warn';
  return number >= 30 ? 'info' : 'debug';
}

const STANDARD_OUTPUT = 1;

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
  readonly lines: Record<LogLevel, number> = { error: 0, warn: 0, info: 0, debug: 0 };
  private destination: ReturnType<typeof destination>;
  private listener: ((level: LogLevel, line: string) => void) | undefined;
  private failing = false;
  private readonly file: string | undefined;

  constructor({ logFile }: Pick<Environment, 'logFile'>) {
    this.file = logFile;
    if (logFile !== undefined) makeFolder(dirname(logFile), 0o700);
    this.destination = this.open(this.openFile() ?? STANDARD_OUTPUT);
  }

  write(line: string): void {
    const level = lineLevelOf(this.lastLevel);
    this.lines[level]++;
    this.destination.write(line);
    this.listener?.(level, line);
  }

  /** Somebody who hears of every line, beside the destination. */
  listen(listener: (level: LogLevel, line: string) => void): void {
    this.listener = listener;
  }

  /** Goes on in a new file of the same name, once the one so far was renamed: it belongs to who rotates logs. */
  reopen(): void {
    const descriptor = this.openFile();
    if (descriptor === undefined) return;
    const former = this.destination;
    this.destination = this.open(descriptor);
    former.end();
  }

  /** Writes what is still buffered, if it can be written: pino would retry without end. */
  flush(): void {
    try {
      if (this.failing) this.destination.destroy();
      else this.destination.flushSync();
    } catch {
      // the destination was never opened: there is nothing to flush
    }
  }

  private open(descriptor: number): ReturnType<typeof destination> {
    return destination({ dest: descriptor, sync: false, minLength: 0, maxLength: MAX_UNWRITTEN_BYTES })
      .on('write', () => (this.failing = false))
      .on('error', (error: Error) => this.fail(error));
  }

  /** At once: a start that fails early has a log to write to. */
  private openFile(): number | undefined {
    try {
      return this.file === undefined ? undefined : openSync(this.file, 'a');
    } catch (error) {
      this.fail(error as Error);
      return undefined;
    }
  }

  private fail({ message }: Error): void {
    if (!this.failing) process.stderr.write(`the log cannot be written: ${message}\n`);
    this.failing = true;
  }
}
