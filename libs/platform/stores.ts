import { type EventLog, SqliteEventLog } from '#event-log';
import { type ReadModel, SqliteReadModel } from '#read-model';

import { checkDataDirectory } from './data-directory.ts';
import { type Environment, EnvironmentError } from './environment.ts';

/** Where the stores are: what `Environment` says of it. */
export type Places = Pick<Environment, 'stores' | 'eventstoreUrl' | 'mongodbUrl' | 'dataDir'>;

/**
 * The log that the environment names. The clients of the servers are loaded only where they are used: they would triple
 * the start of the embedded service.
 * @param use a log in a data directory may be read while its service runs, and has one writer; `late`: it may be made after this
 * @param onTrouble hears of what the client of a server gets over by itself
 * @throws DirectoryLockedError, EventLogUnavailableError, EnvironmentError when it has to be a server and none is named
 */
export async function openEventLog(
  { stores, eventstoreUrl, dataDir }: Places,
  use: 'write' | 'read' | 'late',
  onTrouble?: (what: string, error: Error) => void,
): Promise<EventLog> {
  if (eventstoreUrl === undefined) {
    assertEmbedded(stores, 'EVENTSTORE_URL');
    checkDataDirectory(dataDir, use === 'write' ? use : 'read');
    if (use === 'late') return SqliteEventLog.openWhenThere(dataDir);
    return use === 'write' ? SqliteEventLog.open(dataDir) : SqliteEventLog.openReadOnly(dataDir);
  }
  const { EventStoreDbEventLog } = await import('#event-log/eventstoredb');
  return EventStoreDbEventLog.connect(eventstoreUrl, { readOnly: use !== 'write', ...(onTrouble && { onTrouble }) });
}

/**
 * The tallies that the environment names; a data directory without any gets them.
 * @throws ReadModelUnavailableError, EnvironmentError when it has to be a server and none is named
 */
export async function openReadModel({ stores, mongodbUrl, dataDir }: Places): Promise<ReadModel> {
  if (mongodbUrl === undefined) {
    assertEmbedded(stores, 'MONGODB_URL');
    checkDataDirectory(dataDir, 'write');
    return SqliteReadModel.open(dataDir);
  }
  const { MongoReadModel } = await import('#read-model/mongo');
  return MongoReadModel.connect(mongodbUrl);
}

function assertEmbedded(stores: Places['stores'], variable: string): void {
  if (stores === 'embedded') return;
  throw new EnvironmentError(
    `${variable} (or ${variable}_FILE) must be set, because STORES=servers; STORES=embedded keeps files in DATA_DIR instead`,
  );
}
