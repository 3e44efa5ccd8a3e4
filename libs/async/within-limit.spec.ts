import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';

import { withinLimit } from './within-limit.ts';

const late = (limitMs: number): Error => new Error(`more than ${String(limitMs)} ms`);

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

describe('work within a limit', () => {
  it('gives its result or its error, and leaves no timer behind', async () => {
    expect(await withinLimit(Promise.resolve(7), 1000, late)).toBe(7);
    await expect(withinLimit(Promise.reject(new Error('broken')), 1000, late)).rejects.toThrow('broken');

    expect(jest.getTimerCount()).toBe(0);
  });

  it('is given up when the time is up, and may then fail unheard', async () => {
    const { promise: work, reject } = Promise.withResolvers<number>();
    const outcome = withinLimit(work, 1000, late).catch((error: unknown) => (error as Error).message);
    await jest.advanceTimersByTimeAsync(1000);

    expect(await outcome).toBe('more than 1000 ms');
    reject(new Error('nobody hears it'));
    await jest.advanceTimersByTimeAsync(0);
  });
});
