import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';

import { beforeAll, describe, expect, it } from '@jest/globals';

const ROOT = resolve(__dirname, '..');

/** Jest cannot import the linter's configuration, an ES module: another process lints, by the rules that need no types. */
const LINT = `
  import { ESLint } from 'eslint';
  const rules = /^(project\\/import-boundaries|no-restricted-(imports|properties|globals|syntax))$/;
  const eslint = new ESLint({
    ruleFilter: ({ ruleId }) => rules.test(ruleId),
    overrideConfig: { files: ['**/*.ts'], languageOptions: { parserOptions: { projectService: false } } },
  });
  const verdicts = await Promise.all(JSON.parse(process.argv[1]).map(async ([filePath, code]) => {
    const [{ messages }] = await eslint.lintText(code, { filePath });
    return messages.map(({ message }) => message).join(' ');
  }));
  console.log(JSON.stringify(verdicts));
`;

const DOMAIN = 'The domain imports nothing outside itself.';
const PURE = 'The domain is pure';
const STORE = 'Only adapters';
const ENVIRONMENT = 'Only libs/platform reads the environment.';
const LIBRARY = 'A library must not import an application.';
const OTHER_LIBRARY = 'This library does not stand on that one';
const APPLICATION = 'An application must not import another';
const INSIDE = 'Another library is imported by its #name';

/** Where, what, and the beginning of the refusal; none where it is allowed. */
const CASES: readonly (readonly [file: string, code: string, refusal?: string])[] = [
  ['libs/domain/a.ts', `import { readFileSync } from 'node:fs';`, DOMAIN],
  ['libs/domain/a.ts', `import { Injectable } from '@nestjs/common';`, DOMAIN],
  ['libs/domain/a.ts', `import type { EventLog } from '#event-log';`, DOMAIN],
  ['libs/domain/a.ts', `export * from '../event-log/event-log.ts';`, DOMAIN],
  ['libs/domain/a.ts', `export const later = import('rxjs');`, DOMAIN],
  ['libs/domain/a.ts', `export type Later = import('rxjs').Subject<void>;`, DOMAIN],
  ['libs/domain/a.ts', `import log = require('rxjs');`, DOMAIN],
  ['libs/domain/a.ts', `export const sql = process.getBuiltinModule('node:sqlite');`, DOMAIN],
  ['libs/domain/a.spec.ts', `import { Subject } from 'rxjs';`, DOMAIN],
  ['libs/domain/a.ts', `export const now = Date.now();`, PURE],
  ['libs/domain/a.ts', `export const now = new Date();`, PURE],
  ['libs/domain/a.ts', `setTimeout(() => {}, 1);`, PURE],
  ['libs/domain/a.ts', `import { Tally } from './tally.ts';`],
  ['libs/domain/a.spec.ts', `import { it } from '@jest/globals'; import { join } from 'node:path';`],
  ['libs/domain/testing/given.ts', `import { strict } from 'node:assert'; import { decide } from '../poll.ts';`],

  ['apps/query-api/a.ts', `import { DatabaseSync } from 'node:sqlite';`, STORE],
  ['libs/event-log/a.ts', `import { DatabaseSync } from 'node:sqlite';`, STORE],
  ['libs/platform/sqlite/a.ts', `import { DatabaseSync } from 'node:sqlite';`, STORE],
  ['libs/read-model/a.ts', `import { Schema } from 'mongoose';`, STORE],
  ['apps/projector/a.ts', `import { EventStoreDBClient } from '@eventstore/db-client';`, STORE],
  ['libs/event-log/sqlite/a.ts', `import { DatabaseSync } from 'node:sqlite';`],
  ['libs/event-log/eventstoredb/a.ts', `import { EventStoreDBClient } from '@eventstore/db-client';`],
  ['libs/read-model/mongo/a.ts', `import { Schema } from 'mongoose';`],
  ['libs/audit/a.ts', `import { DatabaseSync } from 'node:sqlite';`, STORE],
  ['libs/audit/sqlite/a.ts', `import { DatabaseSync } from 'node:sqlite';`],
  ['libs/witness/a.ts', `import { DatabaseSync } from 'node:sqlite';`, STORE],
  ['libs/witness/sqlite/a.ts', `import { DatabaseSync } from 'node:sqlite';`],

  ['apps/query-api/a.ts', `export const port = process.env['PORT'];`, ENVIRONMENT],
  ['libs/human-check/a.ts', `export const { env } = process;`, ENVIRONMENT],
  ['libs/event-log/a.ts', `import { env } from 'node:process';`, ENVIRONMENT],
  ['libs/platform/a.ts', `export const port = process.env['PORT'];`],
  ['bench/a.ts', `export const port = process.env['PORT'];`],

  ['libs/platform/a.ts', `import { AppModule } from '../../apps/query-api/app.module.ts';`, LIBRARY],
  ['libs/event-log/a.ts', `import { Environment } from '#platform';`, OTHER_LIBRARY],
  ['libs/read-model/a.ts', `import { EventLog } from '../event-log/event-log.ts';`, OTHER_LIBRARY],
  ['libs/projection/a.ts', `import { EventLog } from '#event-log';`],
  ['libs/event-log/a.spec.ts', `import { Environment } from '#platform';`],
  ['apps/query-api/a.ts', `import { GroupCommit } from '../command-api/votes/group-commit.ts';`, APPLICATION],
  ['apps/query-api/a.ts', `import { Tally } from '../../libs/domain/tally.ts';`, INSIDE],
  ['libs/read-model/a.ts', `import { Tally } from '../domain/tally.ts';`, INSIDE],
  ['apps/standalone/a.ts', `import { CommandModule } from '../command-api/command-api.module.ts';`],
  ['apps/query-api/a.ts', `import { Tally } from '#domain'; import { View } from './totals/view.ts';`],
];

describe('the linter keeps the layout', () => {
  let verdicts: readonly string[] = [];

  beforeAll(() => {
    const input = JSON.stringify(CASES);
    const output = execFileSync(process.execPath, ['--input-type=module', '--eval', LINT, input], { cwd: ROOT });
    verdicts = JSON.parse(output.toString()) as string[];
  });

  it.each(CASES.map(([file, code, refusal], index) => ({ file, code, refusal, index })))(
    '$file: $code',
    ({ refusal, index }) => {
      if (refusal === undefined) expect(verdicts[index]).toBe('');
      else expect(verdicts[index]).toContain(refusal);
    },
  );
});
