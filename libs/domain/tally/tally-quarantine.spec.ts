import { describe, expect, it, test } from '@jest/globals';

import { type EventContent, encodeVoteCast, pollStream } from '../index.ts';
import { type Entry, NOON, POLL_ID, cut, record, strange, vote, voteIdOf } from '../testing/ballot-box.ts';
import { given, tallyOf } from '../testing/tally-specification.ts';

const castByNine = encodeVoteCast({
  voteId: voteIdOf('n'),
  participantId: 9,
  castAt: NOON,
  expiresAt: NOON + 300_000,
  humanCheck: { provider: 'altcha', difficulty: 1 },
});

describe('what the fold cannot count is set aside, with the place and the reason:', () => {
  test.each<[string, Partial<EventContent>, string]>([
    ['an unknown type', { type: 'VoteWithdrawn' }, 'unknown-event'],
    ['an unknown version', { ...castByNine, version: 3 }, 'unknown-event'],
    ['bytes that are not canonical', { data: Buffer.from('{"voteId":1}') }, 'not-canonical'],
    ['bytes that are not UTF-8', { data: Buffer.from([0xff]) }, 'not-utf-8'],
    ['an unknown participant', castByNine, 'unknown-participant'],
  ])('%s', (_what, content, reason) => {
    const place = { stream: `votes-${POLL_ID}`, revision: '1', position: '6' };
    given(vote('a'))
      .when(strange(content), vote('b', 2))
      .then({ votes: [1, 1], quarantined: 1, quarantine: [{ ...place, reason }], revision: '2' });
    given(vote('a'), strange(content))
      .when(vote('b', 2))
      .then({ votes: [1, 1], quarantined: 1, quarantine: [{ ...place, reason }], revision: '2' });
  });

  it('a decision that it cannot read, and the poll stays as it was', () => {
    const unreadable: Entry = { ...strange({ type: 'PollPainted' }), stream: pollStream(POLL_ID) };
    const place = { stream: `poll-${POLL_ID}`, revision: '0', position: '6' };
    given(vote('a'))
      .when(unreadable)
      .then({ poll: null, quarantined: 1, quarantine: [{ ...place, reason: 'unknown-event' }] });
  });
});

describe('the quarantine', () => {
  it('counts all, and keeps the first hundred to look at', () => {
    const many = Array.from({ length: 250 }, (_, index) => strange({ type: `Strange${index}` }));
    const snapshot = tallyOf(record(many)).snapshot();
    expect(snapshot.quarantined).toBe(250);
    expect(snapshot.quarantine).toHaveLength(100);
    expect(snapshot.quarantine[99]).toMatchObject({ revision: '99', reason: 'unknown-event' });
    given(...many.slice(0, 120))
      .when(...many.slice(120))
      .then({ quarantined: 250, quarantine: snapshot.quarantine });
  });

  it('takes a vote for an unknown participant once: coming again it is a duplicate, too late it is expired', () => {
    const again = strange(castByNine);
    const expired = strange(castByNine, NOON + 3_600_000);
    given(again).when(again, expired).then({ quarantined: 1, duplicates: 1, expired: 1 });
  });

  it('takes it behind the cut, too', () => {
    given(cut()).when(strange(castByNine), strange({})).then({ quarantined: 2, late: 0 });
  });
});
