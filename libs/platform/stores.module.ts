import {
  type DynamicModule,
  Inject,
  Logger,
  Module,
  type OnApplicationShutdown,
  Optional,
  type Provider,
} from '@nestjs/common';

import { EventLog } from '#event-log';
import { ReadModel } from '#read-model';

import type { Environment } from './environment.ts';
import { openEventLog, openReadModel } from './stores.ts';

/** Which stores a program needs. */
export interface Stores {
  readonly eventLog: 'write' | 'read' | 'none';
  readonly readModel: boolean;
}

/** Opens the stores that the environment names, for the whole program, and closes them when everything else ended. */
@Module({})
export class StoresModule implements OnApplicationShutdown {
  constructor(
    @Optional() @Inject(EventLog) private readonly eventLog?: EventLog,
    @Optional() @Inject(ReadModel) private readonly readModel?: ReadModel,
  ) {}

  /** @throws DirectoryLockedError when another process writes to the data directory */
  static async open(environment: Environment, { eventLog, readModel }: Stores): Promise<DynamicModule> {
    const logger = new Logger('event-log');
    const providers: Provider[] = [];
    if (eventLog !== 'none') {
      const log = await openEventLog(environment, eventLog, (what, err) => logger.warn({ err }, what));
      providers.push({ provide: EventLog, useValue: log });
    }
    if (readModel) providers.push({ provide: ReadModel, useValue: await openReadModel(environment) });
    return { module: StoresModule, global: true, providers, exports: providers };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.eventLog?.close();
    await this.readModel?.close();
  }
}
