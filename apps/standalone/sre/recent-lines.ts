import { Injectable } from '@nestjs/common';

import { LOG_LINE_LEVELS, type LogLineLevel, LogStream } from '#platform';

/** Lines that are kept of each level: errors are still there when a flood of others has gone by. */
const KEPT = 100;
/** Longest line that is shown with all its fields, characters. */
const MAX_SHOWN = 8192;

interface Line {
  readonly number: number;
  /** ms, on the clock of `performance` */
  readonly at: number;
  readonly level: LogLineLevel;
  readonly text: string;
}

/** What stands in every line. */
interface Usual {
  readonly asctime: string;
  readonly backend: string;
  readonly context?: string;
  readonly mensagem?: string;
}

/** A line of the log as the page shows it. */
export interface EventView {
  /** Counts the lines of this process. */
  readonly numero: number;
  readonly nivel: LogLineLevel;
  readonly em: string;
  readonly origem: string;
  readonly mensagem: string;
  /** Everything else that the line says. */
  readonly dados: Readonly<Record<string, unknown>>;
}

/** The last lines of the log, in memory: a bounded number of each level. */
@Injectable()
export class RecentLines {
  private readonly lines: Record<LogLineLevel, Line[]> = { error: [], warn: [], info: [], debug: [] };
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
  since(seconds = Infinity): EventView[] {
    const from = performance.now() - seconds * 1000;
    const recent = LOG_LINE_LEVELS.flatMap((level) => this.lines[level].filter(({ at }) => at >= from));
    return recent.sort((one, other) => one.number - other.number).map(viewOf);
  }

  /** Text is kept as it is: lines are parsed only when somebody looks. */
  private keep(level: LogLineLevel, text: string): void {
    const lines = this.lines[level];
    lines.push({ number: ++this.number, at: performance.now(), level, text });
    if (lines.length > KEPT) lines.shift();
  }
}

function viewOf({ number, level, text }: Line): EventView {
  const { asctime, backend, context, mensagem, ...rest } = JSON.parse(text) as Record<string, unknown> & Usual;
  const { level: _level, syslog: _syslog, ...fields } = rest;
  return {
    numero: number,
    nivel: level,
    em: asctime,
    origem: context ?? backend,
    mensagem: mensagem ?? '',
    dados: text.length > MAX_SHOWN ? {} : fields,
  };
}
