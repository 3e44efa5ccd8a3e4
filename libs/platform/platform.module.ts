import { type DynamicModule, Module } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';

import { Environment } from './environment.ts';
import { HealthController } from './health/health.controller.ts';
import { Readiness } from './health/readiness.ts';
import { Doors } from './http/doors.ts';
import { RequestObserver, requestMetrics } from './http/request-observer.ts';
import { LogStream } from './log-stream.ts';
import { loggingModule } from './logging.ts';
import { metricsModule } from './metrics.ts';
import { ProcessMetrics, processMetrics } from './process-metrics.ts';
import { secretsOf } from './secrets-of.ts';

/** DI token of the deployment's keys. */
export const SECRETS = Symbol('SECRETS');

/** What a program says of itself. */
export interface Program {
  /** Its name in every log line: `backend`. */
  readonly name: string;
  readonly environment: Environment;
}

/** What every program of this project has: environment, keys, logs, metrics and health. */
@Module({})
export class PlatformModule {
  /** The platform of one program, for the whole of its process. Reads the deployment's keys, and makes them when there are none. */
  static for({ name, environment }: Program): DynamicModule {
    const log = new LogStream(environment);
    return {
      module: PlatformModule,
      global: true,
      imports: [
        loggingModule(name, environment.logLevel, log),
        metricsModule(),
        TerminusModule.forRoot({ logger: false }),
      ],
      controllers: [HealthController],
      providers: [
        { provide: Environment, useValue: environment },
        { provide: SECRETS, useValue: secretsOf(environment) },
        { provide: LogStream, useValue: log },
        Doors,
        Readiness,
        RequestObserver,
        ProcessMetrics,
        ...requestMetrics,
        ...processMetrics,
      ],
      exports: [Environment, SECRETS, LogStream, Readiness, RequestObserver],
    };
  }
}
