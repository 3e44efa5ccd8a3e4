import { expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { freePort } from './support/server.ts';

const run = promisify(execFile);
const LIMIT_MS = 180_000;
const CHAOS = 'dist/bench/chaos.js';

/** Exit code and what it printed. */
const chaos = (...options: string[]): Promise<{ code: number; output: string }> =>
  run(process.execPath, [CHAOS, ...options], { timeout: LIMIT_MS }).then(
    ({ stdout }) => ({ code: 0, output: stdout }),
    (error: unknown) => {
      const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
      return { code, output: stdout + stderr };
    },
  );

it(
  'provokes each failure, sees it, and sees the service recover',
  async () => {
    const { code, output } = await chaos('--port', String(await freePort()), '--seconds', '6', '--pause', '1');
    expect([code, output]).toEqual([0, expect.stringContaining('PASS')]);
    expect(output.match(/^\d\/3 .*/gm)).toHaveLength(3);
    expect(output.match(/; seen$/gm)).toHaveLength(3);
    expect(output).toMatch(/queue-full \d+/);
    expect(output).toMatch(/connection-lost \d+/);
    expect(output).toMatch(/acknowledged votes counts once: true/);
  },
  LIMIT_MS,
);

it('explains itself when it is told nonsense, and touches nothing', async () => {
  for (const options of [['--rate', 'x'], ['--url', 'http://127.0.0.1:3000'], ['--data-dir', 'data'], ['--what']]) {
    const { code, output } = await chaos(...options);
    expect([options, code, output]).toEqual([options, 2, expect.stringContaining('npm run chaos')]);
  }
});
