import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { HOUR, NOON, decided, vote } from '../domain/testing/ballot-box.ts';
import { Commitment } from './commitment.ts';
import { IN_BOX, REPLACE, Voted, WHOLE_POLL, failuresOf, found } from './testing/voted.ts';

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
    for (const { commitment, boxCommitment } of [early, late]) {
      for (const expected of [commitment, boxCommitment]) {
        expect(failuresOf(await voted.audit({ expected }))).toEqual({});
      }
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
    const { commitment, boxCommitment } = await voted.audit();
    tamper();
    expect(failuresOf(await voted.audit())).toEqual({});
    for (const expected of [commitment, boxCommitment]) {
      const failures = failuresOf(await voted.audit({ expected }));
      expect(failures).toEqual({ commitment: [found('commitment-differs', {}, { expected })] });
    }
  });

  const DECISION = 'UPDATE events SET data = CAST(replace(CAST(data AS TEXT), ?, ?) AS BLOB) WHERE type = ?';

  it.each<[what: string, tamper: () => void]>([
    [
      'names exchanged at the opening',
      () => {
        voted.tamper(DECISION, 'Aurora', 'Xis', 'PollOpened');
        voted.tamper(DECISION, 'Íris', 'Aurora', 'PollOpened');
        voted.tamper(DECISION, 'Xis', 'Íris', 'PollOpened');
      },
    ],
    [
      'a forged renaming',
      () => {
        const { data, type } = decided({
          type: 'ParticipantChanged',
          pollId: 'paredao-1',
          number: 1,
          name: 'Outra',
          changedAt: '2026-11-23T13:30:00.000Z',
          by: 'produção',
        }).content;
        // it stands between two votes of that time
        voted.tamper('UPDATE events SET revision = revision + 10 WHERE type IN (?, ?)', 'PollClosed', 'PollSealed');
        voted.tamper(
          `INSERT INTO events SELECT position + 1, (SELECT stream FROM events WHERE type = 'PollOpened'), 1, recorded_at,
           '12345678-0000-4000-8000-000000000000', ?, 1, ? FROM events ${IN_BOX}`,
          type,
          data,
          5,
        );
        voted.tamper('UPDATE events SET revision = revision - 9 WHERE type IN (?, ?)', 'PollClosed', 'PollSealed');
      },
    ],
    ['another closer', () => voted.tamper(DECISION, 'produção', 'ninguém', 'PollClosed')],
    ['another closing time', () => voted.tamper(DECISION, 'T15:00:00.000Z', 'T15:00:07.000Z', 'PollClosed')],
    ['another opener', () => voted.tamper(DECISION, 'produção', 'ninguém', 'PollOpened')],
  ])('shows %s', async (_, tamper) => {
    const { commitment, boxCommitment } = await voted.audit();
    tamper();
    expect(failuresOf(await voted.audit({ expected: commitment }))['commitment']).toEqual([
      found('commitment-differs', {}, { expected: commitment }),
    ]);
    // what the first version did not see
    expect(failuresOf(await voted.audit({ expected: boxCommitment }))).not.toHaveProperty('commitment');
  });

  it('stays the same when the poll is closed, cut and sealed, whatever comes later', async () => {
    const { commitment } = await voted.audit();
    const more = await Voted.from([...WHOLE_POLL, vote('late', 1, { castAt: NOON + 4 * HOUR })]);
    expect((await more.audit()).commitment).toBe(commitment);
    more.dispose();
  });

  it('is another one for the same events of another poll', () => {
    const events = voted.events.filter(({ stream }) => stream.startsWith('votes-'));
    const of = (pollId: string): string => {
      const commitment = new Commitment(pollId);
      for (const event of events) commitment.add(event);
      return commitment.second();
    };
    expect(of('1')).not.toBe(of('2'));
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
