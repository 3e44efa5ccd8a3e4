import { existsSync } from 'node:fs';
import { join } from 'node:path';

import type { Environment } from '#platform/environment';
import { openReadModel } from '#platform/stores';
import { type ReadModel, SqliteReadModel } from '#read-model';

/**
 * The tallies that the environment names, for reading; undefined where the data directory has none.
 * @throws ReadModelUnavailableError, EnvironmentError
 */
export async function openExistingReadModel(environment: Environment): Promise<ReadModel | undefined> {
  const { stores, mongodbUrl, dataDir } = environment;
  if (stores === 'servers' || mongodbUrl !== undefined) return openReadModel(environment);
  return existsSync(join(dataDir, 'read-model.db')) ? SqliteReadModel.openReadOnly(dataDir) : undefined;
}
