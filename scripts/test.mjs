import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';

import { bootstrap, understood } from './lib/bootstrap.mjs';
import { buildWhenStale } from './lib/build.mjs';
import { run } from './lib/child.mjs';
import { fromRoot, readJson, toolPath } from './lib/project.mjs';
import { metRealServer } from './lib/real-server.mjs';
import { linesOfFailures, suitesToRepeat, withSecondLook } from './lib/second-look.mjs';
import { tableOfSkipped } from './lib/skipped.mjs';

const PROGRAM = {
  usage: 'npm test -- [arguments of jest]',
  about: `Every check, the build, the fast specs beside the code, then the end-to-end specs in test/, those that load the machine last
and one by one. With arguments it builds and hands them to jest: npm test -- libs/domain
A suite that fails is run once more by itself; one that passes then is listed as unsteady.
TEST_MINUTES: after so many all has to be over. What loads the machine (22 minutes) and the containers (40) are left out when they would not be,
and that is said.
It ends with what was skipped for want of a tool, and what brings it. Exit code 1: something failed; where CI=true, also when a
tool is missing.`,
  options: {},
};

/** Specs that take minutes, most of which they wait: two of them have the cores for themselves. */
const LONG = 'test/(fuzz-api|oldest-node)\\.spec';
/** Specs that load the machine, or say how long something takes: each has the cores for itself. */
const ALONE =
  'test/(distributed/|observability/queries|secrecy/|(attack|chaos|clock-votes|crash|dev|faults|lateness|login-attack|rebuild)\\.spec)';
/** The whole stack on a container engine: the last, since it takes longest, and has to be left out where time is short. */
const CONTAINERS = 'test/containers/';
const TWO_AT_A_TIME = '--maxWorkers=2';
/** End to end, much of the time is spent waiting: for a timer, a browser, a poll's last votes. */
const THREE_AT_A_TIME = '--maxWorkers=3';
/** `minutes`: so long it may take on a slow machine. */
const PHASES = [
  { name: 'unit and contract', roots: ['libs', 'apps', 'web', 'bench'], args: [TWO_AT_A_TIME] },
  { name: 'end to end', roots: ['test'], args: [THREE_AT_A_TIME, '--testPathIgnorePatterns', LONG, ALONE, CONTAINERS] },
  { name: 'long', roots: ['test'], args: [TWO_AT_A_TIME, '--testPathPatterns', LONG] },
  { name: 'under load', roots: ['test'], args: ['--runInBand', '--testPathPatterns', ALONE], minutes: 22 },
  { name: 'containers', roots: ['test'], args: ['--runInBand', '--testPathPatterns', CONTAINERS], minutes: 40 },
];

/** More than any phase takes on the slowest machine it was tried on; what hangs shall not keep the others from being run. */
const PHASE_LIMIT_MS = 60 * 60_000;

/** A step that is no test counts only when it fails. */
const step = (name, passed) => ({ name, passed: 0, failed: passed ? 0 : 1, skipped: 0 });

const totals = ({ passed, failed, skipped }) =>
  `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;

/** Runs jest and reads its report; none, where it came to no end. */
async function runJest(name, args) {
  const file = fromRoot('dist', 'test-results', `${name.replaceAll(' ', '-')}.json`);
  mkdirSync(dirname(file), { recursive: true });
  rmSync(file, { force: true });
  // Nest is made of ES modules; with this flag jest can `require` them.
  const node = ['--experimental-vm-modules', '--no-warnings', toolPath('jest')];
  // --forceExit: a program that a failed suite leaves behind holds a pipe open, and jest would wait for it for ever.
  // ownGroup: nor shall it run on beside the next phase.
  const { code } = await run(process.execPath, [...node, ...args, '--forceExit', '--json', '--outputFile', file], {
    timeout: PHASE_LIMIT_MS,
    killSignal: 'SIGKILL',
    ownGroup: true,
  });
  return { code, report: readJson(file) };
}

/** What failed while others ran beside it is looked at again by itself, and said. */
async function runTwice(name, args) {
  const first = await runJest(name, args);
  const suites = first.report ? suitesToRepeat(first.report) : [];
  if (suites.length === 0) return first;
  console.log(`\n── ${name}: once more, what failed ──`);
  const again = await runJest(`${name} again`, ['--runInBand', '--runTestsByPath', ...suites]);
  return again.report ? { code: again.code, report: withSecondLook(first.report, again.report) } : first;
}

async function phase({ name, roots, args }) {
  console.log(`\n── ${name} ──`);
  const start = performance.now();
  const existing = roots.filter((folder) => existsSync(fromRoot(folder)));
  const selection = existing.flatMap((folder) => ['--roots', folder]);
  const { code, report } = await runTwice(name, [...selection, ...args]);
  const seconds = Math.round((performance.now() - start) / 1000);
  if (!report) return { ...step(name, false), seconds };
  const { numPassedTests: passed, numPendingTests: pending, numTodoTests: todo } = report;
  // A suite that could not run has no failed test, and a run may fail for another reason still.
  const failed = report.numFailedTests + report.numRuntimeErrorTestSuites;
  return { name, passed, failed: Math.max(failed, code === 0 ? 0 : 1), skipped: pending + todo, report, seconds };
}

/** Minutes that all of it may take, where somebody ends it then. */
const BUDGET_MINUTES = Number(process.env.TEST_MINUTES ?? Infinity);

const hasTimeFor = ({ minutes = 0 }) => performance.now() / 60_000 + minutes < BUDGET_MINUTES;

const leftOut = ({ name }) => ({
  ...step(`${name}: left out, no time is left for it (TEST_MINUTES)`, true),
  skipped: 1,
});

async function summarize(results) {
  const sum = (key) => results.reduce((total, result) => total + result[key], 0);
  console.log('');
  for (const result of results) {
    const counts = result.passed > 0 ? `: ${totals(result)}` : '';
    const time = result.seconds === undefined ? '' : `, ${result.seconds} s`;
    console.log(`${result.failed === 0 ? '✓' : '✗'} ${result.name}${counts}${time}`);
    if (result.report) for (const line of linesOfFailures(result.report)) console.log(`  ${line}`);
    for (const file of result.report?.unsteady ?? []) console.log(`  unsteady: ${file} failed, and passed by itself`);
  }
  await tellSkipped(results.map(({ report }) => report));
  console.log(totals({ passed: sum('passed'), failed: sum('failed'), skipped: sum('skipped') }));
}

async function tellSkipped(reports) {
  const table = await tableOfSkipped(reports.filter(Boolean));
  for (const text of [table, metRealServer(reports.filter(Boolean))]) if (text) console.log(`\n${text}\n`);
}

const isBuilt = () =>
  buildWhenStale().then(
    () => true,
    (error) => {
      console.error(error.message);
      return false;
    },
  );

async function testAll() {
  console.log('── checks ──');
  const checks = await run(process.execPath, [fromRoot('scripts', 'check.mjs')]);
  const results = [step('checks', checks.code === 0), step('build', await isBuilt())];
  for (const one of PHASES) results.push(hasTimeFor(one) ? await phase(one) : leftOut(one));
  await summarize(results);
  return results.every(({ failed }) => failed === 0);
}

async function testSome(args) {
  const built = await isBuilt();
  const { code, report } = await runJest('some', args);
  await tellSkipped([report]);
  return built && code === 0;
}

await bootstrap(undefined, async (args) => {
  // a script of package.json may come with arguments of jest
  if (args.includes('--help') || args.includes('-h')) return understood(PROGRAM, ['--help']);
  const passed = await (args.length === 0 ? testAll() : testSome(args));
  if (!passed) process.exitCode = 1;
});
