import { expect, it } from '@jest/globals';

import { type Checkpoint, NO_CHECKPOINT } from '../read-model.ts';
import type { ReadModelFixture } from './fixture.ts';

const at = (position: bigint, change: Partial<Checkpoint> = {}): Checkpoint => ({
  position,
  clock: 1_795_471_200_000,
  at: 1_795_471_200_123,
  lagSeconds: 0.25,
  ...change,
});

/** How far a projector is: never less far than it was said before. */
export function describeCheckpoints(fixture: () => ReadModelFixture): void {
  it('is at the beginning before one was stored', async () => {
    expect(await fixture().one.checkpoint()).toEqual(NO_CHECKPOINT);
  });

  it('comes back as it was, to whoever asks', async () => {
    const { one, other } = fixture();
    for (const checkpoint of [
      at(5n),
      at(6n, { lagSeconds: 0, last: { stream: 'votes-1', revision: '7', id: 'an id' } }),
      at(2n ** 53n + 1n, { lagSeconds: 12.345 }),
    ]) {
      await one.saveCheckpoint(checkpoint);
      expect(await one.checkpoint()).toEqual(checkpoint);
      expect(await other.checkpoint()).toEqual(checkpoint);
    }
  });

  it('does not go back, neither in part', async () => {
    const { one, other } = fixture();
    await one.saveCheckpoint(at(10n));
    await other.saveCheckpoint(at(9n, { clock: 1_900_000_000_000, at: 1_900_000_000_000, lagSeconds: 9 }));
    expect(await one.checkpoint()).toEqual(at(10n));
  });

  it('is renewed at the same position: the projector is alive, there is only nothing to do', async () => {
    const { one } = fixture();
    await one.saveCheckpoint(at(10n));
    const renewed = at(10n, { at: 1_795_471_201_000, lagSeconds: 0 });
    await one.saveCheckpoint(renewed);
    expect(await one.checkpoint()).toEqual(renewed);
  });

  it('ends at the highest position, whatever the order', async () => {
    const { one, other } = fixture();
    const positions = Array.from({ length: 40 }, (_, index) => BigInt((index * 17) % 40));
    await Promise.all(positions.map((position, index) => (index % 2 ? one : other).saveCheckpoint(at(position))));
    expect(await one.checkpoint()).toEqual(at(39n));
  });

  it('survives a restart', async () => {
    const { one, models, reopen } = fixture();
    await one.saveCheckpoint(at(2n ** 62n + 1n));
    await Promise.all(models.map((model) => model.close()));
    const model = await reopen();
    const restarted = await model.current();
    expect(await restarted.checkpoint()).toEqual(at(2n ** 62n + 1n));
    await restarted.saveCheckpoint(at(2n ** 62n));
    expect((await restarted.checkpoint()).position).toBe(2n ** 62n + 1n);
    await model.close();
  });
}
