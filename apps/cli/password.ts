import { readEnvironment, resetPassword } from '#platform';

import { UsageError, runCommand } from './lib/command.ts';

const USAGE = 'npm run password -- USER    a new password for a user, shown once; the tokens from before end';

await runCommand(USAGE, async ([name, ...more]) => {
  if (name === undefined || more.length > 0) throw new UsageError('one user, please');
  const password = await resetPassword(readEnvironment().dataDir, name);
  console.log(`\n  ${name}  ${password}\n\nShown once; the tokens from before have ended.`);
  return 0;
});
