import { parseArgs } from 'node:util';

import { importExport } from '#audit';

import { UsageError, runCommand } from './lib/command.ts';
import { Progress } from './lib/progress.ts';

const USAGE = `npm run import -- FILE --to DIRECTORY
  makes a new SQLite log of an export: order, positions, ids and recorded times are kept; serve it with DATA_DIR=DIRECTORY`;

await runCommand(USAGE, async (args) => {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { to: { type: 'string' } },
  });
  const [file, ...rest] = positionals;
  if (file === undefined || rest.length > 0 || values.to === undefined)
    throw new UsageError('a file and --to are needed');
  const progress = new Progress();
  await importExport(file, values.to, progress.update);
  progress.end(`imported into ${values.to}`);
  return 0;
});
