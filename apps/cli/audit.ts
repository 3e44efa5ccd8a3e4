import { parseArgs } from 'node:util';

import { type AuditReport, audit, isCommitment, renderHtml, renderText } from '#audit';
import { type Environment, readEnvironment } from '#platform/environment';
import { openEventLog } from '#platform/stores';

import { UsageError, runCommand } from './lib/command.ts';
import { pointInTime } from './lib/options.ts';
import { Progress } from './lib/progress.ts';
import { fetchTotal } from './lib/published-total.ts';
import { type OpenedSource, openExport, openPollOf } from './lib/source.ts';
import { openExistingReadModel, talliesOf } from './lib/stores.ts';
import { replaceFile } from './lib/whole-file.ts';

const USAGE = `npm run audit -- [options]      recounts a poll and compares; exit code 0: everything agrees, 1: it does not
  --poll N               the poll; without it the latest one
  --export FILE          reads an export instead of the log that the environment names (EVENTSTORE_URL, else DATA_DIR)
  --read-model           with --export: compares with the read model that the environment names all the same
  --total URL            compares with what a service publishes; PAREDAO_USER, PAREDAO_PASSWORD (or …_FILE)
  --expect-hash H@R      the commitment of an earlier report: the ballot box must still begin with what was audited then
  --at POSITION|TIME     the poll as it was
  --quick                without the second, independent recount
  --json                 prints the report as JSON
  --html FILE            also writes the report as a page to print`;

const OPTIONS = {
  poll: { type: 'string' },
  export: { type: 'string' },
  'read-model': { type: 'boolean', default: false },
  total: { type: 'string' },
  'expect-hash': { type: 'string' },
  at: { type: 'string' },
  quick: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  html: { type: 'string' },
} as const;

await runCommand(USAGE, async (args) => {
  const { values } = parseArgs({ args: [...args], options: OPTIONS });
  const until = pointInTime(values.at);
  if (values['expect-hash'] !== undefined && !isCommitment(values['expect-hash'])) {
    throw new UsageError('--expect-hash takes <64 hexadecimal digits>@<revision>, as the report shows it');
  }
  const environment = readEnvironment();
  const { source, pollId, close } = await openSource(environment, values.export, values.poll);
  const comparesTallies = values.export === undefined || values['read-model'];
  const readModel = comparesTallies ? await openExistingReadModel(environment) : undefined;
  const progress = new Progress();
  try {
    const { total } = values;
    const report = await audit({
      source,
      pollId,
      readModel: comparesTallies ? await talliesOf(readModel, environment) : undefined,
      published: total === undefined ? undefined : () => fetchTotal(total, pollId, environment),
      until,
      expected: values['expect-hash'],
      independent: !values.quick,
      onProgress: progress.update,
    });
    progress.end('audited');
    return publish(report, values);
  } finally {
    await readModel?.close();
    await close();
  }
});

async function openSource(environment: Environment, file?: string, asked?: string): Promise<OpenedSource> {
  if (file !== undefined) return openExport(file, asked);
  const name = environment.eventstoreUrl === undefined ? `SQLite em ${environment.dataDir}` : 'EventStoreDB';
  return openPollOf(await openEventLog(environment, 'read'), name, asked);
}

/** @returns the exit code */
function publish(report: AuditReport, { json, html }: { json: boolean; html?: string | undefined }): number {
  process.stdout.write(json ? `${JSON.stringify(report, undefined, 2)}\n` : renderText(report));
  if (html !== undefined) replaceFile(html, renderHtml(report));
  return report.agrees ? 0 : 1;
}
