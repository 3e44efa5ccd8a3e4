import { describe, expect, it } from '@jest/globals';

import { type PollEvent, Tally, foldNext } from '../index.ts';
import { HOUR, MINUTE, NOON, POLL_ID, cut, decided, record, vote, voteOfRule2 } from '../testing/ballot-box.ts';
import { given, restarted, tallyOf } from '../testing/tally-specification.ts';

const opened: PollEvent = {
  type: 'PollOpened',
  pollId: POLL_ID,
  title: 'Quem sai?',
  participants: [1, 2].map((number) => ({ number, name: `p${number}` })),
  openedAt: new Date(NOON).toISOString(),
  by: 'ana',
};
const openedByRule2 = decided({ ...opened, evidenceKeyHash: '0f'.repeat(32) });
const openedByRule1 = decided(opened);

describe('by rule 2', () => {
  it('a vote counts however late the log recorded it', () => {
    given(openedByRule2, voteOfRule2('a'))
      .when(voteOfRule2('b', 2, { castAt: NOON, recordedAt: NOON + 3 * HOUR }))
      .then({ votes: [1, 1], expired: 0 });
  });

  it('an id counts once, hours later too', () => {
    given(openedByRule2, voteOfRule2('a'))
      .when(
        voteOfRule2('b', 1, { castAt: NOON + HOUR }),
        voteOfRule2('a', 2, { recordedAt: NOON + 9 * HOUR, castAt: NOON }),
      )
      .then({ votes: [2, 0], duplicates: 1, expired: 0 });
  });

  it('a clock that jumps changes nothing', () => {
    given(openedByRule2, voteOfRule2('a', 1, { castAt: NOON + HOUR }))
      .when(
        voteOfRule2('b'),
        voteOfRule2('c', 1, { castAt: NOON - HOUR }),
        voteOfRule2('a', 1, { castAt: NOON + HOUR }),
      )
      .then({ votes: [3, 0], duplicates: 1 });
  });

  it('what stands behind the cut is late, and again a duplicate', () => {
    given(openedByRule2, voteOfRule2('a'), cut())
      .when(voteOfRule2('b'), voteOfRule2('b'), voteOfRule2('a'))
      .then({ votes: [1, 0], late: 1, duplicates: 2 });
  });

  it('the curve is of what counts: one vote of each id, before the cut', () => {
    given(openedByRule2, voteOfRule2('a'), voteOfRule2('a'))
      .when(voteOfRule2('b', 2), voteOfRule2('b', 2), cut(), voteOfRule2('c'))
      .then({
        curve: {
          minutes: [{ start: NOON, counts: [1, 0, 0, 1], unusual: [] }],
          settled: NOON,
          strays: 0,
          observations: [],
          more: 0,
        },
      });
  });

  it('a vote of version 1 is not taken', () => {
    given(openedByRule2)
      .when(vote('a'), voteOfRule2('a'))
      .then({ votes: [1, 0], quarantined: 1 });
  });

  it('the box alone gives the same numbers', () => {
    const votes = [
      voteOfRule2('a'),
      voteOfRule2('a'),
      voteOfRule2('b', 2, { castAt: NOON, recordedAt: NOON + HOUR }),
      cut(),
    ];
    const { votes: counted, duplicates, hours, expired } = tallyOf(record([openedByRule2, ...votes])).snapshot();
    expect(tallyOf(record(votes)).snapshot()).toMatchObject({ votes: counted, duplicates, hours, expired });
  });
});

describe('by rule 1, of polls that earlier versions opened', () => {
  it('a vote of version 2 is not taken, and late ones are expired as before', () => {
    given(openedByRule1, vote('a'))
      .when(voteOfRule2('b'), vote('c', 1, { castAt: NOON, recordedAt: NOON + 7 * MINUTE }))
      .then({ votes: [1, 0], quarantined: 1, expired: 1 });
  });

  it('a snapshot has nothing that it did not have', () => {
    expect(Object.keys(tallyOf(record([openedByRule1, vote('a')])).snapshot())).not.toContain('ids');
  });
});

describe('ids that are not in memory', () => {
  it('are read from the box, for all events of a page at once', async () => {
    const again = [1, 2, 3].map((hour) => voteOfRule2(`v${hour}`, 1, { castAt: NOON + hour * HOUR }));
    const box = record([openedByRule2, ...again, ...again, voteOfRule2('new', 2, { castAt: NOON + 9 * HOUR })]);
    // a restart that read nothing again
    const tally = Tally.from(tallyOf(box.slice(0, 4)).snapshot());
    const page = box.slice(4);
    let readings = 0;
    for (const [index, event] of page.entries()) {
      await foldNext(
        tally,
        event,
        () => page.slice(index),
        async function* (stream, from) {
          readings++;
          yield* [box.filter((one) => one.stream === stream && one.revision >= from)];
        },
      );
    }
    expect(tally.snapshot()).toMatchObject({ votes: [3, 1], duplicates: 3 });
    expect(readings).toBe(1);
    const { ids: _, windowFrom: __, ...straight } = tallyOf(box).snapshot();
    expect(tally.snapshot()).toMatchObject(straight);
    expect(restarted(tally, box).snapshot()).toMatchObject(straight);
  });
});
