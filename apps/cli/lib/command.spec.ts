import { expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

import { runTypeScript } from '../../../test/eventstoredb-double/fixtures.ts';

const COMMAND = join(import.meta.dirname, 'command.ts');

/** Runs a command of one line in a process of its own. */
function run(work: string): { status: number | null; stderr: string } {
  const [node, ...flags] = runTypeScript('--input-type=module-typescript');
  const code = `import { runCommand } from '${COMMAND}'; await runCommand({ usage: 'USAGE', about: '', options: {} }, async () => { ${work} });`;
  return spawnSync(node, [...flags, '--eval', code], { encoding: 'utf8', timeout: 30_000 });
}

it('ends with what a command returns', () => {
  expect(run('return 1')).toMatchObject({ status: 1, stderr: '' });
});

it.each([
  ['throws', "throw Object.assign(new Error('overtaken'), { code: 'rebuild-overtaken' })"],
  [
    'throws where nobody waits',
    "setTimeout(() => { throw Object.assign(new Error('overtaken'), { code: 'rebuild-overtaken' }) }); await new Promise(() => setInterval(() => {}, 1000))",
  ],
  [
    'leaves a rejection behind',
    "void Promise.reject(Object.assign(new Error('overtaken'), { code: 'rebuild-overtaken' })); await new Promise((resolve) => setTimeout(resolve, 1000)); return 0",
  ],
])('ends with 2 and one line when it %s: 1 is said of results', (_how, work) => {
  expect(run(work)).toMatchObject({ status: 2, stderr: 'overtaken\n' });
});
