import { join } from 'node:path';

import { exportCsv, exportNdjson, exportSpreadsheet, exportUrna, isRehearsal } from '#audit';
import type { EventLog } from '#event-log';
import { type Arguments, UsageError } from '#platform/arguments';
import { type Environment, readEnvironment } from '#platform/environment';
import { openEventLog } from '#platform/stores';
import { type ReadModel, ReadModelUnavailableError } from '#read-model';
import { parseWitnesses } from '#witness/list';

import { runCommand } from './lib/command.ts';
import { existingPollOf, pointInTime } from './lib/options.ts';
import { Progress } from './lib/progress.ts';
import { openExistingReadModel } from './lib/stores.ts';
import { writeNewFile, writeNewFolder } from './lib/whole-file.ts';

const PROGRAM = {
  usage: 'npm run export -- [options]',
  about: 'Writes a poll to a file: every byte of it, with a manifest.',
  options: {
    poll: { type: 'string', value: 'N', help: 'the poll; without it the latest real one' },
    all: { type: 'boolean', default: false, help: 'every poll of the log' },
    urna: {
      type: 'string',
      value: 'DIR',
      help: 'the ballot box as a transparency log that other programs verify: a new folder in DIR, called like the poll',
    },
    csv: { type: 'boolean', default: false, help: 'the ballot box as CSV (RFC 4180), for programs' },
    spreadsheet: {
      type: 'boolean',
      default: false,
      help: 'the ballot box as CSV for a spreadsheet in Brazilian Portuguese: names, outcomes, semicolons',
    },
    at: { type: 'string', value: 'POSITION|TIME', help: 'up to a point in time' },
    out: {
      type: 'string',
      value: 'FILE',
      help: 'compressed if it ends with .gz; without it paredao-<poll>.ndjson.gz, of a rehearsal ensaio-<poll>.ndjson.gz, of a spreadsheet paredao-<poll>-planilha.csv',
    },
  },
} as const;

/** A spreadsheet opens no compressed file. */
const SPREADSHEET = { suffix: '-planilha.csv', write: exportSpreadsheet };
const CSV = { suffix: '.csv.gz', write: exportCsv };

await runCommand(PROGRAM, async ({ values }) => {
  expectWhole(values);
  const until = pointInTime(values.at);
  const environment = readEnvironment();
  const log = await openEventLog(environment, 'read');
  const progress = new Progress();
  try {
    const pollId = await existingPollOf(log, values.poll);
    if (values.urna !== undefined) return await writeUrna({ log, pollId, environment }, values.urna, progress);
    const table = tableOf(values);
    const isWhole = values.all && table === undefined;
    const kind = !isWhole && (await isRehearsal(log, pollId)) ? 'ensaio' : 'paredao';
    const path = values.out ?? `${kind}-${isWhole ? 'all' : pollId}${table?.suffix ?? '.ndjson.gz'}`;
    const options = { log, until, onProgress: progress.update };
    const text =
      table === undefined
        ? exportNdjson({ ...options, pollId: isWhole ? undefined : pollId })
        : table.write({ ...options, pollId });
    await writeNewFile(path, text);
    progress.end(`exported to ${path}`);
    return 0;
  } finally {
    await log.close();
  }
});

function tableOf({ spreadsheet, csv }: Arguments<typeof PROGRAM.options>['values']) {
  if (spreadsheet) return SPREADSHEET;
  return csv ? CSV : undefined;
}

/** @throws UsageError */
function expectWhole({ urna, all, csv, spreadsheet, at, out }: Arguments<typeof PROGRAM.options>['values']): void {
  if (urna === undefined || [all, csv, spreadsheet, at, out].every((one) => one === undefined || one === false)) return;
  throw new UsageError(
    '--urna takes a whole poll, up to its last checkpoint: without --all, --csv, --spreadsheet, --at and --out',
  );
}

/** The checkpoints that were published, as far as the store can be reached. */
const publishedIn =
  ({ tiles }: ReadModel) =>
  (log: string): Promise<string | undefined> =>
    tiles.published(log).catch((error: unknown) => {
      if (!(error instanceof ReadModelUnavailableError)) throw error;
      console.error(`${log}: without the signatures of witnesses, because ${error.message}`);
      return undefined;
    });

interface Source {
  readonly log: EventLog;
  readonly pollId: string;
  readonly environment: Environment;
}

async function writeUrna({ log, pollId, environment }: Source, folder: string, progress: Progress): Promise<number> {
  // a log may hold anything, ids of polls too
  const path = join(folder, encodeURIComponent(pollId));
  const witnesses = parseWitnesses(environment.witnesses ?? '').map(({ verifier }) => verifier);
  // the log is enough for all but their signatures
  const readModel = witnesses.length > 0 ? await openExistingReadModel(environment) : undefined;
  try {
    const options = { log, pollId, witnesses, published: readModel && publishedIn(readModel) };
    await writeNewFolder(path, (directory) => exportUrna({ ...options, directory, onProgress: progress.update }));
  } finally {
    await readModel?.close();
  }
  progress.end(`exported to ${path}`);
  return 0;
}
