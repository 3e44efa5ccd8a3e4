import { expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';

import { temporaryDirectory } from '../support/server.ts';

const LIMIT_MS = 300_000;
/** What is run beside the specs that are skipped is not what this is about, and takes its time. */
const SLOW = /faults|audit-temporary/;

interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly message: string;
    readonly assertionResults: readonly { readonly title: string }[];
  }[];
}

/** Runs specs where there is Node and nothing else. */
function onBareMachine(files: readonly string[], env: Readonly<Record<string, string>> = {}): Report {
  const folder = temporaryDirectory();
  const [bin, cache, output] = ['bin', 'cache', 'report.json'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  mkdirSync(bin);
  symlinkSync(process.execPath, join(bin, 'node'));
  const args = [
    '--experimental-vm-modules',
    '--no-warnings',
    'node_modules/jest/bin/jest.js',
    '--runTestsByPath',
    ...files,
  ];
  const { stderr } = spawnSync(process.execPath, [...args, '--runInBand', '--json', '--outputFile', output], {
    encoding: 'utf8',
    timeout: LIMIT_MS,
    env: { PATH: bin, XDG_CACHE_HOME: cache, LC_ALL: 'C', TZ: 'Pacific/Kiritimati', ...env },
  });
  try {
    return JSON.parse(readFileSync(output, 'utf8')) as Report;
  } catch {
    throw new Error(stderr);
  }
}

const needing = readdirSync('.', { recursive: true, encoding: 'utf8' })
  .filter((path) => /^(libs|test)\/.*\.spec\.ts$/.test(path) && !SLOW.test(path))
  .filter((path) =>
    /\b(needs\(|describe(InBrowser|OnStack|OnDoubleStack|OnMongo|OnFerretDb|With\w+)\b)/.test(
      readFileSync(path, 'utf8'),
    ),
  )
  .filter((path) => path !== 'test/tools/needs.spec.ts');

it(
  'suites whose tools are missing are skipped, and nothing of them is run',
  () => {
    const report = onBareMachine(needing);
    const broken = report.testResults.filter(({ message }) => message !== '').map(({ message }) => message);
    expect(broken).toEqual([]);
    expect(report).toMatchObject({ numFailedTests: 0 });
    expect(report.numPendingTests).toBeGreaterThan(150);
  },
  LIMIT_MS,
);

it(
  'in continuous integration they fail, and say what brings the tool',
  () => {
    const { numPendingTests, numFailedTests, testResults } = onBareMachine(['test/browser/weight.spec.ts'], {
      CI: 'true',
    });
    expect({ numPendingTests, numFailedTests }).toEqual({ numPendingTests: 0, numFailedTests: 1 });
    expect(testResults[0]?.message).toMatch(/chromium: missing\. .*(chromium|npm run test:tools)/);
  },
  LIMIT_MS,
);
