import { expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';

import { needs } from './tools/needs.ts';

const LIMIT_MS = 900_000;

/** What stands on Node most: its SQLite, its HTTP server, its workers, its streams; and a whole service. */
const SPECS = [
  ...['libs/event-log/sqlite', 'libs/read-model/sqlite', 'libs/platform/bootstrap', 'libs/audit/(recount|commitment)'],
  ...['libs/domain/tally/tally-replay', 'apps/cli', 'test/http-contract.spec', 'test/photos'],
];

needs('oldest-node')('the oldest Node that is accepted', () => {
  it(
    'runs a part of the specs',
    () => {
      const { stdout: program } = spawnSync(process.execPath, ['scripts/install-oldest-node.mjs'], {
        encoding: 'utf8',
      });
      const args = [
        '--experimental-vm-modules',
        '--no-warnings',
        'node_modules/jest/bin/jest.js',
        '--maxWorkers=2',
        ...SPECS,
      ];
      const { status, stderr } = spawnSync(program.trim(), args, {
        encoding: 'utf8',
        timeout: LIMIT_MS,
        maxBuffer: 1e8,
      });
      console.log(stderr.slice(-500));
      const failures = stderr.match(/^(FAIL| +●) .*/gm);
      expect({ status, failures }).toEqual({ status: 0, failures: null });
    },
    LIMIT_MS,
  );
});
