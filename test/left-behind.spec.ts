import { expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';

const LIMIT_MS = 10_000;
const CODE = `
  import { run } from './scripts/lib/child.mjs';
  const { code } = await run(process.execPath, ['--eval', process.env.STARTS_ANOTHER], { ownGroup: true });
  console.log(code);`;
/** The other one lives longer than this test, and holds the pipe of whoever reads what all of them print. */
const STARTS_ANOTHER = `
  require('node:child_process').spawn(process.execPath, ['--eval', 'setTimeout(() => {}, 60_000)'], { stdio: 'inherit' });
  process.exit(3);`;

it('a phase of the tests leaves no program running for the next one', () => {
  const env = { ...process.env, STARTS_ANOTHER };
  const options = { encoding: 'utf8', env, timeout: LIMIT_MS } as const;
  const { stdout, error } = spawnSync(process.execPath, ['--input-type=module', '--eval', CODE], options);
  expect({ error, stdout: stdout.trim() }).toEqual({ error: undefined, stdout: '3' });
});
