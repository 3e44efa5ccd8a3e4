import { statSync } from 'node:fs';
import { parseArgs } from 'node:util';

import { type EventSource, exportSource, logSource, readHeader, replay } from '#audit';
import { type EventLog, SqliteEventLog, SqliteImport } from '#event-log';
import { readEnvironment } from '#platform/environment';

import { UsageError, runCommand } from './lib/command.ts';
import { pollOf } from './lib/options.ts';
import { Progress } from './lib/progress.ts';
import { openEventLog } from './lib/stores.ts';

const USAGE = `npm run replay -- --to DIRECTORY [options]     a recorded poll once more, for a rehearsal
  --from FILE|DIRECTORY  an export, or a data directory; without it the log that the environment names
  --poll N               the poll; without it the one of the export, or the latest one of the log
  --speed 1|10|max       how many times faster than it was
  --to DIRECTORY         a new data directory; watch it with: DATA_DIR=DIRECTORY npm start -- --watch-only`;

await runCommand(USAGE, async (args) => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      from: { type: 'string' },
      to: { type: 'string' },
      poll: { type: 'string' },
      speed: { type: 'string', default: '1' },
    },
  });
  const { to, from, poll } = values;
  if (to === undefined) throw new UsageError('--to is needed: a directory that has no log yet');
  if (to.includes('://'))
    throw new UsageError('a replay keeps the recorded times, which only a data directory can take');
  const speed = speedOf(values.speed);
  const { source, pollId, log } = await open(from, poll);
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
    await log?.close();
  }
  progress.end(`replayed into ${to}`);
  const findings = source.findings() ?? [];
  for (const finding of findings) console.error(finding);
  return findings.length === 0 ? 0 : 1;
});

function speedOf(text: string): number {
  const speed = text === 'max' ? Infinity : Number(text);
  if (!(speed > 0)) throw new UsageError(`--speed takes a number above 0, or max, not "${text}"`);
  return speed;
}

async function open(
  from: string | undefined,
  asked: string | undefined,
): Promise<{ source: EventSource; pollId: string; log?: EventLog }> {
  if (from !== undefined && statSync(from).isFile()) {
    const pollId = asked ?? (await readHeader(from)).pollId;
    if (pollId === undefined) throw new UsageError('the export is of a whole log: say which poll with --poll');
    return { source: exportSource(from), pollId };
  }
  const log = from === undefined ? await openEventLog(readEnvironment()) : SqliteEventLog.openReadOnly(from);
  try {
    return { source: logSource(log, ''), pollId: await pollOf(log, asked), log };
  } catch (error) {
    await log.close();
    throw error;
  }
}
