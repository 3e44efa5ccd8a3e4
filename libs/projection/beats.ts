import { setTimeout as delay } from 'node:timers/promises';

import type { ReadModel } from '#read-model';

const LOOK_MS = 200;

/**
 * Which versions somebody keeps up to date, by heartbeats that are written while this looks: their times are those of other hosts, whose clocks
 * may be set otherwise.
 * @param limitMs how long to look: heartbeats come once a second
 * @param isEnough ends it earlier
 * @throws ReadModelUnavailableError
 */
export async function beatingVersions(
  readModel: ReadModel,
  limitMs: number,
  isEnough = (_beating: ReadonlySet<string>): boolean => false,
): Promise<ReadonlySet<string>> {
  const limit = performance.now() + limitMs;
  const first = await beats(readModel);
  const beating = new Set<string>();
  while (performance.now() < limit && !isEnough(beating)) {
    await delay(LOOK_MS);
    for (const [version, at] of await beats(readModel)) if (first.get(version) !== at) beating.add(version);
  }
  return beating;
}

const beats = async (readModel: ReadModel): Promise<Map<string, number>> =>
  new Map((await readModel.versions()).map(({ version, checkpoint }) => [version, checkpoint.at]));
