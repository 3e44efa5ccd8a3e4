import { describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';

type Suite = readonly [file: string, ...specs: ('passed' | 'failed')[]];

/** A report of jest, as far as it is read. A suite without specs could not run. */
const report = (...suites: readonly Suite[]): object => ({
  numRuntimeErrorTestSuites: suites.filter((suite) => suite.length === 1).length,
  testResults: suites.map(([name, ...specs]) => ({
    name,
    status: specs.length === 0 || specs.includes('failed') ? 'failed' : 'passed',
    assertionResults: specs.map((status) => ({ status })),
  })),
});

/** What the script makes of what is given: jest has no `import.meta`, so a process of its own asks it. */
function ofSecondLook<T>(expression: string, given: unknown): T {
  const code = `
    import { linesOfFailures, suitesToRepeat, withSecondLook } from './scripts/lib/second-look.mjs';
    const given = JSON.parse(process.env.GIVEN);
    console.log(JSON.stringify(${expression}));`;
  const env = { ...process.env, GIVEN: JSON.stringify(given) };
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '--eval', code], { encoding: 'utf8', env });
  return JSON.parse(stdout) as T;
}

/** What is repeated after a run, and what it makes with a second one. */
const seen = (first: object, second: object): { suites: string[]; merged: Record<string, unknown> } =>
  ofSecondLook('{ suites: suitesToRepeat(given[0]), merged: withSecondLook(given[0], given[1]) }', [first, second]);

const inRoot = (file: string): string => `${process.cwd()}/${file}`;

describe('suites that failed', () => {
  it('are repeated, and stand as they ended then: those that passed are named', () => {
    const first = report(
      [inRoot('a'), 'passed'],
      [inRoot('b'), 'failed', 'passed'],
      [inRoot('c')],
      [inRoot('d'), 'failed'],
    );
    const second = report([inRoot('b'), 'passed', 'passed'], [inRoot('c'), 'passed'], [inRoot('d'), 'failed']);
    const { suites, merged } = seen(first, second);

    expect(suites).toEqual(['b', 'c', 'd'].map(inRoot));
    expect(merged).toMatchObject({ numPassedTests: 4, numFailedTests: 1, numRuntimeErrorTestSuites: 0 });
    expect(merged['unsteady']).toEqual(['b', 'c']);
  });

  it('are failures still when they cannot run the second time either', () => {
    const { merged } = seen(report([inRoot('a')]), report([inRoot('a')]));

    expect(merged).toMatchObject({ numPassedTests: 0, numRuntimeErrorTestSuites: 1, unsteady: [] });
  });

  it('are told in a line each, the first of a suite and how many more, or why the suite could not run', () => {
    const message = '\u001b[31mError\u001b[39m: no\n\n  Expected: 1\n  Received: 2\n  at a line\n  at another';
    const specs = Array.from('abcdefg', (fullName) => ({ status: 'failed', fullName, failureMessages: [message] }));
    const testResults = [
      { name: inRoot('a'), status: 'failed', assertionResults: [...specs, { status: 'passed', fullName: 'h' }] },
      { name: inRoot('b'), status: 'failed', message: 'no such module', assertionResults: [] },
      { name: inRoot('c'), status: 'passed', assertionResults: [] },
    ];

    const lines = ofSecondLook<string[]>('linesOfFailures(given)', { testResults });
    expect(lines).toHaveLength(7);
    expect(lines[0]).toBe('failed: a › a: Error: no   Expected: 1   Received: 2   at a line');
    expect(lines.slice(-2)).toEqual(['failed: a: 2 more', 'failed: b: no such module']);
  });

  it('are not repeated where so many failed that something is broken', () => {
    const broken = report(...Array.from('abcdefg', (file) => [file, 'failed'] as const));

    expect(seen(broken, broken).suites).toEqual([]);
  });
});
