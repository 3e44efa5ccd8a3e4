import type { PinoLogger } from 'nestjs-pino';

export interface LogLine {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** A logger that keeps what it is told. */
export function recordingLogger(isLevelEnabled = (): boolean => true): { logger: PinoLogger; lines: LogLine[] } {
  const lines: LogLine[] = [];
  const at = (level: LogLine['level']) => (fields: LogLine['fields'], message: string) => {
    lines.push({ level, message, fields });
  };
  const levels = { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
  return { logger: { setContext: () => {}, logger: { isLevelEnabled }, ...levels } as unknown as PinoLogger, lines };
}
