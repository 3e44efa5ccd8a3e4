import { expect, it } from '@jest/globals';

import { TALLY_FORMAT } from '#domain';

import { NO_CHECKPOINT } from '../read-model.ts';
import type { ReadModelFixture } from './fixture.ts';
import { tallyAt } from './tallies.ts';

const FIRST = `${TALLY_FORMAT}-0`;
const NEXT = `${TALLY_FORMAT}-1`;

/** Versions beside each other, and the pointer to the one that is used. */
export function describeVersions(fixture: () => ReadModelFixture): void {
  it('are one, without anybody having made it', async () => {
    const [model] = fixture().models;
    expect(await model.active()).toBe(FIRST);
    expect((await model.current()).version).toBe(FIRST);
    expect(await model.versions()).toEqual([]);
    await fixture().one.saveCheckpoint({ ...NO_CHECKPOINT, position: 7n });
    expect(await model.versions()).toEqual([
      { version: FIRST, isActive: true, checkpoint: { ...NO_CHECKPOINT, position: 7n } },
    ]);
  });

  it('have nothing to do with each other', async () => {
    const {
      one,
      models: [model, second],
    } = fixture();
    await one.save(tallyAt('a', 9n));
    await one.saveCheckpoint({ ...NO_CHECKPOINT, position: 9n });
    const version = await model.create();
    const rebuilt = second.tallies(version);
    expect([version, rebuilt.version]).toEqual([NEXT, NEXT]);
    expect(await rebuilt.load('a')).toBeUndefined();
    expect(await rebuilt.checkpoint()).toMatchObject({ position: 0n });
    expect(await rebuilt.save(tallyAt('a', 5n, [1, 1]))).toBe(true);
    await rebuilt.saveCheckpoint({ ...NO_CHECKPOINT, position: 5n });
    expect(await one.load('a')).toEqual(tallyAt('a', 9n));
    expect(await rebuilt.positions()).toEqual(new Map([['a', 5n]]));
    expect((await model.versions()).map((state) => [state.version, state.isActive, state.checkpoint.position])).toEqual(
      [
        [FIRST, true, 9n],
        [NEXT, false, 5n],
      ],
    );
  });

  it('are switched at once for everybody, and back', async () => {
    const [model, other] = fixture().models;
    const version = await model.create();
    expect(await model.activate(version, FIRST)).toBe(true);
    expect([await model.active(), await other.active()]).toEqual([version, version]);
    expect(await other.activate(FIRST, version)).toBe(true);
    expect(await model.active()).toBe(FIRST);
    expect(await model.activate(version, FIRST)).toBe(true);
    expect(await other.active()).toBe(version);
  });

  it('are switched only away from the one that the caller knows, and a repeated call is no other one', async () => {
    const [model, other] = fixture().models;
    const [first, second] = [await model.create(), await other.create()];
    expect(await model.activate(first, FIRST)).toBe(true);
    expect(await other.activate(second, FIRST)).toBe(false);
    expect(await other.active()).toBe(first);
    expect(await model.activate(first, FIRST)).toBe(true);
    expect(await other.activate(second, first)).toBe(true);
    expect(await model.active()).toBe(second);
  });

  it('are won by one of those who switch at the same time', async () => {
    const { models, reopen } = fixture();
    const racers = [...models, await reopen(), await reopen()];
    const versions = await Promise.all(racers.map((model) => model.create()));
    expect(new Set(versions).size).toBe(racers.length);
    const outcomes = await Promise.all(racers.map((model, index) => model.activate(versions[index]!, FIRST)));
    expect(outcomes.filter(Boolean)).toHaveLength(1);
    expect(await models[0].active()).toBe(versions[outcomes.indexOf(true)]);
    for (const racer of racers.slice(2)) await racer.close();
  });

  it('of another format have a pointer of their own', async () => {
    const { models, reopen } = fixture();
    const release = await reopen(TALLY_FORMAT + 1);
    const version = await release.create();
    expect(version).toBe(`${TALLY_FORMAT + 1}-1`);
    expect(await release.activate(version, await release.active())).toBe(true);
    expect(await models[0].active()).toBe(FIRST);
    await models[0].create();
    expect((await release.versions()).map((state) => [state.version, state.isActive])).toEqual([
      [NEXT, false],
      [version, true],
    ]);
    await release.close();
  });

  it('are dropped whole, but not the active one', async () => {
    const {
      one,
      models: [model],
    } = fixture();
    await one.save(tallyAt('a', 9n));
    await one.saveCheckpoint({ ...NO_CHECKPOINT, position: 9n });
    await expect(model.drop(FIRST)).rejects.toMatchObject({ code: 'version-active' });
    const version = await model.create();
    await model.tallies(version).save(tallyAt('a', 9n));
    await model.activate(version, FIRST);
    await model.drop(FIRST);
    expect(await one.load('a')).toBeUndefined();
    expect((await model.versions()).map((state) => state.version)).toEqual([version]);
    expect(await model.tallies(version).load('a')).toEqual(tallyAt('a', 9n));
    // a name is not used again while the version it names exists
    expect(await model.create()).toBe(`${TALLY_FORMAT}-2`);
  });
}
