import { describe, expect, it } from '@jest/globals';

import { votesInLastHour } from '../index.ts';
import { HOUR, MINUTE, NOON, SECOND, record, vote, voteOfRule2 } from '../testing/ballot-box.ts';
import { given, restarted, tallyOf } from '../testing/tally-specification.ts';

describe('minutes', () => {
  it('that 62 others followed go when a new one begins; the hours stay', () => {
    given(vote('a', 1, { castAt: NOON }), vote('b', 1, { castAt: NOON + MINUTE }))
      .when(vote('c', 2, { castAt: NOON + 62 * MINUTE }))
      .then({ hours: { '2026-11-23T12': [2, 0], '2026-11-23T13': [0, 1] } });
    const votes = Array.from({ length: 63 }, (_, minute) => vote(`v${minute}`, 1, { castAt: NOON + minute * MINUTE }));
    const minutes = Object.keys(tallyOf(record(votes)).snapshot().minutes);
    expect([minutes[0], minutes.at(-1), minutes.length]).toEqual(['2026-11-23T12:01', '2026-11-23T13:02', 62]);
  });

  it('are never more than 62 in a poll that runs for a day', () => {
    const votes = Array.from({ length: 1440 }, (_, minute) =>
      vote(`v${minute}`, 1, { castAt: NOON + minute * MINUTE }),
    );
    const snapshot = tallyOf(record(votes)).snapshot();
    expect(Object.keys(snapshot.minutes)).toHaveLength(62);
    expect(snapshot.votes).toEqual([1440, 0]);
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

  const at = (minute: number): number => NOON + minute * MINUTE;
  const ahead = at(60) + 2 * HOUR;
  it.each([
    ['of the log', at(60)],
    ['of the host, which the votes carry,', ahead],
  ])('is complete after the clock %s stood two hours ahead for a minute', (_whose, castAt) => {
    const before = Array.from({ length: 60 }, (_, minute) => voteOfRule2(`v${minute}`, 1, { castAt: at(minute) }));
    const after = Array.from({ length: 5 }, (_, index) =>
      voteOfRule2(`w${index}`, 1, { castAt: at(61 + index), recordedAt: ahead }),
    );
    const events = record([...before, voteOfRule2('ahead', 1, { castAt, recordedAt: ahead }), ...after]);
    const revived = restarted(tallyOf(events.slice(0, 61)), events.slice(0, 61));
    for (const event of events.slice(61)) revived.fold(event);

    for (const tally of [tallyOf(events), revived]) expect(votesInLastHour(tally.snapshot(), at(65))).toBe(60);
    expect(revived.snapshot().minutes).toEqual(tallyOf(events).snapshot().minutes);
  });

  it('is complete although minutes are pruned', () => {
    const votes = Array.from({ length: 300 }, (_, minute) => vote(`v${minute}`, 1, { castAt: NOON + minute * MINUTE }));
    for (const count of [59, 60, 61, 62, 300]) {
      const snapshot = tallyOf(record(votes.slice(0, count))).snapshot();
      expect(votesInLastHour(snapshot, NOON + (count - 1) * MINUTE)).toBe(Math.min(count, 60));
    }
  });
});
