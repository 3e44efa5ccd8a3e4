import { isoTime } from '#domain';
import { type Environment, readEnvironment } from '#platform/environment';
import { openEventLog, openReadModel } from '#platform/stores';
import { type RebuildProgress, rebuild } from '#projection';
import type { ReadModel } from '#read-model';

import { runCommand } from './lib/command.ts';
import { Progress } from './lib/progress.ts';
import { dropUnused } from './rebuild/drop.ts';
import { describeDifference, describeResult } from './rebuild/report.ts';

const PROGRAM = {
  usage: 'npm run rebuild -- [options]',
  about: `Folds the log into a new version of the read model beside the active one, while votes go on; compares the two, switches,
and keeps the new one up to date until a projector does.`,
  options: {
    'accept-differences': {
      type: 'boolean',
      help: 'switches although the new version counts otherwise: after a repair',
    },
    list: { type: 'boolean', help: 'only shows the versions that there are' },
    drop: { type: 'boolean', help: 'only deletes the versions that are not in use' },
  },
} as const;

await runCommand(PROGRAM, async ({ values }) => {
  const environment = readEnvironment();
  const readModel = await openReadModel(environment);
  try {
    if (values.list === true) return await list(readModel);
    if (values.drop === true) return await dropUnused(readModel, console.log);
    return await run(environment, readModel, values['accept-differences'] === true);
  } finally {
    await readModel.close();
  }
});

/** @returns the exit code: 0 when the new version is in use */
async function run(environment: Environment, readModel: ReadModel, acceptDifferences: boolean): Promise<number> {
  const log = await openEventLog(environment, 'read');
  const interrupted = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interrupted.abort());
  const progress = new Progress();
  try {
    const onProgress = ({ events, position, head }: RebuildProgress): void =>
      // positions are places in the log, not numbers of events, but they grow with them
      progress.update(events, head === 0n ? 1 : Number(position) / Number(head));
    const result = await rebuild(log, readModel, { signal: interrupted.signal, acceptDifferences, onProgress });
    progress.end('rebuilt');
    for (const difference of result.differences) console.log(describeDifference(difference));
    console.log(describeResult(result));
    return result.switched && result.handedOver ? 0 : 1;
  } catch (error) {
    if (!interrupted.signal.aborted) throw error;
    console.error('Interrupted. The active version is as it was.');
    return 1;
  } finally {
    await log.close();
  }
}

async function list(readModel: ReadModel): Promise<number> {
  for (const { version, isActive, checkpoint } of await readModel.versions()) {
    const written = checkpoint.at === 0 ? 'never written' : `written ${isoTime(checkpoint.at)}`;
    console.log(`${isActive ? '*' : ' '} ${version}  position ${String(checkpoint.position)}, ${written}`);
  }
  return 0;
}
