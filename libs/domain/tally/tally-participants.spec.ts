import { describe, expect, it } from '@jest/globals';

import { type PollEvent, canonicalTally } from '../index.ts';
import { HOUR, NOON, POLL_ID, cut, decided, record, vote, voteOfRule2 } from '../testing/ballot-box.ts';
import { given, tallyOf } from '../testing/tally-specification.ts';

const opened = (count: number): PollEvent => ({
  type: 'PollOpened',
  pollId: POLL_ID,
  title: 'Quem sai?',
  participants: Array.from({ length: count }, (_, index) => ({ number: index + 1, name: `p${index + 1}` })),
  openedAt: new Date(NOON).toISOString(),
  by: 'a',
  evidenceKeyHash: '0f'.repeat(32),
});

describe('the tally of a poll', () => {
  it('has a place for everybody who takes part, in all counts', () => {
    given(decided(opened(4)))
      .when(voteOfRule2('a', 4), voteOfRule2('b', 2, { castAt: NOON + HOUR }))
      .then({
        votes: [0, 1, 0, 1],
        hours: { '2026-11-23T12': [0, 0, 0, 1], '2026-11-23T13': [0, 1, 0, 0] },
        minutes: { '2026-11-23T13:00': [0, 1, 0, 0] },
      });
  });

  it('has it before anybody voted', () => {
    given(decided(opened(10))).then({ votes: new Array(10).fill(0) });
  });

  it('counts for number ten, and for nobody beyond the number of its poll', () => {
    given(decided(opened(10)))
      .when(voteOfRule2('a', 10))
      .then({ votes: [0, 0, 0, 0, 0, 0, 0, 0, 0, 1], quarantined: 0 });
    given(decided(opened(3)))
      .when(voteOfRule2('a', 4), voteOfRule2('b', 3), cut(), voteOfRule2('c', 4))
      .then({
        votes: [0, 0, 1],
        late: 0,
        quarantined: 2,
        quarantine: [
          expect.objectContaining({ revision: '0', reason: 'unknown-participant' }),
          expect.objectContaining({ revision: '3', reason: 'unknown-participant' }),
        ] as never,
      });
  });

  it('follows a draft that changes', () => {
    const { participants, pollId } = opened(3) as Extract<PollEvent, { type: 'PollOpened' }>;
    const at = new Date(NOON).toISOString();
    given(decided({ type: 'PollDrafted', pollId, title: 't', participants, draftedAt: at, by: 'a' }))
      .when(decided({ type: 'ParticipantRemoved', pollId, number: 1, removedAt: at, by: 'a' }))
      .then({ votes: [0, 0] });
  });

  it('has the same digest as ever where two take part', () => {
    const events = record([vote('a'), vote('c', 3), vote('b', 2, { castAt: NOON + HOUR })]);
    expect(canonicalTally(tallyOf(events).snapshot())).toBe(
      `{"pollId":"${POLL_ID}","revision":"2","votes":[1,1],"hours":[["2026-11-23T12",[1,0]],["2026-11-23T13",[0,1]]],` +
        '"duplicates":0,"late":0,"expired":0,"quarantined":1,"cut":null}',
    );
  });
});
