import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { join } from 'node:path';

import { needs } from '../tools/needs.ts';
import { CACHE } from '../tools/tools.ts';

/** Where scripts/install-deploy-tools.sh puts them. */
const BIN = join(CACHE, 'venv', 'bin');

/** Suites that need them. */
export const describeWithTools = needs('deploy-tools');

/** Starting Python on a busy machine takes its time. */
export const SLOW = 120_000;

/** Runs one of the tools, its Python first in the path, and returns what came of it. */
export function run(
  tool: string,
  args: readonly string[],
  options: { readonly cwd?: string; readonly input?: string; readonly env?: Readonly<Record<string, string>> } = {},
): SpawnSyncReturns<string> {
  const env = { ...process.env, PATH: `${BIN}:${process.env['PATH'] ?? ''}`, NO_COLOR: '1', ...options.env };
  return spawnSync(join(BIN, tool), args, { ...options, env, encoding: 'utf8', maxBuffer: 1e8 });
}
