import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';

import { Readiness } from './readiness.ts';

const outcomes = (readiness: Readiness): Promise<[string, string][]> =>
  Promise.all(
    readiness.checks().map(async ([name, check]) => {
      const outcome = await check().then(
        () => 'up',
        (error: unknown) => (error as Error).message,
      );
      return [name, outcome] as [string, string];
    }),
  );

describe('readiness', () => {
  let readiness: Readiness;

  beforeEach(() => {
    jest.useFakeTimers();
    readiness = new Readiness();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it('is asked of every part of the service by name', async () => {
    readiness.add('log', () => Promise.resolve());
    readiness.add('polls', () => Promise.reject(new Error('not read yet')));

    expect(await outcomes(readiness)).toEqual([
      ['log', 'up'],
      ['polls', 'not read yet'],
    ]);
  });

  it('does not wait for a part that never answers', async () => {
    readiness.add('log', () => new Promise(() => {}));
    const asked = outcomes(readiness);
    await jest.advanceTimersByTimeAsync(1000);

    expect(await asked).toEqual([['log', 'no answer in 1000 ms']]);
  });

  it('leaves no timer behind', async () => {
    readiness.add('log', () => Promise.resolve());
    await outcomes(readiness);

    expect(jest.getTimerCount()).toBe(0);
  });

  it('survives a part that fails after its time', async () => {
    readiness.add('log', () => new Promise((_, reject) => setTimeout(() => reject(new Error('too late')), 5000)));
    const asked = outcomes(readiness);
    await jest.advanceTimersByTimeAsync(6000);

    expect(await asked).toEqual([['log', 'no answer in 1000 ms']]);
  });

  it('says when the process is ending', () => {
    expect(readiness.isEnding).toBe(false);
    readiness.endWork();
    expect(readiness.isEnding).toBe(true);
  });
});
