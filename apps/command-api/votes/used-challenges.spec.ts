import { describe, expect, it } from '@jest/globals';

import { ChallengeUsedError, UsedChallenges } from './used-challenges.ts';

const A = 'a'.repeat(32);
const B = 'b'.repeat(32);
const C = 'c'.repeat(32);

describe('used challenges', () => {
  it('know nothing of a new one', () => {
    expect(new UsedChallenges(10).answerTo(A, 1)).toBeUndefined();
  });

  it('give the first answer again, even while it is on its way', async () => {
    const used = new UsedChallenges<string>(10);
    const { promise, resolve } = Promise.withResolvers<string>();
    used.keep(A, 1, promise);
    const again = used.answerTo(A, 1);
    resolve('receipt');

    expect(await again).toBe('receipt');
    expect(await used.answerTo(A, 1)).toBe('receipt');
  });

  it('refuse another participant', () => {
    const used = new UsedChallenges<string>(10);
    used.keep(A, 1, Promise.resolve('receipt'));

    expect(() => used.answerTo(A, 2)).toThrow(ChallengeUsedError);
  });

  it('forget an answer that failed, so that the same challenge may be tried again, for the same participant', async () => {
    const used = new UsedChallenges<string>(10);
    const failed = Promise.reject(new Error('log away'));
    used.keep(A, 1, failed);
    await expect(used.answerTo(A, 1)).rejects.toThrow('log away');

    expect(used.answerTo(A, 1)).toBeUndefined();
    expect(() => used.answerTo(A, 2)).toThrow(ChallengeUsedError);
    used.keep(A, 1, Promise.resolve('receipt'));
    expect(await used.answerTo(A, 1)).toBe('receipt');
  });

  it('forget the oldest first when there are too many', async () => {
    const used = new UsedChallenges<string>(2);
    for (const challenge of [A, B, C]) used.keep(challenge, 1, Promise.resolve(challenge));

    expect(used.answerTo(A, 1)).toBeUndefined();
    expect(await used.answerTo(B, 1)).toBe(B);
    expect(await used.answerTo(C, 1)).toBe(C);
  });

  it('do not forget a later use because an earlier one failed late', async () => {
    const used = new UsedChallenges<string>(1);
    const { promise, reject } = Promise.withResolvers<string>();
    used.keep(A, 1, promise);
    used.keep(B, 1, Promise.resolve('b'));
    used.keep(A, 1, Promise.resolve('second'));
    reject(new Error('late'));
    await promise.catch(() => undefined);

    expect(await used.answerTo(A, 1)).toBe('second');
  });
});
