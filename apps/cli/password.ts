import { resetPassword } from '#auth';
import { readEnvironment } from '#platform';

import { runCommand } from './lib/command.ts';

const PROGRAM = {
  usage: 'npm run password -- USER',
  about: 'A new password for a user, shown once; the tokens from before end.',
  options: {},
  operands: { least: 1, most: 1 },
} as const;

await runCommand(PROGRAM, async ({ positionals: [name = ''] }) => {
  const password = await resetPassword(readEnvironment().dataDir, name);
  console.log(`\n  ${name}  ${password}\n\nShown once; the tokens from before have ended.`);
  return 0;
});
