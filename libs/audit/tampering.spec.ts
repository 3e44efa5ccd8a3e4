import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { HOUR, voteIdOf } from '../domain/testing/ballot-box.ts';
import { BOX, CUT, DUPLICATE, EXPIRED, IN_BOX, LATE, REPLACE, Voted, failuresOf, found } from './testing/voted.ts';

/** Who can write to the files of a service changes something there. Every audit but the first must name it. */
let voted: Voted;
beforeEach(async () => {
  voted = await Voted.from();
});
afterEach(() => voted.dispose());

describe('the log as it is', () => {
  it('agrees with everything', async () => {
    const report = await voted.audit();
    expect(failuresOf(report)).toEqual({});
    expect(report).toMatchObject({ agrees: true, poll: { status: 'sealed' }, partial: false });
    expect(report.counts).toEqual({
      events: 16,
      revision: '15',
      votes: [8, 4],
      hours: { '2026-11-23T12': [2, 2], '2026-11-23T13': [3, 1], '2026-11-23T14': [3, 1] },
      duplicates: 1,
      late: 1,
      expired: 1,
      quarantined: 0,
      cuts: 1,
      openings: 0,
      cut: String(CUT),
    });
    expect(report.checks.map(({ id, outcome }) => `${id} ${outcome}`)).toEqual([
      'source inapplicable',
      'polls ok',
      'order ok',
      'ids ok',
      'bytes ok',
      'times ok',
      'box inapplicable',
      'closing ok',
      'repeats ok',
      'evidence inapplicable',
      'sums ok',
      'independent ok',
      'read-model ok',
      'published skipped',
      'announced skipped',
      'commitment skipped',
      'sign-off inapplicable',
    ]);
  });

  it('is read as it was at any position and time', async () => {
    const { events } = voted;
    const sixth = events.findIndex(({ stream, revision }) => stream === BOX && revision === 5n);
    for (const until of [{ position: events[sixth]!.position }, { time: events[sixth]!.recordedAt }]) {
      const report = await voted.audit({ until });
      expect(report.counts).toMatchObject({ revision: '5', votes: [4, 2] });
      expect(report).toMatchObject({ partial: true, agrees: true, poll: { status: 'open' } });
      expect(report.checks.find(({ id }) => id === 'read-model')).toMatchObject({ outcome: 'skipped' });
    }
  });
});

describe('the log in a SQLite file', () => {
  it.each<[what: string, tamper: () => void, check: string, named: ReturnType<typeof found>]>([
    [
      'a vote removed',
      () => voted.tamper(`DELETE FROM events ${IN_BOX}`, 5),
      'order',
      found('missing-revisions', { stream: BOX, revision: '5', lastRevision: '5' }),
    ],
    [
      'a vote removed and the gap closed',
      () => {
        voted.tamper(`DELETE FROM events ${IN_BOX}`, LATE);
        voted.tamperTally(`UPDATE version_tallies SET position = position`);
      },
      'read-model',
      found('tally-differs', { part: 'revision' }, { expected: '14', actual: '15' }),
    ],
    [
      'the end cut off',
      () => voted.tamper('DELETE FROM events WHERE position > 30'),
      'read-model',
      found('tally-differs', { participant: 1 }, { expected: 6, actual: 8 }),
    ],
    [
      'a vote added',
      () =>
        voted.tamper(
          `INSERT INTO events SELECT max(position) + 1, stream, max(revision) + 1, recorded_at, id, type, version, data
           FROM events ${IN_BOX.replace('revision = ?', 'revision >= ?')}`,
          0,
        ),
      'read-model',
      found('tally-differs', { part: 'revision' }, { expected: '16', actual: '15' }),
    ],
    [
      'the participant of a vote changed',
      () => voted.tamper(REPLACE, '"participantId":1', '"participantId":2', 1),
      'read-model',
      found('tally-differs', { participant: 1 }, { expected: 7, actual: 8 }),
    ],
    [
      'a participant that does not exist',
      () => voted.tamper(REPLACE, '"participantId":1', '"participantId":3', 1),
      'bytes',
      found('quarantined', { stream: BOX, revision: '1' }, { actual: 'unknown-participant' }),
    ],
    [
      'a vote moved to another hour',
      () => voted.tamper(REPLACE, 'T13:00', 'T14:00', 4),
      'times',
      found(
        'impossible-times',
        { revision: '4' },
        { actual: expect.objectContaining({ castAt: '2026-11-23T14:00:00.000Z' }) },
      ),
    ],
    [
      'a vote moved to another hour with its challenge',
      () =>
        voted.tamper(
          REPLACE.replace('replace(', 'replace(replace(').replace('?, ?)', `?, ?), 'T13:05', 'T14:05')`),
          'T13:00',
          'T14:00',
          4,
        ),
      'times',
      found(
        'impossible-times',
        { revision: '4' },
        { actual: expect.objectContaining({ castAt: '2026-11-23T14:00:00.000Z' }) },
      ),
    ],
    [
      'white space',
      () => voted.tamper(REPLACE, ',"castAt"', ', "castAt"', 6),
      'bytes',
      found('quarantined', { revision: '6' }, { actual: 'not-canonical' }),
    ],
    [
      'a field more',
      () => voted.tamper(REPLACE, '}}', '},"by":"x"}', 6),
      'bytes',
      found('quarantined', { revision: '6' }, { actual: 'not-canonical' }),
    ],
    [
      'another type',
      () => voted.tamper(`UPDATE events SET type = 'VoteMoved' ${IN_BOX}`, 6),
      'bytes',
      found('quarantined', { revision: '6' }, { actual: 'unknown-event' }),
    ],
    [
      'another version',
      () => voted.tamper(`UPDATE events SET version = 3 ${IN_BOX}`, 6),
      'bytes',
      found('quarantined', { revision: '6' }),
    ],
    [
      'an event id that is none',
      () => voted.tamper(`UPDATE events SET id = 'x' ${IN_BOX}`, 6),
      'ids',
      found('invalid-event-id', { revision: '6' }, { actual: 'x' }),
    ],
    [
      'two events of one id',
      () => voted.tamper(`UPDATE events SET id = (SELECT id FROM events ${IN_BOX}) ${IN_BOX}`, 5, 6),
      'ids',
      found('repeated-event-id', { stream: BOX, revision: '6' }, { actual: '5' }),
    ],
    [
      'two decisions of one id',
      () =>
        voted.tamper(
          "UPDATE events SET id = (SELECT id FROM events WHERE type = 'PollOpened') WHERE type = 'PollClosed'",
        ),
      'ids',
      found('repeated-event-id', { stream: 'poll-paredao-1', revision: '1' }),
    ],
    [
      'the id of a vote changed, so that it counts twice',
      () => voted.tamper(REPLACE, voteIdOf('v11'), voteIdOf('v99'), DUPLICATE),
      'read-model',
      found('tally-differs', { part: 'duplicates' }, { expected: 0, actual: 1 }),
    ],
    [
      'a vote made to look like one that was counted',
      () => voted.tamper(REPLACE, voteIdOf('v5'), voteIdOf('v4'), 5),
      'read-model',
      found('tally-differs', { part: 'duplicates' }, { expected: 2, actual: 1 }),
    ],
    [
      'a later recorded time',
      () => voted.tamper(`UPDATE events SET recorded_at = recorded_at + ${HOUR} ${IN_BOX}`, 5),
      'order',
      found(
        'recorded-earlier',
        { revision: '6' },
        { expected: '2026-11-23T14:01:01.000Z', actual: '2026-11-23T13:02:01.000Z' },
      ),
    ],
    [
      'an earlier recorded time, so that an expired vote counts',
      () => voted.tamper(`UPDATE events SET recorded_at = recorded_at - ${HOUR / 10} ${IN_BOX}`, EXPIRED),
      'read-model',
      found('tally-differs', { part: 'expired' }, { expected: 0, actual: 1 }),
    ],
    [
      'two votes swapped in the order',
      () => {
        voted.tamper(`UPDATE events SET revision = -1 ${IN_BOX}`, 5);
        voted.tamper(`UPDATE events SET revision = 5 ${IN_BOX}`, 6);
        voted.tamper(`UPDATE events SET revision = 6 ${IN_BOX}`, -1);
      },
      'order',
      found('position-out-of-order', { revision: '6' }),
    ],
    [
      'the cut removed',
      () => voted.tamper(`DELETE FROM events ${IN_BOX}`, CUT),
      'closing',
      found('seal-without-cut', { stream: BOX, revision: '14' }),
    ],
    [
      'the cut removed, so that a late vote counts',
      () => voted.tamper(`DELETE FROM events ${IN_BOX}`, CUT),
      'read-model',
      found('tally-differs', { part: 'late' }, { expected: 0, actual: 1 }),
    ],
    [
      'the cut moved behind a late vote',
      () => {
        voted.tamper(`UPDATE events SET revision = -1 ${IN_BOX}`, CUT);
        voted.tamper(`UPDATE events SET revision = 14 ${IN_BOX}`, LATE);
        voted.tamper(`UPDATE events SET revision = 15 ${IN_BOX}`, -1);
      },
      'closing',
      found('seal-without-cut', { stream: BOX, revision: '14' }),
    ],
    [
      'a cut put in while the poll was open',
      () =>
        voted.tamper(
          `UPDATE events SET type = 'BallotBoxClosed', data = (SELECT data FROM events WHERE type = 'BallotBoxClosed') ${IN_BOX}`,
          8,
        ),
      'closing',
      found(
        'cut-out-of-state',
        { revision: '8' },
        { expected: ['closed'], actual: { type: 'BallotBoxClosed', state: 'open' } },
      ),
    ],
    [
      'the closing of another poll',
      () => voted.tamper(REPLACE, 'paredao-1', 'paredao-2', CUT),
      'bytes',
      found('not-canonical', { revision: '14' }, { actual: 'BallotBoxClosed' }),
    ],
    [
      'a decision that is not canonical',
      () =>
        voted.tamper(
          `UPDATE events SET data = CAST(replace(CAST(data AS TEXT), '","by"', '" ,"by"') AS BLOB) WHERE type = 'PollClosed'`,
        ),
      'bytes',
      found('not-canonical', { stream: 'poll-paredao-1', revision: '1' }, { actual: 'PollClosed' }),
    ],
    [
      'a poll that was never closed',
      () => voted.tamper(`DELETE FROM events WHERE type = 'PollClosed'`),
      'closing',
      found('cut-out-of-state', { revision: '14' }),
    ],
    [
      'a poll that was never opened',
      () => voted.tamper(`DELETE FROM events WHERE type = 'PollOpened'`),
      'closing',
      found('vote-before-opening', { revision: '0' }),
    ],
  ])('with %s is found', async (_, tamper, check, named) => {
    tamper();
    const report = await voted.audit();
    expect(report.agrees).toBe(false);
    expect(failuresOf(report)[check]).toContainEqual(named);
    // both recounts read the same log: whatever was done to it, they agree
    expect(failuresOf(report)).not.toHaveProperty('independent');
  });
});
