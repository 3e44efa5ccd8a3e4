import { statSync } from 'node:fs';
import { replay } from '#audit';
import { SqliteEventLog, SqliteImport } from '#event-log';
import { UsageError } from '#platform/arguments';
import { readEnvironment } from '#platform/environment';
import { openEventLog } from '#platform/stores';

import { runCommand } from './lib/command.ts';
import { Progress } from './lib/progress.ts';
import { type OpenedSource, openExport, openPollOf } from './lib/source.ts';

const PROGRAM = {
  usage: 'npm run replay -- --to DIRECTORY [options]',
  about: 'A recorded poll once more, for a rehearsal.',
  options: {
    from: {
      type: 'string',
      value: 'FILE|DIRECTORY',
      help: 'an export, or a data directory; without it the log that the environment names',
    },
    to: {
      type: 'string',
      value: 'DIRECTORY',
      help: 'a new data directory; watch it with: DATA_DIR=DIRECTORY npm start -- --watch-only',
    },
    poll: {
      type: 'string',
      value: 'N',
      help: 'the poll; without it the one of the export, or the latest one of the log',
    },
    speed: { type: 'string', value: '1|10|max', default: '1', help: 'how many times faster than it was' },
  },
} as const;

await runCommand(PROGRAM, async ({ values }) => {
  const { to, from, poll } = values;
  if (to === undefined) throw new UsageError('--to is needed: a directory that has no log yet');
  if (to.includes('://'))
    throw new UsageError('a replay keeps the recorded times, which only a data directory can take');
  const speed = speedOf(values.speed);
  const { source, pollId, close } = await openSource(from, poll);
  const stopped = new AbortController();
  process.once('SIGINT', () => stopped.abort()).once('SIGTERM', () => stopped.abort());
  const progress = new Progress();
  try {
    const target = SqliteImport.begin(to, 'visible');
    const { signal } = stopped;
    try {
      await replay({ pages: source.pages(pollId), target, speed, signal, onProgress: progress.update });
    } finally {
      target.finish();
    }
  } finally {
    await close();
  }
  progress.end(
    stopped.signal.aborted ? `interrupted; what was replayed so far is in ${to}, written` : `replayed into ${to}`,
  );
  if (stopped.signal.aborted) return 1;
  const findings = source.findings() ?? [];
  for (const { code, at } of findings) console.error(`the file is damaged: ${code} ${JSON.stringify(at)}`);
  return findings.length === 0 ? 0 : 1;
});

function speedOf(text: string): number {
  const speed = text === 'max' ? Infinity : Number(text);
  if (!(speed > 0)) throw new UsageError(`--speed takes a number above 0, or max, not "${text}"`);
  return speed;
}

async function openSource(from: string | undefined, asked: string | undefined): Promise<OpenedSource> {
  if (from !== undefined && statSync(from).isFile()) return openExport(from, asked);
  const log = from === undefined ? await openEventLog(readEnvironment(), 'read') : SqliteEventLog.openReadOnly(from);
  return openPollOf(log, asked);
}
