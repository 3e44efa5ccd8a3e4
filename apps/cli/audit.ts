import { readFileSync } from 'node:fs';

import {
  type AuditOptions,
  type AuditReport,
  anchorOf,
  audit,
  isCommitment,
  keptKeysOf,
  receiptsOf,
  renderHtml,
  renderText,
} from '#audit';
import { type Announced, announcedIn } from '#contract';
import { UsageError } from '#platform/arguments';
import { type Environment, readEnvironment } from '#platform/environment';
import { openEventLog } from '#platform/stores';

import { runCommand } from './lib/command.ts';
import { pointInTime } from './lib/options.ts';
import { Progress } from './lib/progress.ts';
import { fetchTotal } from './lib/published-total.ts';
import { type OpenedSource, openExport, openPollOf } from './lib/source.ts';
import { openExistingReadModel, talliesOf } from './lib/stores.ts';
import { verifiersIn } from './lib/verifiers.ts';
import { expectWritable, replaceFile } from './lib/whole-file.ts';

const PROGRAM = {
  usage: 'npm run audit -- [options]',
  about: 'Recounts a poll and compares. Exit code 0: everything agrees, 1: it does not.',
  options: {
    poll: { type: 'string', value: 'N', help: 'the poll; without it the latest one' },
    export: {
      type: 'string',
      value: 'FILE',
      help: 'reads an export instead of the log that the environment names (EVENTSTORE_URL, else DATA_DIR)',
    },
    'read-model': {
      type: 'boolean',
      default: false,
      help: 'with --export: still compares with the read model that the environment names',
    },
    total: {
      type: 'string',
      value: 'URL',
      help: 'compares with what a service publishes; PAREDAO_USER, PAREDAO_PASSWORD (or …_FILE)',
    },
    'expect-hash': {
      type: 'string',
      value: 'COMMITMENT',
      help: 'of an earlier report: the log must still begin with what was audited then',
    },
    vkey: {
      type: 'string',
      multiple: true,
      value: 'FILE|TEXT',
      help: "a key that you trust: the service's (/urna/vkey), the ballot box's, a witness's; may be given more than once",
    },
    anchor: {
      type: 'string',
      multiple: true,
      value: 'FILE',
      help: 'a checkpoint, a boletim or zerésima (JSON) or a .tlog-proof that was kept elsewhere: the log must begin with it; more than once',
    },
    receipt: {
      type: 'string',
      multiple: true,
      value: 'FILE',
      help: 'receipts of voters, a line each, and keys of the box that they kept: their votes must be in the box; more than once',
    },
    announced: {
      type: 'string',
      value: 'NUMBERS',
      help: "compares with what was said on air: 'total=1.001.471; 1=62,73%; 2=373000'",
    },
    at: { type: 'string', value: 'POSITION|TIME', help: 'the poll as it was' },
    quick: { type: 'boolean', default: false, help: 'without the second, independent recount' },
    json: { type: 'boolean', default: false, help: 'prints the report as JSON' },
    html: { type: 'string', value: 'FILE', help: 'also writes the report as a page to print' },
  },
} as const;

await runCommand(PROGRAM, async ({ values }) => {
  const until = pointInTime(values.at);
  if (values['expect-hash'] !== undefined && !isCommitment(values['expect-hash'])) {
    throw new UsageError(
      '--expect-hash takes v2-<64 hexadecimal digits>@<revision>+<revision>, as the report shows it, or <64 digits>@<revision> of an older one',
    );
  }
  const kept = keptOutside(values);
  const announced = announcement(values.announced);
  if (values.html !== undefined) expectWritable(values.html);
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
      ...kept,
      announced,
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

type Named = Readonly<Partial<Record<'vkey' | 'anchor' | 'receipt', string[] | undefined>>>;

/** What was kept outside of the service: keys, anchors, and what voters have. */
function keptOutside({ vkey, anchor, receipt }: Named): Partial<AuditOptions> {
  const handedOver = receipt?.map(readNamed);
  return {
    vkeys: vkey?.flatMap(verifiersIn),
    anchors: anchor?.map(readNamed).map((file) => anchorOf(...file)),
    receipts: handedOver?.flatMap((file) => receiptsOf(...file)),
    keptKeys: handedOver?.flatMap((file) => keptKeysOf(...file)),
  };
}

function readNamed(file: string): [name: string, text: string] {
  return [file, readFileSync(file, 'utf8')];
}

function announcement(text: string | undefined): Announced | undefined {
  const announced = text === undefined ? undefined : announcedIn(text);
  if (text !== undefined && announced === undefined) {
    throw new UsageError(
      `--announced takes numbers like 'total=1.001.471; 1=62,73%; 2=373000', each once, not "${text}"`,
    );
  }
  return announced;
}

async function openSource(environment: Environment, file?: string, asked?: string): Promise<OpenedSource> {
  if (file !== undefined) return openExport(file, asked);
  return openPollOf(await openEventLog(environment, 'read'), asked);
}

/** @returns the exit code */
function publish(report: AuditReport, { json, html }: { json: boolean; html?: string | undefined }): number {
  process.stdout.write(json ? `${JSON.stringify(report, undefined, 2)}\n` : renderText(report));
  if (html !== undefined) replaceFile(html, renderHtml(report));
  return report.agrees ? 0 : 1;
}
