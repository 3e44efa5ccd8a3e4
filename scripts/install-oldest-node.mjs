/**
 * Installs the oldest Node that is accepted, for test/oldest-node.spec.ts, unless it is there. Prints where.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { CACHE } from '../test/tools/tools.ts';
import { run } from './lib/child.mjs';
import { OLDEST, PROGRAM, nodePackage } from './lib/node24.mjs';
import { readJson } from './lib/project.mjs';

const folder = join(CACHE, 'oldest-node');
const installed = join(folder, 'node_modules', nodePackage);

if (readJson(join(installed, 'package.json'))?.version.replace('v', '') !== OLDEST) {
  const args = ['install', '--prefix', folder, '--no-save', '--no-package-lock', '--force', `${nodePackage}@${OLDEST}`];
  const { code } = await run('npm', [...args, '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: '/',
    stdio: ['ignore', process.stderr, 'inherit'],
  });
  process.exitCode = code;
}
const program = join(installed, ...PROGRAM);
if (existsSync(program)) console.log(program);
else process.exitCode ||= 1;
