import { TALLY_FORMAT } from '#domain';
import { beatingVersions } from '#projection';
import { type ReadModel, type VersionState, parseVersion } from '#read-model';

/** Projectors and rebuilds write a heartbeat every second; a version without one while we look for this long, ms, is not in use. */
const SILENT_MS = 10_000;

/**
 * Deletes every unused version of this format and of older ones: not the active one, and none that is written to.
 * Those of a newer format are for a release to come.
 */
export async function dropUnused(
  readModel: ReadModel,
  say: (line: string) => void,
  silentMs = SILENT_MS,
): Promise<number> {
  const isUnused = (state: VersionState): boolean => reasonToKeep(state) === undefined;
  // only where there may be something to drop
  const mayDrop = (await readModel.versions()).some(isUnused);
  const beating = mayDrop ? await beatingVersions(readModel, silentMs) : new Set<string>();
  for (const state of await readModel.versions()) {
    const reason = reasonToKeep(state, beating);
    if (reason === undefined) await readModel.drop(state.version);
    say(`${state.version}: ${reason === undefined ? 'dropped' : `kept, ${reason}`}`);
  }
  return 0;
}

function reasonToKeep({ version, isActive }: VersionState, beating?: ReadonlySet<string>): string | undefined {
  if (isActive) return 'it is active';
  if ((parseVersion(version)?.format ?? 0) > TALLY_FORMAT) return 'it is of a newer release';
  return beating?.has(version) === true ? 'somebody writes to it' : undefined;
}
