import { relative } from 'node:path';

import { root } from './project.mjs';

/** More failed suites than that are no accident of the machine, busy as it is with three at a time. */
const MOST_SUITES = 6;

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
