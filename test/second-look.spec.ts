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

/** What the scripts make of a run, and of a second one of what failed. */
function seen(first: object, second: object): { suites: string[]; merged: Record<string, unknown> } {
  const code = `
    import { suitesToRepeat, withSecondLook } from './scripts/lib/second-look.mjs';
    const [first, second] = JSON.parse(process.env.REPORTS);
    console.log(JSON.stringify({ suites: suitesToRepeat(first), merged: withSecondLook(first, second) }));`;
  const env = { ...process.env, REPORTS: JSON.stringify([first, second]) };
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '--eval', code], { encoding: 'utf8', env });
  return JSON.parse(stdout) as ReturnType<typeof seen>;
}

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

  it('are not repeated where so many failed that something is broken', () => {
    const broken = report(...Array.from('abcdefg', (file) => [file, 'failed'] as const));

    expect(seen(broken, broken).suites).toEqual([]);
  });
});
