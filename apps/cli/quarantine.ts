import { isoOf, printable } from '#audit';
import { UsageError } from '#platform/arguments';
import { type Environment, readEnvironment } from '#platform/environment';
import { openEventLog } from '#platform/stores';
import { type QuarantinedRecord, listQuarantine, readQuarantined } from '#projection';
import type { TallyStore } from '#read-model';

import { runCommand } from './lib/command.ts';
import { openExistingReadModel } from './lib/stores.ts';

const PROGRAM = {
  usage: 'npm run quarantine -- [list | show STREAM@REVISION]',
  about: 'Events that no fold could read, by poll; or one of them with its bytes.',
  options: {},
  operands: { least: 0, most: 2 },
} as const;

const BYTES_PER_LINE = 16;

await runCommand(PROGRAM, async ({ positionals: [action = 'list', place = ''] }) => {
  if (action !== 'list' && action !== 'show') throw new UsageError(`there is no "${action}"`);
  if ((action === 'show') !== (place !== '')) throw new UsageError('show takes STREAM@REVISION, list takes nothing');
  const environment = readEnvironment();
  const readModel = await openExistingReadModel(environment);
  if (readModel === undefined) throw new UsageError(`there are no tallies in ${environment.dataDir}`);
  try {
    const tallies = await readModel.current();
    return action === 'list' ? await list(tallies) : await show(environment, tallies, place);
  } finally {
    await readModel.close();
  }
});

async function list(tallies: TallyStore): Promise<number> {
  const polls = await listQuarantine(tallies);
  if (polls.length === 0) console.log('Nothing is in quarantine.');
  for (const { pollId, count, events } of polls) {
    const shown = events.length < count ? ` (the first ${events.length} of them)` : '';
    console.log(`Poll ${pollId}: ${count} in quarantine${shown}`);
    for (const { stream, revision, position, reason } of events)
      console.log(printable(`  ${stream}@${revision}  position ${position}: ${reason}`));
  }
  return 0;
}

async function show(environment: Environment, tallies: TallyStore, place: string): Promise<number> {
  const at = place.lastIndexOf('@');
  const log = await openEventLog(environment, 'read');
  try {
    const found = await readQuarantined(log, tallies, place.slice(0, at), place.slice(at + 1));
    if (found === undefined) console.error(`"${place}" is not one of the listed events`);
    else console.log(describe(found));
    return found === undefined ? 1 : 0;
  } finally {
    await log.close();
  }
}

function describe({ event, reason, size, text, hex }: QuarantinedRecord): string {
  const { stream, revision, position, recordedAt, id, type, version } = event;
  const bytes = hex.match(new RegExp(`.{1,${BYTES_PER_LINE * 2}}`, 'g')) ?? [];
  return [
    `${stream}@${String(revision)}  position ${String(position)}`,
    `  reason    ${reason}`,
    `  type      ${type}, version ${version}`,
    `  id        ${id}`,
    `  recorded  ${isoOf(recordedAt)}`,
    `  size      ${size} bytes`,
    ...(text === undefined ? [] : [`  text      ${JSON.stringify(text)}`]),
    ...bytes.map(
      (line, index) =>
        `  ${(index * BYTES_PER_LINE).toString(16).padStart(8, '0')}  ${line.replaceAll(/(..)/g, '$1 ').trim()}`,
    ),
  ]
    .map(printable)
    .join('\n');
}
