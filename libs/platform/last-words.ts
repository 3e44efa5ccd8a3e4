import { destination, pino } from 'pino';

import { loggerOptions } from './logging.ts';

/**
 * The reason why a program ends is also a line of its log file: no one watches the terminal of a container. Written at once, past the stream
 * of the other lines, which is not there yet or will not be written any more.
 */
export function logEnd(backend: string, message: string, error: unknown): void {
  // not from the environment that was read: that it cannot be read may be the end
  const logFile = process.env['LOG_FILE']?.trim() ?? '';
  if (logFile === '') return;
  try {
    const file = destination({ dest: logFile, mkdir: true, sync: true });
    pino(loggerOptions(backend, 'fatal'), file).fatal({ err: error }, message);
    file.end();
  } catch {
    // it is on the terminal anyway
  }
}

/** An uncaught error still ends the process, and leaves a line. */
export function logCrashes(backend: string): void {
  process.on('uncaughtExceptionMonitor', (error) => {
    logEnd(backend, 'crashed', error);
  });
}
