import Sequencer from '@jest/test-sequencer';

/**
 * Suites of minutes, the longest first. Jest knows how long a suite takes when it has run before; on a clean checkout it goes by the size of its file,
 * and the last one would run on by itself.
 */
const LONGEST = [
  'tools/needs',
  'test/disclosure',
  'test/arguments',
  'browser/stage',
  'browser/participants',
  'browser/receipts',
  'browser/accessibility',
].map((part) => `${part}.spec.ts`);

const rankOf = ({ path }) => {
  const rank = LONGEST.findIndex((one) => path.endsWith(one));
  return rank < 0 ? LONGEST.length : rank;
};

/** The order in which jest starts suites. */
export default class LongestFirst extends Sequencer {
  sort(tests) {
    return super.sort(tests).toSorted((a, b) => rankOf(a) - rankOf(b));
  }
}
