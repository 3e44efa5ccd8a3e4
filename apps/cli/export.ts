import { parseArgs } from 'node:util';

import { exportCsv, exportNdjson } from '#audit';
import { readEnvironment } from '#platform/environment';
import { openEventLog } from '#platform/stores';

import { runCommand } from './lib/command.ts';
import { pointInTime, pollOf } from './lib/options.ts';
import { Progress } from './lib/progress.ts';
import { writeNewFile } from './lib/whole-file.ts';

const USAGE = `npm run export -- [options]     writes a poll to a file: every byte of it, with a manifest
  --poll N               the poll; without it the latest one
  --all                  every poll of the log
  --csv                  the ballot box as CSV, for a spreadsheet
  --at POSITION|TIME     up to a point in time
  --out FILE             compressed if it ends with .gz; without it paredao-<poll>.ndjson.gz`;

await runCommand(USAGE, async (args) => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      poll: { type: 'string' },
      all: { type: 'boolean', default: false },
      csv: { type: 'boolean', default: false },
      at: { type: 'string' },
      out: { type: 'string' },
    },
  });
  const until = pointInTime(values.at);
  const log = await openEventLog(readEnvironment(), 'read');
  const progress = new Progress();
  try {
    const pollId = await pollOf(log, values.poll);
    const isWhole = values.all && !values.csv;
    const path = values.out ?? `paredao-${isWhole ? 'all' : pollId}.${values.csv ? 'csv' : 'ndjson'}.gz`;
    const options = { log, until, onProgress: progress.update };
    const text = values.csv
      ? exportCsv({ ...options, pollId })
      : exportNdjson({ ...options, pollId: isWhole ? undefined : pollId });
    await writeNewFile(path, text);
    progress.end(`exported to ${path}`);
    return 0;
  } finally {
    await log.close();
  }
});
