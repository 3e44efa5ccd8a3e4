import { Injectable } from '@nestjs/common';
import { InjectMetric, makeCounterProvider, makeGaugeProvider } from '@willsoto/nestjs-prometheus';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Counter, Gauge } from 'prom-client';

import { LOG_LEVELS } from '#contract';

import { Environment } from './environment.ts';
import { LogStream } from './log-stream.ts';
import { collectFrom } from './metrics.ts';
import { projectRoot } from './project-root.ts';

/** Of this build. */
export const { version: VERSION } = JSON.parse(readFileSync(join(projectRoot(), 'package.json'), 'utf8')) as {
  version: string;
};

/** What every program says of itself beside the process metrics of prom-client: what it is, and how much it logs. */
@Injectable()
export class ProcessMetrics {
  constructor(
    @InjectMetric('build_info') buildInfo: Gauge,
    @InjectMetric('log_lines_total') lines: Counter,
    environment: Environment,
    log: LogStream,
  ) {
    buildInfo.set({ version: VERSION, commit: environment.commit }, 1);
    collectFrom(lines, () => LOG_LEVELS.map((level) => [{ level }, log.lines[level]] as const));
  }
}

export const processMetrics = [
  makeGaugeProvider({ name: 'build_info', help: 'Always 1: which build this is', labelNames: ['version', 'commit'] }),
  makeCounterProvider({ name: 'log_lines_total', help: 'Lines of the log by level', labelNames: ['level'] }),
];
