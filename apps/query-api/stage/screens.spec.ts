import { beforeEach, describe, expect, it } from '@jest/globals';

import type { ReadModel, Screen } from '#read-model';

import { eventually } from '../../../test/support/eventually.ts';
import { ScreensInMemory } from '../../../libs/read-model/screens.ts';
import { Screens } from './screens.ts';

/** The panel is told of a screen that fell silent within this, ms. */
const TOLD_WITHIN_MS = 2000;
const A_DAY_MS = 86_400_000;

const wall = { id: '0123456789abcdef', name: 'Telão', pollId: '1', mode: 'suspense' };
let store: ScreensInMemory;

/** A query API: all of them have the same store. */
const queryApi = (): Screens => new Screens({ screens: store } as unknown as ReadModel);

async function seenBy(screens: Screens): Promise<ReturnType<Screens['list']>> {
  // the first may join one that began before
  await screens.refresh();
  await screens.refresh();
  return screens.list();
}

beforeEach(() => {
  store = new ScreensInMemory();
});

describe('the screens of the stage', () => {
  it('are seen at every instance, whichever they report to', async () => {
    const [one, other] = [queryApi(), queryApi()];
    await one.report({ ...wall, frame: '1' });
    for (const screens of [one, other]) {
      expect(await seenBy(screens)).toEqual([
        {
          tela: wall.id,
          nome: 'Telão',
          paredao: '1',
          modo: 'suspense',
          conectada: true,
          silencio_segundos: expect.any(Number),
        },
      ]);
    }
    await other.forget(wall.id);
    expect(await seenBy(one)).toEqual([]);
  });

  it('are silent when they report no more, which is noticed in time', async () => {
    const [one, other] = [queryApi(), queryApi()];
    await one.report({ ...wall, frame: '1' });
    expect((await seenBy(other))[0]?.conectada).toBe(true);
    const since = performance.now();

    const [silent] = await eventually(
      () => seenBy(other),
      ([screen]) => screen?.conectada === false,
    );
    expect(performance.now() - since).toBeLessThan(TOLD_WITHIN_MS);
    expect(silent!.silencio_segundos).toBeGreaterThan(1);
  });

  it('are silent when they go on to show the same frame', async () => {
    const screens = queryApi();
    const reportsFrame = (frame: string) => async (): Promise<boolean> => {
      await screens.report({ ...wall, frame });
      return (await seenBy(screens))[0]?.conectada ?? false;
    };
    expect(await reportsFrame('1')()).toBe(true);
    await eventually(reportsFrame('1'), (isConnected) => !isConnected);
    expect(await reportsFrame('2')()).toBe(true);
  });

  it('are as old as their report says to an instance that has just begun, and no clock of another host matters later', async () => {
    const yesterday: Screen = { ...wall, frame: '1', at: Date.now() - 60_000 };
    await store.report(yesterday);
    const screens = queryApi();
    expect(await seenBy(screens)).toMatchObject([{ conectada: false, silencio_segundos: 60 }]);
    await store.report({ ...yesterday, frame: '2' });
    expect(await seenBy(screens)).toMatchObject([{ conectada: true }]);
    await store.report({ ...yesterday, frame: '3', at: Date.now() + A_DAY_MS });
    expect(await seenBy(screens)).toMatchObject([{ conectada: true }]);
  });

  it('are forgotten in the end', async () => {
    await store.report({ ...wall, frame: '1', at: Date.now() - A_DAY_MS });
    expect(await seenBy(queryApi())).toEqual([]);
    expect(await store.all()).toEqual([]);
  });

  it('fall silent where nobody can read what they say', async () => {
    const screens = queryApi();
    await screens.report({ ...wall, frame: '1' });
    expect(await seenBy(screens)).toMatchObject([{ conectada: true }]);
    store.all = () => Promise.reject(new Error('away'));
    await eventually(
      () => seenBy(screens),
      ([screen]) => screen?.conectada === false,
    );
  });
});
