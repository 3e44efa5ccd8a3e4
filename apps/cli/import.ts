import { importExport } from '#audit';
import { UsageError } from '#platform/arguments';

import { runCommand } from './lib/command.ts';
import { Progress } from './lib/progress.ts';

const PROGRAM = {
  usage: 'npm run import -- FILE --to DIRECTORY',
  about:
    'Makes a new SQLite log of an export: order, positions, ids and recorded times are kept; serve it with DATA_DIR=DIRECTORY.',
  options: { to: { type: 'string', value: 'DIRECTORY', help: 'where the log is made; it must have none yet' } },
  operands: { least: 1, most: 1 },
} as const;

await runCommand(PROGRAM, async ({ values: { to }, positionals: [file = ''] }) => {
  if (to === undefined) throw new UsageError('--to is needed');
  const progress = new Progress();
  await importExport(file, to, progress.update);
  progress.end(`imported into ${to}`);
  return 0;
});
