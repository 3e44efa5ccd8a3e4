import { parseArgs } from 'node:util';

import { readEnvironment, rotateSecrets } from '#platform';

import { runCommand } from './lib/command.ts';

const USAGE = 'npm run rotate-secrets    new keys for the data directory, taken at the next start of the service';

await runCommand(USAGE, async (args) => {
  parseArgs({ args: [...args] });
  const { dataDir } = readEnvironment();
  rotateSecrets(dataDir);
  console.log(
    `New keys are in ${dataDir}/secrets.json. Restart the service now: logins end, and voters notice nothing if it is within a few minutes.`,
  );
  return 0;
});
