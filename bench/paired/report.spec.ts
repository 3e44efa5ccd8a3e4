import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';

import { type Measurement, spread } from './measurement.ts';
import { compare } from './report.ts';

const measured = (name: string, ...cpu: number[]): { name: string; rounds: Measurement[] } => ({
  name,
  rounds: cpu.map((cpuMicrosecondsPerRequest) => ({
    cpuMicrosecondsPerRequest,
    requests: 1,
    failed: 0,
    requestsPerSecond: 1,
    serverBusy: 1,
    generatorBusy: 1,
    othersBusy: 0,
    p50: 1,
    p99: 1,
  })),
});

beforeEach(() => void jest.spyOn(console, 'log').mockImplementation(() => undefined));
afterEach(() => void jest.restoreAllMocks());

describe('the comparison', () => {
  test('takes the median of the ratios of each round', () => {
    const result = compare([measured('bare', 10, 20, 10), measured('nest', 20, 20, 20), measured('vote', 20, 50, 28)]);
    expect(result).toEqual({ ratios: { bare: 2.5, nest: 1.4 }, failed: 0, passed: true });
  });

  test('fails beyond the limit', () => {
    expect(compare([measured('bare', 10), measured('vote', 30)]).passed).toBe(true);
    expect(compare([measured('bare', 10), measured('vote', 31)]).passed).toBe(false);
  });

  test('fails when a request did', () => {
    const vote = measured('vote', 10);
    const rounds = vote.rounds.map((round) => ({ ...round, failed: 1 }));
    expect(compare([measured('bare', 10), { ...vote, rounds }])).toMatchObject({ failed: 1, passed: false });
  });
});

test('spread is the median and the range', () => {
  expect(spread([3, 1, 2], 1)).toBe('2.0 (1.0–3.0)');
});
