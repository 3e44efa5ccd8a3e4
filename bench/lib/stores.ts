import { type EventLog, SqliteEventLog } from '#event-log';
import { type ReadModel, SqliteReadModel } from '#read-model';

/** The servers that hold the log and the tallies. */
export interface ServerStores {
  readonly eventstoreUrl: string;
  /** Without it the stored tallies are not looked at. */
  readonly mongodbUrl?: string;
}

/** Where a service keeps its log and its tallies: its data directory, or servers. The service may be running. */
export type StoresPlace = string | ServerStores;

/**
 * Opens the log for reading, for as long as the work takes.
 * @throws EventLogUnavailableError when there is no log
 */
export async function withEventLog<T>(place: StoresPlace, work: (log: EventLog) => Promise<T>): Promise<T> {
  const log = typeof place === 'string' ? SqliteEventLog.openReadOnly(place) : await eventStoreDb(place);
  try {
    return await work(log);
  } finally {
    await log.close();
  }
}

/** Opens the tallies for as long as the work takes; without tallies there is no work. */
export async function withReadModel<T>(
  place: StoresPlace,
  work: (readModel: ReadModel) => Promise<T>,
): Promise<T | undefined> {
  const readModel = typeof place === 'string' ? SqliteReadModel.open(place) : await mongoDb(place);
  try {
    return readModel && (await work(readModel));
  } finally {
    await readModel?.close();
  }
}

async function eventStoreDb({ eventstoreUrl }: ServerStores): Promise<EventLog> {
  const { EventStoreDbEventLog } = await import('#event-log/eventstoredb');
  return EventStoreDbEventLog.connect(eventstoreUrl, { readOnly: true });
}

async function mongoDb({ mongodbUrl }: ServerStores): Promise<ReadModel | undefined> {
  if (mongodbUrl === undefined) return undefined;
  const { MongoReadModel } = await import('#read-model/mongo');
  return MongoReadModel.connect(mongodbUrl);
}
