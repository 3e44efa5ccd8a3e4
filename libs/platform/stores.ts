import { type EventLog, SqliteEventLog } from '#event-log';
import { type ReadModel, SqliteReadModel } from '#read-model';

import type { Environment } from './environment.ts';

type Places = Pick<Environment, 'eventstoreUrl' | 'mongodbUrl' | 'dataDir'>;

/**
 * The log that the environment names. The clients of the servers are loaded only where they are used: they would triple
 * the start of the embedded service.
 * @param use a log in a data directory may be read while its service runs, and has one writer
 * @param onTrouble hears of what the client of a server gets over by itself
 * @throws DirectoryLockedError, EventLogUnavailableError
 */
export async function openEventLog(
  { eventstoreUrl, dataDir }: Places,
  use: 'write' | 'read',
  onTrouble?: (what: string, error: Error) => void,
): Promise<EventLog> {
  if (eventstoreUrl === undefined) {
    return use === 'write' ? SqliteEventLog.open(dataDir) : SqliteEventLog.openReadOnly(dataDir);
  }
  const { EventStoreDbEventLog } = await import('#event-log/eventstoredb');
  return EventStoreDbEventLog.connect(eventstoreUrl, { readOnly: use === 'read', ...(onTrouble && { onTrouble }) });
}

/**
 * The tallies that the environment names; a data directory without any gets them.
 * @throws ReadModelUnavailableError
 */
export async function openReadModel({ mongodbUrl, dataDir }: Places): Promise<ReadModel> {
  if (mongodbUrl === undefined) return SqliteReadModel.open(dataDir);
  const { MongoReadModel } = await import('#read-model/mongo');
  return MongoReadModel.connect(mongodbUrl);
}
