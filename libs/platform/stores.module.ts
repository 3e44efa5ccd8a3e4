import { type DynamicModule, Inject, Module, type OnApplicationShutdown, Optional, type Provider } from '@nestjs/common';

import { EventLog, SqliteEventLog } from '#event-log';
import { ReadModel, SqliteReadModel } from '#read-model';

import type { Environment } from './environment.ts';

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
  static open({ dataDir }: Environment, { eventLog, readModel }: Stores): DynamicModule {
    const providers: Provider[] = [];
    if (eventLog !== 'none') {
      const open = eventLog === 'write' ? SqliteEventLog.open : SqliteEventLog.openReadOnly;
      providers.push({ provide: EventLog, useValue: open.call(SqliteEventLog, dataDir) });
    }
    if (readModel) providers.push({ provide: ReadModel, useValue: SqliteReadModel.open(dataDir) });
    return { module: StoresModule, global: true, providers, exports: providers };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.eventLog?.close();
    await this.readModel?.close();
  }
}
