import { relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';

import { root } from './project.mjs';

/** More failed suites than that are no accident of the machine, busy as it is with three at a time. */
const MOST_SUITES = 6;
/** Of a suite that failed, and of a message. */
const SHOWN_FAILURES = 5;
const SHOWN_LINES = 4;

const hasFailed = ({ status }) => status === 'failed';
const countOf = (suites, status) =>
  suites.flatMap(({ assertionResults }) => assertionResults).filter((spec) => spec.status === status).length;

/** The files of the suites to run once more, each by itself: none when so many failed that something is broken. */
export function suitesToRepeat({ testResults }) {
  const failed = testResults.filter(hasFailed).map(({ name }) => name);
  return failed.length > MOST_SUITES ? [] : failed;
}

/** A report in which the suites that were repeated stand as they ended the second time. */
export function withSecondLook(first, second) {
  const repeated = new Map(second.testResults.map((suite) => [suite.name, suite]));
  const testResults = first.testResults.map((suite) => repeated.get(suite.name) ?? suite);
  const unsteady = testResults.filter((suite) => repeated.has(suite.name) && !hasFailed(suite));
  return {
    ...first,
    testResults,
    numPassedTests: countOf(testResults, 'passed'),
    numFailedTests: countOf(testResults, 'failed'),
    numRuntimeErrorTestSuites: second.numRuntimeErrorTestSuites,
    unsteady: unsteady.map(({ name }) => relative(root, name)),
  };
}

/** The first lines of a message, without colours. */
const inShort = (message = '') =>
  stripVTControlCharacters(message).split('\n').filter(Boolean).slice(0, SHOWN_LINES).join(' ');

/** What failed, a line for each: the file, the spec and how its message begins. Whoever reads only the end of a run has all of it. */
export const linesOfFailures = ({ testResults }) =>
  testResults.filter(hasFailed).flatMap(({ name, message, assertionResults }) => {
    const file = relative(root, name);
    const failed = assertionResults.filter(hasFailed);
    if (failed.length === 0) return [`failed: ${file}: ${inShort(message)}`];
    const shown = failed.slice(0, SHOWN_FAILURES);
    const lines = shown.map((spec) => `failed: ${file} › ${spec.fullName}: ${inShort(spec.failureMessages[0])}`);
    return failed.length > shown.length ? [...lines, `failed: ${file}: ${failed.length - shown.length} more`] : lines;
  });
