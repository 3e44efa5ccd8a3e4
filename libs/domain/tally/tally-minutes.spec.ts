import { describe, expect, it } from '@jest/globals';

import { votesInLastHour } from '../index.ts';
import { HOUR, MINUTE, NOON, SECOND, record, vote } from '../testing/ballot-box.ts';
import { given, tallyOf } from '../testing/tally-specification.ts';

describe('minutes', () => {
  it('older than 61 by the clock of the log go when a new one begins; the hours stay', () => {
    given(vote('a', 1, { castAt: NOON }), vote('b', 1, { castAt: NOON + MINUTE }))
      .when(vote('c', 2, { castAt: NOON + 62 * MINUTE }))
      .then({ hours: { '2026-11-23T12': [2, 0], '2026-11-23T13': [0, 1] } });
    const snapshot = tallyOf(
      record([0, 1, 2, 62].map((minute) => vote(`v${minute}`, 1, { castAt: NOON + minute * MINUTE }))),
    ).snapshot();
    expect(Object.keys(snapshot.minutes)).toEqual(['2026-11-23T12:01', '2026-11-23T12:02', '2026-11-23T13:02']);
  });

  it('are never more than 62 in a poll that runs for a day', () => {
    const votes = Array.from({ length: 1440 }, (_, minute) =>
      vote(`v${minute}`, 1, { castAt: NOON + minute * MINUTE }),
    );
    const snapshot = tallyOf(record(votes)).snapshot();
    expect(Object.keys(snapshot.minutes)).toHaveLength(62);
    expect(snapshot.votes).toEqual([1440, 0]);
  });

  it('do not come back for a vote that was cast long before it was recorded', () => {
    const old = vote('a', 1, { castAt: NOON, expiresAt: NOON + 2 * HOUR, recordedAt: NOON + 2 * HOUR });
    expect(tallyOf(record([old])).snapshot()).toMatchObject({ votes: [1, 0], minutes: {} });
  });
});

describe('the last hour', () => {
  const now = NOON + 90 * SECOND;
  const inLastHour = (castAt: number) => votesInLastHour(tallyOf(record([vote('a', 2, { castAt })])).snapshot(), now);

  it('holds the minutes that began in the 60 minutes before now', () => {
    expect(inLastHour(now)).toBe(1);
    expect(inLastHour(NOON - 58 * MINUTE)).toBe(1);
    expect(inLastHour(NOON - 58 * MINUTE - 1)).toBe(0);
  });

  it('slides: the same tally gives less later', () => {
    const snapshot = tallyOf(
      record([vote('a', 1), vote('c', 2), vote('b', 2, { castAt: NOON + 30 * MINUTE })]),
    ).snapshot();
    expect(votesInLastHour(snapshot, NOON + 30 * MINUTE)).toBe(3);
    expect(votesInLastHour(snapshot, NOON + 61 * MINUTE)).toBe(1);
    expect(votesInLastHour(snapshot, NOON + 91 * MINUTE)).toBe(0);
  });

  it('is complete although minutes are pruned', () => {
    const votes = Array.from({ length: 300 }, (_, minute) => vote(`v${minute}`, 1, { castAt: NOON + minute * MINUTE }));
    for (const count of [59, 60, 61, 62, 300]) {
      const snapshot = tallyOf(record(votes.slice(0, count))).snapshot();
      expect(votesInLastHour(snapshot, NOON + (count - 1) * MINUTE)).toBe(Math.min(count, 60));
    }
  });
});
