import { describe, expect, it } from '@jest/globals';

import { type PollEvent, canonicalTally, totalOf, votesInLastHour } from './index.ts';
import { HOUR, MINUTE, NOON, POLL_ID, SECOND, cut, decided, record, strange, vote } from './testing/ballot-box.ts';
import { given, tallyOf } from './testing/tally-specification.ts';

const at = new Date(NOON).toISOString();
const participants = [
  { number: 1, name: 'Ana' },
  { number: 2, name: 'Bento' },
];
const opened: PollEvent = { type: 'PollOpened', pollId: POLL_ID, title: 't', participants, openedAt: at, by: 'ana' };
const closed: PollEvent = { type: 'PollClosed', pollId: POLL_ID, closedAt: at, by: 'ana' };

describe('an empty ballot box', () => {
  it('has no votes, no cut and no poll', () => {
    given().then({ poll: null, revision: '-1', votes: [0, 0], hours: {}, minutes: {}, cut: null, quarantine: [] });
  });
});

describe('votes', () => {
  it('count for their participant', () => {
    given(vote('a', 1), vote('b', 2))
      .when(vote('c', 2))
      .then({ votes: [1, 2], revision: '2' });
  });

  it('add up to the total', () => {
    expect(totalOf(tallyOf(record([vote('a', 1), vote('b', 2), vote('c', 2)])).snapshot())).toBe(3);
  });

  it('go into the hour and the minute in which they were cast, in UTC', () => {
    given(vote('a', 1, { castAt: NOON + HOUR - 1 }))
      .when(vote('b', 1, { castAt: NOON + HOUR }), vote('c', 2, { castAt: NOON + HOUR + 59_999 }))
      .then({
        hours: { '2026-11-23T12': [1, 0], '2026-11-23T13': [1, 1] },
        minutes: { '2026-11-23T12:59': [1, 0], '2026-11-23T13:00': [1, 1] },
      });
  });

  it('go there also when they come in another order, and over midnight', () => {
    const midnight = NOON + 12 * HOUR;
    given(vote('a', 1, { castAt: midnight }))
      .when(vote('b', 1, { castAt: midnight - 1, recordedAt: midnight + 1 }), vote('c', 2, { castAt: midnight + 1 }))
      .then({
        hours: { '2026-11-23T23': [1, 0], '2026-11-24T00': [1, 1] },
        minutes: { '2026-11-23T23:59': [1, 0], '2026-11-24T00:00': [1, 1] },
      });
  });

  it('may come before anything is known of the poll', () => {
    given(vote('a'))
      .when(decided(opened))
      .then({ votes: [1, 0], poll: { ...tallyOf(record([decided(opened)])).snapshot().poll! } });
  });
});

describe('a vote that comes again', () => {
  it('is a duplicate, whoever it is for', () => {
    given(vote('a', 1))
      .when(vote('a', 1), vote('a', 2))
      .then({ votes: [1, 0], duplicates: 2 });
  });

  it('is a duplicate until a minute after its challenge expired', () => {
    const again = vote('a', 1, { castAt: NOON, recordedAt: NOON + 6 * MINUTE });
    given(vote('a', 1))
      .when(again)
      .then({ votes: [1, 0], duplicates: 1, expired: 0 });
  });

  it('is expired after that', () => {
    const again = vote('a', 1, { castAt: NOON, recordedAt: NOON + 6 * MINUTE + 1 });
    given(vote('a', 1))
      .when(again, again)
      .then({ votes: [1, 0], duplicates: 0, expired: 2 });
  });
});

describe('a vote whose challenge is over', () => {
  it('is expired though it was never seen', () => {
    const late = vote('a', 1, { castAt: NOON, recordedAt: NOON + 6 * MINUTE + 1 });
    given()
      .when(late)
      .then({ votes: [0, 0], expired: 1, hours: {}, minutes: {} });
  });

  it('counts up to the last moment of the grace', () => {
    given()
      .when(vote('a', 1, { castAt: NOON, recordedAt: NOON + 6 * MINUTE }))
      .then({ votes: [1, 0], expired: 0 });
  });
});

describe("the fold's clock", () => {
  const clock = NOON + 6 * MINUTE + 1;

  it('is the running maximum of the recorded times: a host that sets its clock back changes no verdict', () => {
    given(vote('b', 2, { castAt: clock }))
      .when(vote('a', 1, { castAt: NOON, recordedAt: NOON }))
      .then({ votes: [0, 1], expired: 1, clock });
  });

  it('goes by everything in the box, readable or not', () => {
    given(strange({ type: 'Later' }, clock))
      .when(vote('a'))
      .then({ expired: 1, clock });
    given(cut(clock)).when(vote('a')).then({ expired: 1, clock });
  });

  it('does not go by the time at which a vote says it was cast', () => {
    given(vote('b', 2, { castAt: clock + HOUR, recordedAt: NOON }))
      .when(vote('a'))
      .then({ votes: [1, 1], clock: NOON });
  });
});

describe('the cut', () => {
  it('makes the votes behind it late', () => {
    given(vote('a', 1), cut())
      .when(vote('b', 1), vote('c', 2))
      .then({ votes: [1, 0], late: 2, cut: '1' });
  });

  it('is the first one; later ones change nothing', () => {
    given(vote('a', 1), cut())
      .when(cut(), vote('b', 1), cut())
      .then({ late: 1, cut: '1', quarantined: 0, revision: '4' });
  });

  it('leaves a duplicate a duplicate and an expired vote expired', () => {
    const expired = vote('c', 1, { castAt: NOON - HOUR, recordedAt: NOON });
    given(vote('a', 1), cut())
      .when(vote('a', 1), vote('b', 2), vote('b', 2), expired)
      .then({ votes: [1, 0], duplicates: 2, late: 1, expired: 1 });
  });

  it('cuts by order, whatever the clocks say', () => {
    given(cut(NOON + MINUTE))
      .when(vote('a', 1, { castAt: NOON - SECOND }))
      .then({ votes: [0, 0], late: 1 });
  });

  it('is not made by closing the poll: votes on their way count', () => {
    given(decided(opened), decided(closed))
      .when(vote('a'))
      .then({ votes: [1, 0], late: 0, cut: null });
  });
});

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

describe('the digest', () => {
  const digested = (...votes: Parameters<typeof record>[0]) => canonicalTally(tallyOf(record(votes)).snapshot());

  it('has one form', () => {
    expect(digested(vote('a', 1), vote('b', 2, { castAt: NOON - MINUTE }), vote('a', 1), cut())).toBe(
      '{"pollId":"paredao-1","revision":"3","votes":[1,1],"hours":[["2026-11-23T11",[0,1]],["2026-11-23T12",[1,0]]],' +
        '"duplicates":1,"late":0,"expired":0,"quarantined":0,"cut":"3"}',
    );
  });

  it('says nothing of names, positions and minutes', () => {
    const inOneAppend = vote('b', 2, { sharesPosition: true });
    expect(digested(decided(opened), vote('a'), inOneAppend)).toBe(digested(vote('a'), vote('b', 2)));
    const inTheNextMinute = vote('b', 2, { castAt: NOON + MINUTE });
    expect(digested(vote('a'), inTheNextMinute)).toBe(digested(vote('a'), vote('b', 2)));
  });

  it('tells apart whatever counts otherwise', () => {
    const expired = vote('c', 1, { castAt: NOON - HOUR, recordedAt: NOON });
    const boxes = [
      [vote('a', 1), vote('b', 1)],
      [vote('a', 1), vote('b', 2)],
      [vote('a', 1), vote('b', 1, { castAt: NOON - MINUTE })],
      [vote('a', 1), vote('a', 1)],
      [vote('a', 1), cut()],
      [cut(), vote('a', 1)],
      [vote('a', 1), expired],
      [vote('a', 1), strange({})],
      [vote('a', 1)],
    ];
    expect(new Set(boxes.map((box) => digested(...box))).size).toBe(boxes.length);
  });
});
