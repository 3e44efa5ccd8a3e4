import { Injectable } from '@nestjs/common';

import { LOG_LEVELS, type LogEvent, type LogLevel } from '#contract';
import { LogStream } from '#platform';

/** Lines that are kept of each level: errors are still there when a flood of others has gone by. */
const KEPT = 100;
/** Longest line that is shown with all its fields, characters. */
const MAX_SHOWN = 8192;

interface Line {
  readonly number: number;
  /** ms, on the clock of `performance` */
  readonly at: number;
  readonly level: LogLevel;
  readonly text: string;
}

/** What stands in every line. */
interface Usual {
  readonly asctime: string;
  readonly backend: string;
  readonly context?: string;
  readonly mensagem?: string;
}

/** The last lines of the log, in memory: a bounded number of each level. */
@Injectable()
export class RecentLines {
  private readonly lines: Record<LogLevel, Line[]> = { error: [], warn: [], info: [], debug: [] };
  private number = 0;

  constructor(log: LogStream) {
    log.listen((level, text) => {
      this.keep(level, text);
    });
  }

  /**
   * Lines, oldest first.
   * @param seconds those of the last seconds only
   */
  since(seconds = Infinity): LogEvent[] {
    const from = performance.now() - seconds * 1000;
    const recent = LOG_LEVELS.flatMap((level) => this.lines[level].filter(({ at }) => at >= from));
    return recent.sort((one, other) => one.number - other.number).map(viewOf);
  }

  /** Text is kept as it is: lines are parsed only when somebody looks. */
  private keep(level: LogLevel, text: string): void {
    const lines = this.lines[level];
    lines.push({ number: ++this.number, at: performance.now(), level, text });
    if (lines.length > KEPT) lines.shift();
  }
}

function viewOf({ number, level, text }: Line): LogEvent {
  const { asctime, backend, context, mensagem, ...rest } = JSON.parse(text) as Record<string, unknown> & Usual;
  const { level: _level, syslog: _syslog, ...fields } = rest;
  return {
    numero: number,
    nivel: level,
    registrado_em: asctime,
    origem: context ?? backend,
    mensagem: mensagem ?? '',
    dados: text.length > MAX_SHOWN ? {} : fields,
  };
}
