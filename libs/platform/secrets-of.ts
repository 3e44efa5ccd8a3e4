import type { Environment } from './environment.ts';
import { publicKeysIn, seedsIn } from './seal-key-file.ts';
import { type Secrets, loadSecrets } from './secrets.ts';

/**
 * The secrets of a deployment. Its environment may name files with keys that seal ballot boxes. Makes those of the data directory when there are none.
 * @throws EnvironmentError when a file of keys cannot be read
 */
export function secretsOf({ dataDir, sealKeyFile, sealCommandKeyFile }: Environment): Secrets {
  const secrets = loadSecrets(dataDir, sealKeyFile === undefined ? [] : seedsIn(sealKeyFile));
  return sealCommandKeyFile === undefined ? secrets : { ...secrets, sealElsewhere: publicKeysIn(sealCommandKeyFile) };
}
