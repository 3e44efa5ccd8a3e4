import { describe, expect, it } from '@jest/globals';

import { type PollCommand, type PollEvent, assertVotable, canonicalTally, describePollEvent } from '../index.ts';
import { Tally } from '../tally/tally.ts';
import { POLL_ID, decided, record, vote } from '../testing/ballot-box.ts';
import { given, pollAfter, refusalOf } from '../testing/poll-specification.ts';

const at = '2026-11-23T22:00:00.000Z';
const later = '2026-11-23T22:05:00.000Z';
const end = '2026-11-23T22:30:00.000Z';
const [pollId, by] = [POLL_ID, 'bia'];
const participants = [
  { number: 1, name: 'Ana' },
  { number: 2, name: 'Bento' },
];

const drafted: PollEvent = { type: 'PollDrafted', pollId, title: 't', participants, draftedAt: at, by };
const opened: PollEvent = { type: 'PollOpened', pollId, title: 't', participants, openedAt: at, by };
const paused: PollEvent = { type: 'PollPaused', pollId, pausedAt: later, by };
const resumed: PollEvent = { type: 'PollResumed', pollId, resumedAt: later, by };
const closed: PollEvent = { type: 'PollClosed', pollId, closedAt: later, by };
const endsAt = (closesAt: string | null, opensAt: string | null = null): PollEvent => ({
  type: 'PollScheduled',
  pollId,
  opensAt,
  closesAt,
  scheduledAt: later,
  by,
});

const pause = (now = later): PollCommand => ({ type: 'PausePoll', at: now, by });
const resume = (now = later): PollCommand => ({ type: 'ResumePoll', at: now, by });
const close: PollCommand = { type: 'ClosePoll', at: later, by };
const moveEnd = (closesAt: string | null, now = later): PollCommand => ({
  type: 'SchedulePoll',
  opensAt: null,
  closesAt,
  at: now,
  by,
});
const voting = (...history: PollEvent[]) => refusalOf(() => assertVotable(pollAfter(...history), 1, Date.parse(later)));

describe('pausing a poll', () => {
  it('is an event with who and when; resuming is another', () => {
    given(opened).when(pause()).then(paused);
    given(opened, paused).when(resume()).then(resumed);
    given(opened, paused, resumed).when(pause()).then(paused);
    expect([paused, resumed].map(describePollEvent)).toEqual(['Pausou a votação', 'Retomou a votação']);
  });

  it('does nothing when it is so already: two may press at once', () => {
    given(opened, paused).when(pause()).thenNothing();
    given(opened).when(resume()).thenNothing();
  });

  it('is refused before the opening, after the closing, and when the end has come', () => {
    for (const command of [pause(), resume()]) {
      given().when(command).thenRefuses('poll-not-found');
      given(drafted).when(command).thenRefuses('poll-not-open');
      given(opened, paused, closed).when(command).thenRefuses('poll-not-open');
    }
    given(opened, endsAt(end)).when(pause(end)).thenRefuses('poll-not-open');
    given(opened, endsAt(end), paused).when(resume(end)).thenRefuses('poll-not-open');
  });

  it('says since when, and leaves no trace when it is over', () => {
    expect(pollAfter(opened, paused)).toMatchObject({ status: 'open', pausedAt: later });
    expect(pollAfter(opened, paused, resumed)).toEqual(pollAfter(opened));
    expect(pollAfter(opened, paused, closed)).toEqual(pollAfter(opened, closed));
  });
});

describe('a poll that is paused', () => {
  it('refuses votes, with a reason of its own, until it is resumed', () => {
    expect(voting(opened, paused)).toBe('poll-paused');
    expect(voting(opened, paused, resumed)).toBeUndefined();
  });

  it('is over rather than paused once its end has come', () => {
    expect(voting(opened, endsAt(later), paused)).toBe('poll-not-open');
    expect(voting(opened, paused, closed)).toBe('poll-not-open');
  });

  it('can be closed, by people and by its schedule', () => {
    given(opened, paused).when(close).then(closed);
    given(opened, endsAt(end), paused)
      .when({ type: 'CloseAsScheduled', scheduledFor: end, at: end })
      .then({ ...closed, closedAt: end, scheduledFor: end });
  });

  it('still counts what its box takes: the tally is that of a poll without a pause', () => {
    const tallyOf = (...pauses: PollEvent[]): string => {
      const tally = new Tally(POLL_ID);
      const [first, second] = [vote('a'), vote('b', 2)];
      const entries = [decided(opened), first, ...pauses.map(decided), second];
      for (const event of record(entries)) tally.fold(event);
      return canonicalTally(tally.snapshot());
    };
    expect(tallyOf(paused)).toBe(tallyOf());
    expect(JSON.parse(tallyOf(paused, resumed))).toMatchObject({ votes: [1, 1], quarantined: 0 });
  });
});

describe('moving the end of an open poll', () => {
  it('is possible in both directions until the end has come, also while it is paused', () => {
    const sooner = '2026-11-23T22:06:00.000Z';
    given(opened, endsAt(end)).when(moveEnd(sooner)).then(endsAt(sooner));
    given(opened, endsAt(sooner), paused).when(moveEnd(end)).then(endsAt(end));
    given(opened, endsAt(end)).when(moveEnd(null)).then(endsAt(null));
  });

  it('is refused from the end on: who was turned away was told the truth', () => {
    const now = '2026-11-23T22:30:00.000Z';
    given(opened, endsAt(end)).when(moveEnd('2026-11-23T22:31:00.000Z', now)).thenRefuses('poll-not-open');
    given(opened, endsAt(end)).when(moveEnd(null, now)).thenRefuses('poll-not-open');
  });

  it('of a draft is free also after a time that has passed', () => {
    given(drafted, endsAt(at)).when(moveEnd(end)).then(endsAt(end));
  });
});
