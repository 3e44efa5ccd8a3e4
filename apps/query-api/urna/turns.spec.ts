import { describe, expect, it } from '@jest/globals';

import { Turns } from './turns.ts';

describe('turns', () => {
  it('let so many work at a time, and others wait, in their order', async () => {
    const turns = new Turns({ atATime: 2, waiting: 10 });
    const gates = Array.from({ length: 5 }, () => Promise.withResolvers<void>());
    const begun: number[] = [];
    const all = gates.map(({ promise }, at) =>
      turns.take(async () => {
        begun.push(at);
        await promise;
        return at;
      }),
    );
    expect(begun).toEqual([0, 1]);
    gates[1]!.resolve();
    await all[1];
    await Promise.resolve();

    expect(begun).toEqual([0, 1, 2]);
    for (const { resolve } of gates) resolve();
    expect(await Promise.all(all)).toEqual([0, 1, 2, 3, 4]);
    expect(begun).toEqual([0, 1, 2, 3, 4]);
  });

  it('refuse whoever is too many, and go on after what failed', async () => {
    const turns = new Turns({ atATime: 1, waiting: 1 });
    const gate = Promise.withResolvers<never>();
    const first = turns.take(() => gate.promise);
    const second = turns.take(async () => 'second');

    await expect(turns.take(async () => 'third')).rejects.toMatchObject({ code: 'urna-busy' });
    gate.reject(new Error('broken'));
    await expect(first).rejects.toThrow('broken');
    expect(await second).toBe('second');
    expect(await turns.take(async () => 'later')).toBe('later');
  });
});
