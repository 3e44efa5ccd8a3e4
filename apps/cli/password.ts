import { readEnvironment, resetPassword } from '#platform';

/** `npm run password -- <user>`: a new password for a user of the data directory, shown once. It counts at once. */
const [name = ''] = process.argv.slice(2);
try {
  const password = await resetPassword(readEnvironment().dataDir, name);
  console.log(`\n  ${name.padEnd(9)} ${password}\n\nShown once; the tokens from before have ended.`);
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
