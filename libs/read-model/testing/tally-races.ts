import { expect, it } from '@jest/globals';

import type { ReadModelFixture } from './fixture.ts';
import { tallyAt } from './tallies.ts';

/** Projectors that write at the same time, through clients of their own. */
export function describeRaces(fixture: () => ReadModelFixture): void {
  /** 0 … 59, not in order, and always the same. */
  const SHUFFLED = Array.from({ length: 60 }, (_, index) => BigInt((index * 37) % 60));

  it('ends as the one with the highest position, whatever the order', async () => {
    const { one, other } = fixture();
    const saves = SHUFFLED.map((position, index) =>
      (index % 2 ? one : other).save(tallyAt('a', position, [Number(position), 0])),
    );
    const stored = await Promise.all(saves);
    expect(stored[SHUFFLED.indexOf(59n)]).toBe(true);
    expect(await one.load('a')).toEqual(tallyAt('a', 59n, [59, 0]));
  });

  it('is never seen to go back', async () => {
    const { one, other } = fixture();
    let [writing, last] = [true, -1n];
    const watching = (async () => {
      while (writing) {
        const position = (await other.load('a'))?.position ?? -1n;
        expect(position).toBeGreaterThanOrEqual(last);
        last = position;
        await new Promise(setImmediate);
      }
    })();
    for (const position of SHUFFLED) {
      await one.save(tallyAt('a', position));
      await new Promise(setImmediate);
    }
    writing = false;
    await watching;
    expect((await other.load('a'))?.position).toBe(59n);
  });

  it('is stored by one of two projectors that agree, and both are content', async () => {
    const { one, other } = fixture();
    const both = [one, other].map((model) => model.save(tallyAt('a', 5n)));
    expect(await Promise.all(both)).toEqual([true, true]);
  });

  it('is stored by one of two projectors that do not agree, and the other one hears of it', async () => {
    const { one, other } = fixture();
    const both = [one, other].map((model, index) => model.save(tallyAt('a', 5n, [index, 1])));
    const outcomes = await Promise.allSettled(both);
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect(outcomes.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'tally-conflict' } });
    const winner = outcomes.findIndex(({ status }) => status === 'fulfilled');
    expect((await one.load('a'))?.snapshot.votes).toEqual([winner, 1]);
  });
}
