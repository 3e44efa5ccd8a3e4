import { readEnvironment, rotateSecrets } from '#platform';

import { runCommand } from './lib/command.ts';

const PROGRAM = {
  usage: 'npm run rotate-secrets',
  about: 'New keys for the data directory (DATA_DIR), taken at the next start of the service.',
  options: {},
} as const;

await runCommand(PROGRAM, async () => {
  const { dataDir } = readEnvironment();
  rotateSecrets(dataDir);
  console.log(
    `New keys are in ${dataDir}/secrets.json. Restart the service now: logins end, and voters notice nothing if it is within a few minutes.`,
  );
  return 0;
});
