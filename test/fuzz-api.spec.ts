import { expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';

import { needs } from './tools/needs.ts';

const LIMIT_MS = 1_320_000;

needs('schemathesis', 'bc')('schemathesis', () => {
  it(
    'finds no answer that the APIs do not describe',
    () => {
      const { status, stdout, stderr } = spawnSync('bash', ['scripts/fuzz-api.sh'], {
        encoding: 'utf8',
        timeout: LIMIT_MS,
      });
      console.log(stdout);
      expect({ status, stderr }).toMatchObject({ status: 0 });
    },
    LIMIT_MS,
  );
});
