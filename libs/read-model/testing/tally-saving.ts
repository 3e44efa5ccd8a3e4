import { expect, it } from '@jest/globals';

import { NO_CHECKPOINT } from '../read-model.ts';
import type { ReadModelFixture } from './fixture.ts';
import { tallyAt } from './tallies.ts';

/** One tally a poll, the one with the highest position. */
export function describeTallies(fixture: () => ReadModelFixture): void {
  it('comes back as it was, to whoever asks', async () => {
    const { one, other } = fixture();
    const tally = tallyAt('a', 12n);
    expect(await one.save(tally)).toBe(true);
    expect(await one.load('a')).toEqual(tally);
    expect(await other.load('a')).toEqual(tally);
  });

  it('comes back without its last event where an earlier version stored it', async () => {
    const { one } = fixture();
    const { position, digest, snapshot } = tallyAt('a', 12n);
    await one.save({ position, digest, snapshot });
    expect(await one.load('a')).toEqual({ position, digest, snapshot });
  });

  it('is not there before it was stored', async () => {
    const { one } = fixture();
    expect(await one.load('a')).toBeUndefined();
    expect(await one.positions()).toEqual(new Map());
    await one.save(tallyAt('a', 1n));
    expect(await one.load('A')).toBeUndefined();
  });

  it('gives way to one with a higher position', async () => {
    const { one, other } = fixture();
    for (const position of [1n, 2n, 9n, 10n, 2n ** 53n, 2n ** 53n + 1n, 2n ** 62n]) {
      expect(await one.save(tallyAt('a', position, [Number(position % 7n), 1]))).toBe(true);
      expect((await other.load('a'))?.position).toBe(position);
    }
  });

  it('stays where one with a lower position comes', async () => {
    const { one, other } = fixture();
    const tally = tallyAt('a', 10n);
    await one.save(tally);
    for (const position of [9n, 1n, 0n]) expect(await other.save(tallyAt('a', position, [99, 99]))).toBe(false);
    expect(await one.load('a')).toEqual(tally);
  });

  it('may be stored again as it is', async () => {
    const { one, other } = fixture();
    await one.save(tallyAt('a', 10n));
    expect(await one.save(tallyAt('a', 10n))).toBe(true);
    expect(await other.save(tallyAt('a', 10n))).toBe(true);
  });

  it('is in conflict with another one at the same position, and stays', async () => {
    const { one, other } = fixture();
    const tally = tallyAt('a', 10n);
    await one.save(tally);
    const conflicting = tallyAt('a', 10n, [4, 3]);
    await expect(other.save(conflicting)).rejects.toMatchObject({ code: 'tally-conflict' });
    await expect(other.save(conflicting)).rejects.toThrow(tally.digest);
    expect(await one.load('a')).toEqual(tally);
    expect(await other.save({ ...conflicting, position: 11n })).toBe(true);
  });

  it('has nothing to do with that of another poll', async () => {
    const { one } = fixture();
    const tallies = ['a', 'b', "it's", 'x.y', '$z'].map((poll, index) => tallyAt(poll, BigInt(index + 5), [index, 0]));
    for (const tally of tallies) await one.save(tally);
    await one.save(tallyAt('b', 1n));
    for (const tally of tallies) expect(await one.load(tally.snapshot.pollId)).toEqual(tally);
  });

  it('is listed with its position, to the last digit', async () => {
    const { one, other } = fixture();
    await one.save(tallyAt('a', 7n));
    await one.save(tallyAt('b', 2n ** 53n + 1n));
    await one.save(tallyAt('c', 2n ** 62n + 1n));
    await one.save(tallyAt('a', 8n));
    const positions = new Map([
      ['a', 8n],
      ['b', 2n ** 53n + 1n],
      ['c', 2n ** 62n + 1n],
    ]);
    expect(await one.positions()).toEqual(positions);
    expect(await other.positions()).toEqual(positions);
  });

  it('survives a restart', async () => {
    const { one, models, reopen } = fixture();
    const tally = tallyAt('a', 2n ** 53n + 1n);
    await one.save(tally);
    await Promise.all(models.map((model) => model.close()));
    const model = await reopen();
    const restarted = await model.current();
    expect(await restarted.load('a')).toEqual(tally);
    expect(await restarted.save(tallyAt('a', 2n ** 53n, [0, 0]))).toBe(false);
    expect(await restarted.checkpoint()).toEqual(NO_CHECKPOINT);
    await model.close();
  });
}
