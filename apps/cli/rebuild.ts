import { parseArgs } from 'node:util';

import { exit, openEventLog, openReadModel, readEnvironment } from '#platform';
import { rebuild } from '#projection';
import type { ReadModel } from '#read-model';

import { dropUnused } from './rebuild/drop.ts';
import { ProgressLine } from './rebuild/progress-line.ts';
import { describeDifference, describeResult } from './rebuild/report.ts';

const USAGE = `npm run rebuild [-- options]

Folds the whole log into a new version of the read model beside the active one, while votes go on; compares the two,
switches, and keeps the new one up to date until a projector has taken over.

  --accept-differences  switch although the new version counts otherwise: after a repair
  --list                only show the versions that there are
  --drop                only delete the versions that nobody uses
`;

const OPTIONS = {
  'accept-differences': { type: 'boolean' },
  list: { type: 'boolean' },
  drop: { type: 'boolean' },
  help: { type: 'boolean' },
} as const;

/** `npm run rebuild`. The exit code is 0 when the read model is as it was asked to be. */
async function main(): Promise<number> {
  const { values } = parseArgs({ options: OPTIONS });
  if (values.help === true) {
    console.log(USAGE);
    return 0;
  }
  const environment = readEnvironment();
  const readModel = await openReadModel(environment);
  try {
    if (values.list === true) return await list(readModel);
    if (values.drop === true) return await dropUnused(readModel, console.log);
    return await run(readModel, values['accept-differences'] === true);
  } finally {
    await readModel.close();
  }
}

async function run(readModel: ReadModel, acceptDifferences: boolean): Promise<number> {
  const log = await openEventLog(readEnvironment(), 'read');
  const interrupted = new AbortController();
  process.once('SIGINT', () => interrupted.abort(new Error('interrupted: the active version is as it was')));
  process.once('SIGTERM', () => interrupted.abort(new Error('interrupted: the active version is as it was')));
  const line = new ProgressLine(process.stderr);
  try {
    const onProgress = line.show.bind(line);
    const result = await rebuild(log, readModel, { signal: interrupted.signal, acceptDifferences, onProgress });
    line.end();
    for (const difference of result.differences) console.log(describeDifference(difference));
    console.log(describeResult(result));
    return result.switched && result.handedOver ? 0 : 1;
  } finally {
    line.end();
    await log.close();
  }
}

async function list(readModel: ReadModel): Promise<number> {
  for (const { version, isActive, checkpoint } of await readModel.versions()) {
    const written = checkpoint.at === 0 ? 'never written' : `written ${new Date(checkpoint.at).toISOString()}`;
    console.log(`${isActive ? '*' : ' '} ${version}  position ${String(checkpoint.position)}, ${written}`);
  }
  return 0;
}

await main().then(exit, (error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  exit(1);
});
