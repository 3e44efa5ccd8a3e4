import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { IN_BOX, REPLACE, Voted, failuresOf, found } from './testing/voted.ts';

let voted: Voted;
beforeEach(async () => {
  voted = await Voted.from();
});
afterEach(() => voted.dispose());

/** A log and a read model that were both written anew say nothing of it. An earlier report does. */
describe('a commitment to the log of before', () => {
  it('holds for the log that goes on', async () => {
    const early = await voted.audit({ until: { position: voted.events[8]!.position } });
    const late = await voted.audit();
    for (const { commitment } of [early, late]) {
      expect(failuresOf(await voted.audit({ expected: commitment }))).toEqual({});
    }
    expect(early.commitment).not.toBe(late.commitment);
  });

  it.each<[what: string, tamper: () => void]>([
    [
      'a recorded time that moved by a millisecond',
      () => voted.tamper(`UPDATE events SET recorded_at = recorded_at + 1 ${IN_BOX}`, 5),
    ],
    ['an event id', () => voted.tamper(`UPDATE events SET id = '12345678-0000-4000-8000-000000000000' ${IN_BOX}`, 5)],
    [
      'two votes of the same hour swapped whole',
      () => {
        const swap = `UPDATE events SET (id, data) = (SELECT id, data FROM events ${IN_BOX}) ${IN_BOX}`;
        voted.tamper("CREATE TABLE kept AS SELECT id, data FROM events WHERE revision = 1 AND type = 'VoteCast'");
        voted.tamper(swap, 2, 1);
        voted.tamper(`UPDATE events SET (id, data) = (SELECT id, data FROM kept) ${IN_BOX}`, 2);
      },
    ],
    ['a difficulty', () => voted.tamper(REPLACE, '"difficulty":1000', '"difficulty":1001', 5)],
  ])('shows %s, which changes no count', async (_, tamper) => {
    const { commitment } = await voted.audit();
    tamper();
    expect(failuresOf(await voted.audit())).toEqual({});
    const failures = failuresOf(await voted.audit({ expected: commitment }));
    expect(failures).toEqual({ commitment: [found('commitment-differs', {}, { expected: commitment })] });
  });

  it('shows a log that is shorter now', async () => {
    const { commitment } = await voted.audit();
    voted.tamper('DELETE FROM events WHERE position > 30');
    expect(failuresOf(await voted.audit({ expected: commitment }))).toHaveProperty('commitment');
  });

  it('is refused when it is none', async () => {
    await expect(voted.audit({ expected: 'abc' })).rejects.toThrow(TypeError);
  });
});
