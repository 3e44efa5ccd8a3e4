import { describe, expect, it, jest } from '@jest/globals';
import { randomBytes } from 'node:crypto';

import type { CastReceipt } from './cast-vote.command.ts';
import { ChallengeUsedError, UsedChallenges } from './used-challenges.ts';

const A = 'a'.repeat(32);
const B = 'b'.repeat(32);
const C = 'c'.repeat(32);

const receipt = (voteId: string, participantId = 1): CastReceipt => ({
  voteId,
  pollId: '12',
  participantId,
  castAt: 1_790_000_000_123,
  position: 2n ** 60n + 1n,
});

const LIFETIME_MS = 300_000;
/** In tables of half as many. */
const remembering = (all: number): UsedChallenges => new UsedChallenges(LIFETIME_MS, { all, table: all / 2 });

/** Keeps an answer that is there already. */
async function kept(used: UsedChallenges, id: string, participantId = 1): Promise<void> {
  const answer = Promise.resolve(receipt(id, participantId));
  used.keep(id, participantId, answer);
  await answer;
}

describe('used challenges', () => {
  it('know nothing of a new one', () => {
    expect(remembering(10).answerTo(A, 1)).toBeUndefined();
  });

  it('give the first answer again, even while it is on its way', async () => {
    const used = remembering(10);
    const { promise, resolve } = Promise.withResolvers<CastReceipt>();
    used.keep(A, 1, promise);
    const again = used.answerTo(A, 1);
    resolve(receipt(A));

    expect(await again).toEqual(receipt(A));
    expect(used.answerTo(A, 1)).toEqual(receipt(A));
  });

  it('give a receipt again as long as it is among the last ones', async () => {
    const used = new UsedChallenges(LIFETIME_MS);
    const id = (number: number): string => number.toString(16).padStart(32, '0');
    const give = async (number: number, signed: string): Promise<void> => {
      const answer = Promise.resolve({ ...receipt(id(number)), signed });
      used.keep(id(number), 1, answer);
      await answer;
    };
    const signed = async (number: number): Promise<string | undefined> => (await used.answerTo(id(number), 1))?.signed;
    await give(1, 'x'.repeat(1281));
    for (let number = 2; number <= 2 ** 14 + 2; number++) await give(number, `receipt ${String(number)}`);

    expect([await signed(1), await signed(2), await signed(3)]).toEqual([undefined, undefined, 'receipt 3']);
    expect(await signed(2 ** 14 + 2)).toBe('receipt 16386');
    expect(await used.answerTo(id(2), 1)).toEqual(receipt(id(2)));
  });

  it.each([1, 2])('refuse participant %i where the other one was voted for', async (other) => {
    const used = remembering(10);
    await kept(used, A, 3 - other);
    used.keep(B, 3 - other, new Promise(() => undefined));

    for (const id of [A, B]) expect(() => used.answerTo(id, other)).toThrow(ChallengeUsedError);
  });

  it('forget an answer that failed, so that the same challenge may be tried again, for the same participant', async () => {
    const used = remembering(10);
    const failed = Promise.reject<CastReceipt>(new Error('log away'));
    used.keep(A, 1, failed);
    await expect(used.answerTo(A, 1)).rejects.toThrow('log away');

    expect(used.answerTo(A, 1)).toBeUndefined();
    expect(() => used.answerTo(A, 2)).toThrow(ChallengeUsedError);
    await kept(used, A);
    expect(used.answerTo(A, 1)).toEqual(receipt(A));
  });

  it('forget the oldest first when there are too many', async () => {
    const used = remembering(2);
    for (const challenge of [A, B, C]) await kept(used, challenge);

    expect(used.answerTo(A, 1)).toBeUndefined();
    expect(used.answerTo(B, 1)).toEqual(receipt(B));
    expect(used.answerTo(C, 1)).toEqual(receipt(C));
  });

  it('never forget one that is on its way', async () => {
    const used = remembering(2);
    used.keep(A, 1, new Promise(() => undefined));
    for (let round = 0; round < 10; round++) await kept(used, randomBytes(16).toString('hex'));

    expect(() => used.answerTo(A, 2)).toThrow(ChallengeUsedError);
  });

  it('tell thousands apart, of which many begin alike, and remember at least half of the limit', async () => {
    const used = remembering(4096);
    const ids = Array.from({ length: 10_000 }, (_, index) => {
      const random = randomBytes(16).toString('hex');
      return index % 2 === 0 ? random : `0000000f${random.slice(8)}`;
    });
    for (const [index, id] of ids.entries()) await kept(used, id, 1 + (index % 2));

    for (const [index, id] of ids.entries()) {
      const answer = used.answerTo(id, 1 + (index % 2));
      if (index >= ids.length - 2048) expect(answer).toEqual(receipt(id, 1 + (index % 2)));
      if (index < ids.length - 4096) expect(answer).toBeUndefined();
    }
  });
});

describe('votes that stand in the ballot box', () => {
  it('are known like those that this process took', () => {
    const used = remembering(10);
    used.found(receipt(A, 2));

    expect(used.answerTo(A, 2)).toEqual(receipt(A, 2));
    expect(() => used.answerTo(A, 1)).toThrow(ChallengeUsedError);
  });

  const at = (position: bigint, participantId: number): CastReceipt => ({ ...receipt(A, participantId), position });

  it.each([
    ['before', 5n, 2],
    ['behind', 7n, 1],
  ])(
    'of two with one challenge the first counts: another instance had one %s ours',
    async (_where, position, first) => {
      const used = remembering(10);
      const { promise, resolve } = Promise.withResolvers<CastReceipt>();
      used.keep(A, 1, promise);
      // whether the other one is heard of before the answer or behind it
      for (const heard of ['early', 'late']) {
        used.found(at(position, 2));
        if (heard === 'early') resolve(at(6n, 1));
        await promise;
      }

      expect(used.answerTo(A, first)).toMatchObject({ participantId: first });
      expect(() => used.answerTo(A, 3 - first)).toThrow(ChallengeUsedError);
    },
  );

  it('say what became of a vote whose answer failed', async () => {
    const used = remembering(10);
    const failed = Promise.reject<CastReceipt>(new Error('log away'));
    used.keep(A, 1, failed);
    await expect(failed).rejects.toThrow();
    used.found(receipt(A, 1));

    expect(used.answerTo(A, 1)).toEqual(receipt(A, 1));
  });
});

describe('challenges from before the start', () => {
  const now = Date.now();

  it('are used or not, nobody knows, until the votes of that time were read; later ones are taken at once', () => {
    const used = remembering(10);
    const refused = expect.objectContaining({ code: 'log-unavailable' });
    expect(() => used.assertKnown({ issuedAt: now - 1000 })).toThrow(refused);
    used.assertKnown({ issuedAt: Date.now() });
    used.becomeComplete();
    used.assertKnown({ issuedAt: now - 1000 });
  });
});

describe('as many uses as there are', () => {
  it('are remembered as long as their challenges may live, and the memory of those before is used again', async () => {
    const clock = jest.spyOn(performance, 'now').mockReturnValue(0);
    const used = new UsedChallenges(LIFETIME_MS, { all: 1000, table: 1 });
    for (const challenge of [A, B]) await kept(used, challenge);
    clock.mockReturnValue(360_000);
    await kept(used, C);
    for (const id of [A, B, C]) expect(used.answerTo(id, 1)).toEqual(receipt(id));
    clock.mockReturnValue(360_001);
    await kept(used, 'd'.repeat(32));
    expect(used.answerTo(A, 1)).toBeUndefined();
    expect(used.answerTo(B, 1)).toEqual(receipt(B));
    clock.mockRestore();
  });
});
