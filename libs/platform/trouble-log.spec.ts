import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';

import { TroubleLog } from './trouble-log.ts';

let now = 0;
let lines: unknown[][];
let log: TroubleLog;

beforeEach(() => {
  lines = [];
  jest.spyOn(performance, 'now').mockImplementation(() => now);
  log = new TroubleLog({ warn: (...line: unknown[]) => void lines.push(line) }, 'esdb://store:2113');
});
afterEach(() => {
  jest.restoreAllMocks();
});

const REPLACED = 'the appending client was replaced';

it('says a trouble at most once a second, with how often it came', () => {
  for (let time = 0; time < 3000; time += 40) {
    now = time;
    log.report(REPLACED, new Error('away'));
  }

  // 25 a second, of which the first is told at once
  expect(lines).toEqual(
    [1, 25, 25].map((times) => [{ err: new Error('away'), times, store: 'esdb://store:2113' }, REPLACED]),
  );
});

it('tells each trouble for itself', () => {
  log.report(REPLACED, new Error('away'));
  log.report('a subscription broke and is opened again', new Error('away'));
  expect(lines).toHaveLength(2);
});
