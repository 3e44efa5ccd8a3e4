import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import type { TallySnapshot } from '#domain';
import { digestOf } from '#read-model';

import { Voted, failuresOf, found } from './testing/voted.ts';

/** Who can write to the read model changes something there. */
let voted: Voted;
beforeEach(async () => {
  voted = await Voted.from();
});
afterEach(() => voted.dispose());

/** Changes the stored tally as somebody would who knows how a digest is made. */
function changeTally(change: (snapshot: TallySnapshot) => Partial<TallySnapshot>): void {
  const snapshot = { ...stored, ...change(stored) };
  const sql = 'UPDATE version_tallies SET snapshot = ?, digest = ?';
  voted.tamperTally(sql, JSON.stringify(snapshot), digestOf(snapshot));
}

let stored: TallySnapshot;
describe('the read model', () => {
  beforeEach(async () => {
    stored = await voted.storedTally();
  });

  it.each<[string, (snapshot: TallySnapshot) => Partial<TallySnapshot>, ReturnType<typeof found>]>([
    [
      'a count',
      ({ votes: [one = 0, two = 0] }) => ({ votes: [one + 1, two] }),
      found('tally-differs', { participant: 1, part: 'votes' }, { expected: 8, actual: 9 }),
    ],
    [
      'votes that changed sides',
      ({ votes: [one = 0, two = 0] }) => ({ votes: [one - 1, two + 1] }),
      found('tally-differs', { participant: 2 }, { actual: 5 }),
    ],
    [
      'an hour',
      ({ hours }) => ({ hours: { ...hours, '2026-11-23T12': [3, 1] } }),
      found('tally-differs', { hour: '2026-11-23T12' }, { expected: [2, 2], actual: [3, 1] }),
    ],
    [
      'a duplicate counted twice',
      ({ votes: [one = 0, two = 0] }) => ({ votes: [one + 1, two], duplicates: 0 }),
      found('tally-differs', { part: 'duplicates' }, { actual: 0 }),
    ],
    [
      'a late vote counted',
      ({ votes: [one = 0, two = 0] }) => ({ votes: [one, two + 1], late: 0 }),
      found('tally-differs', { part: 'late' }, { actual: 0 }),
    ],
    [
      'an expired vote counted',
      ({ votes: [one = 0, two = 0] }) => ({ votes: [one + 1, two], expired: 0 }),
      found('tally-differs', { part: 'expired' }, { actual: 0 }),
    ],
    ['the cut', () => ({ cut: '99' }), found('tally-differs', { part: 'cut' }, { actual: '99' })],
    ['the last revision', () => ({ revision: '99' }), found('tally-differs', { part: 'revision' }, { actual: '99' })],
    [
      'something quarantined',
      () => ({ quarantined: 1 }),
      found('tally-differs', { part: 'quarantined' }, { expected: 0, actual: 1 }),
    ],
    [
      'a name',
      ({ poll }) => ({ poll: { ...poll!, title: 'Quem fica?' } }),
      found('tally-differs', { part: 'poll' }, { actual: expect.objectContaining({ title: 'Quem fica?' }) }),
    ],
    [
      'a minute',
      ({ minutes }) => ({ minutes: { ...minutes, '2026-11-23T14:00': [7, 7] } }),
      found('tally-differs', { part: 'minutes' }),
    ],
  ])('with %s changed is found', async (_, change, named) => {
    changeTally(change);
    const failures = failuresOf(await voted.audit());
    expect(Object.keys(failures)).toEqual(['read-model']);
    expect(failures['read-model']).toContainEqual(named);
  });

  it('with a digest of its own is found', async () => {
    voted.tamperTally('UPDATE version_tallies SET digest = ?', '0'.repeat(64));
    expect(failuresOf(await voted.audit())['read-model']).toEqual([found('tally-digest-differs')]);
  });

  it('that lost its tally is found', async () => {
    voted.tamperTally('DELETE FROM version_tallies');
    expect(failuresOf(await voted.audit())['read-model']).toEqual([found('no-tally', { poll: 'paredao-1' })]);
  });
});
