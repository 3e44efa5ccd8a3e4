import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { backUpSqliteLog } from '#event-log';
import { UsageError } from '#platform/arguments';
import { readEnvironment } from '#platform/environment';

import { runCommand } from './lib/command.ts';
import { writeNewFolder } from './lib/whole-file.ts';

const PROGRAM = {
  usage: 'npm run backup -- FOLDER',
  about: `Copies the log, the keys and the users of a data directory (DATA_DIR) into a new folder, while the service runs.
The copy is a data directory itself: to restore, start the service on it.`,
  options: {},
  operands: { least: 1, most: 1 },
} as const;

/** Made by the first start; without them logins and challenges of before end. */
const BESIDE_THE_LOG = ['secrets.json', 'users.json'];

await runCommand(PROGRAM, async ({ positionals: [folder = ''] }) => {
  const { dataDir, eventstoreUrl } = readEnvironment();
  if (folder === '') throw new UsageError('where to?');
  if (eventstoreUrl !== undefined) throw new UsageError('EventStoreDB has a backup of its own: docs/operations.md');
  const copy = (draft: string): void => {
    backUpSqliteLog(dataDir, draft);
    for (const name of BESIDE_THE_LOG.filter((file) => existsSync(join(dataDir, file))))
      writeFileSync(join(draft, name), readFileSync(join(dataDir, name)), { mode: 0o600 });
  };
  await writeNewFolder(folder, copy, 0o700);
  console.log(`${dataDir} is copied to ${folder}: keep it where no one else can read it`);
  return 0;
});
