import { expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';

import { temporaryDirectory } from '../support/server.ts';

/** Of some hundred files every module is loaded: three minutes of a core. */
const LIMIT_MS = 1_200_000;
/** Far fewer would mean that the suites are not found. */
const LEAST_SPECS = 100;
/** In the name of each suite that lacks a tool. What else is in its file is not what this is about, and takes its time. */
const LACKING = '[needs ';

interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly message: string;
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
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
    ...['--testNamePattern', RegExp.escape(LACKING), '--runTestsByPath'],
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

/** What became of the specs that lack a tool. */
const outcomesOf = ({ testResults }: Report): string[] =>
  testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ fullName }) => fullName.includes(LACKING))
    .map(({ status }) => status);

/** Of the suites in a browser, which all need the same in the same words, so many are looked at. */
const BROWSER_SUITES = 4;

const needing = readdirSync('.', { recursive: true, encoding: 'utf8' })
  .filter((path) => /^(libs|test)\/.*\.spec\.ts$/.test(path))
  .filter((path) =>
    /\b(needs\(|describe(InBrowser|OnStack|OnDoubleStack|OnMongo|OnFerretDb|With\w+)\b)/.test(
      readFileSync(path, 'utf8'),
    ),
  )
  .filter((path) => path !== 'test/tools/needs.spec.ts')
  .sort();
const inBrowser = needing.filter((path) => path.startsWith('test/browser/'));
const looked = needing.filter((path) => !inBrowser.includes(path) || inBrowser.indexOf(path) < BROWSER_SUITES);

it(
  'suites whose tools are missing are skipped, and nothing of them is run',
  () => {
    const report = onBareMachine(looked);
    const broken = report.testResults.filter(({ message }) => message !== '').map(({ message }) => message);
    expect(broken).toEqual([]);
    expect(report).toMatchObject({ numPassedTests: 0, numFailedTests: 0 });
    expect(outcomesOf(report).filter((status) => status === 'pending').length).toBeGreaterThan(LEAST_SPECS);
  },
  LIMIT_MS,
);

it(
  'in continuous integration they fail, and say what brings the tool',
  () => {
    const report = onBareMachine(['test/browser/weight.spec.ts'], { CI: 'true' });
    expect(outcomesOf(report)).toEqual(['failed']);
    expect(report.testResults[0]?.message).toMatch(/chromium: missing\. .*(chromium|npm run test:tools)/);
  },
  LIMIT_MS,
);
