import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { type EventLog, SqliteEventLog } from '#event-log';
import { type ReadModel, SqliteReadModel } from '#read-model';
import type { Environment } from '#platform/environment';

/**
 * The log that the environment names, for reading; its service may be running.
 * @throws EventLogUnavailableError
 */
export async function openEventLog({ eventstoreUrl, dataDir }: Environment): Promise<EventLog> {
  if (eventstoreUrl === undefined) return SqliteEventLog.openReadOnly(dataDir);
  const { EventStoreDbEventLog } = await import('#event-log/eventstoredb');
  return EventStoreDbEventLog.connect(eventstoreUrl, { readOnly: true });
}

/**
 * The tallies that the environment names, for reading; undefined where the data directory has none.
 * @throws ReadModelUnavailableError
 */
export async function openReadModel({ mongodbUrl, dataDir }: Environment): Promise<ReadModel | undefined> {
  if (mongodbUrl === undefined) {
    return existsSync(join(dataDir, 'read-model.db')) ? SqliteReadModel.openReadOnly(dataDir) : undefined;
  }
  const { MongoReadModel } = await import('#read-model/mongo');
  return MongoReadModel.connect(mongodbUrl);
}

/** The tallies that the environment names, to write to them; a data directory without any gets them. */
export async function openWritableReadModel({ mongodbUrl, dataDir }: Environment): Promise<ReadModel> {
  if (mongodbUrl === undefined) return SqliteReadModel.open(dataDir);
  const { MongoReadModel } = await import('#read-model/mongo');
  return MongoReadModel.connect(mongodbUrl);
}
