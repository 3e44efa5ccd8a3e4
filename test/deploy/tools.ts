import { describe } from '@jest/globals';
import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** Where scripts/install-deploy-tools.sh puts them; seen from the project's top folder, where every script works. */
const VENV = join(process.env['XDG_CACHE_HOME'] ?? resolve('node_modules/.cache'), 'paredao', 'venv');
const BIN = join(VENV, 'bin');

const areInstalled = existsSync(join(VENV, 'stamp'));

/** Suites that need the tools (`scripts/install-deploy-tools.sh`). Skipped without them, but never in CI. */
export const describeWithTools = areInstalled || process.env['CI'] === 'true' ? describe : describe.skip;
if (!areInstalled)
  console.warn('run scripts/install-deploy-tools.sh: without it its suites are skipped (failing in CI)');

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
