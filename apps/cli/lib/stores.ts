import { existsSync } from 'node:fs';
import { join } from 'node:path';

import type { Tallies } from '#audit';
import type { Environment } from '#platform/environment';
import { openReadModel } from '#platform/stores';
import { NO_CHECKPOINT, type ReadModel, SqliteReadModel } from '#read-model';

/** What a data directory has of tallies where somebody took them away. */
const NO_TALLIES: Tallies = {
  load: () => Promise.resolve(undefined),
  positions: () => Promise.resolve(new Map()),
  checkpoint: () => Promise.resolve(NO_CHECKPOINT),
};

/**
 * What a log is compared with: the active tallies; none at all where a service has run in the data directory and its tallies
 * are gone; undefined if nothing was ever counted, as in an imported log.
 */
export async function talliesOf(
  readModel: ReadModel | undefined,
  { mongodbUrl, dataDir }: Environment,
): Promise<Tallies | undefined> {
  if (readModel !== undefined) return readModel.current();
  // every service makes its keys before it does anything else
  return mongodbUrl === undefined && existsSync(join(dataDir, 'secrets.json')) ? NO_TALLIES : undefined;
}

/**
 * The tallies that the environment names, for reading; undefined where the data directory has none.
 * @throws ReadModelUnavailableError, EnvironmentError
 */
export async function openExistingReadModel(environment: Environment): Promise<ReadModel | undefined> {
  const { stores, mongodbUrl, dataDir } = environment;
  if (stores === 'servers' || mongodbUrl !== undefined) return openReadModel(environment);
  return existsSync(join(dataDir, 'read-model.db')) ? SqliteReadModel.openReadOnly(dataDir) : undefined;
}
