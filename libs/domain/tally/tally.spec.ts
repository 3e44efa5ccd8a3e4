import { describe, expect, it } from '@jest/globals';

import { type PollEvent, canonicalTally, totalOf } from '../index.ts';
import { HOUR, MINUTE, NOON, POLL_ID, SECOND, cut, decided, record, strange, vote } from '../testing/ballot-box.ts';
import { given, tallyOf } from '../testing/tally-specification.ts';

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
