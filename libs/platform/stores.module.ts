import {
  type DynamicModule,
  Inject,
  Logger,
  Module,
  type OnApplicationShutdown,
  Optional,
  type Provider,
} from '@nestjs/common';

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
  static async open(environment: Environment, { eventLog, readModel }: Stores): Promise<DynamicModule> {
    const providers: Provider[] = [];
    if (eventLog !== 'none') providers.push({ provide: EventLog, useValue: await openEventLog(environment, eventLog) });
    if (readModel) providers.push({ provide: ReadModel, useValue: await openReadModel(environment) });
    return { module: StoresModule, global: true, providers, exports: providers };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.eventLog?.close();
    await this.readModel?.close();
  }
}

/** The clients of the servers are loaded only where they are used: they would triple the start of the embedded service. */
async function openEventLog({ eventstoreUrl, dataDir }: Environment, use: 'write' | 'read'): Promise<EventLog> {
  if (eventstoreUrl === undefined) {
    return use === 'write' ? SqliteEventLog.open(dataDir) : SqliteEventLog.openReadOnly(dataDir);
  }
  const { EventStoreDbEventLog } = await import('#event-log/eventstoredb');
  const logger = new Logger('event-log');
  return EventStoreDbEventLog.connect(eventstoreUrl, {
    readOnly: use === 'read',
    onTrouble: (what, error) => {
      logger.warn({ err: error }, what);
    },
  });
}

async function openReadModel({ mongodbUrl, dataDir }: Environment): Promise<ReadModel> {
  if (mongodbUrl === undefined) return SqliteReadModel.open(dataDir);
  const { MongoReadModel } = await import('#read-model/mongo');
  return MongoReadModel.connect(mongodbUrl);
}
