import { expect, it } from '@jest/globals';

import { MAX_SCREENS, type Screen } from '../screens.ts';
import type { ReadModelFixture } from './fixture.ts';

const screen = (id: string, frame: string, name = 'Telão'): Screen => ({
  ...{ id, name, pollId: '7', mode: 'parcial', frame },
  at: Date.parse('2026-11-23T22:00:00.000Z'),
});

/** Who reported last what it shows. */
export function describeScreens(fixture: () => ReadModelFixture): void {
  it('are none before any of them reported', async () => {
    expect(await fixture().models[0].screens.all()).toEqual([]);
  });

  it('are known by what each of them said last, until it is forgotten', async () => {
    const [{ screens }] = fixture().models;
    await screens.report(screen('a', '1'));
    await screens.report(screen('b', '1', 'Estúdio'));
    await screens.report(screen('a', '2'));
    const known = (await screens.all()).toSorted((one, other) => (one.id < other.id ? -1 : 1));
    expect(known).toEqual([screen('a', '2'), screen('b', '1', 'Estúdio')]);
    await screens.forget('a');
    await screens.forget('nobody');
    expect(await screens.all()).toEqual([screen('b', '1', 'Estúdio')]);
  });

  it('are not kept without limit: those that were heard of last are', async () => {
    const [{ screens }] = fixture().models;
    const ids = Array.from({ length: MAX_SCREENS + 3 }, (_, index) => String(index));
    await Promise.all(ids.slice(0, 4).map((id) => screens.report({ ...screen(id, '1'), at: 0 })));
    for (const id of ids.slice(4)) await screens.report({ ...screen(id, '1'), at: Number(id) });
    const known = (await screens.all()).map(({ id }) => id);
    expect(known).toHaveLength(MAX_SCREENS);
    expect(known).toEqual(expect.arrayContaining(ids.slice(4)));
  });

  it('may report for the first time twice at once', async () => {
    const [{ screens }] = fixture().models;
    await Promise.all(Array.from({ length: 8 }, () => screens.report(screen('a', '1'))));
    expect(await screens.all()).toEqual([screen('a', '1')]);
  });
}
