import { describe, expect, it, test } from '@jest/globals';

import { type PollCommand, type PollEvent, assertVotable, wasOpened } from '../index.ts';
import { given, pollAfter, refusalOf } from '../testing/poll-specification.ts';

const at = '2026-11-23T20:00:00.000Z';
const ten = '2026-11-23T22:05:00.000Z';
const late = '2026-11-23T22:07:11.000Z';
const midnight = '2026-11-24T00:00:00.000Z';
const [pollId, title] = ['2', 'Quem sai?'];
const participants = [
  { number: 1, name: 'Ana' },
  { number: 2, name: 'Bento' },
];

const drafted: PollEvent = {
  ...{ type: 'PollDrafted', pollId, title, participants, draftedAt: at, by: 'ana' },
  policy: 'depois-do-voto',
};
const scheduled = (opensAt: string | null, closesAt: string | null, by = 'bia'): PollEvent => ({
  type: 'PollScheduled',
  pollId,
  opensAt,
  closesAt,
  scheduledAt: at,
  by,
});
const opened: PollEvent = { type: 'PollOpened', pollId, title, participants, openedAt: ten, by: 'ana' };
const closed: PollEvent = { type: 'PollClosed', pollId, closedAt: midnight, by: 'ana' };

const draft: PollCommand = { type: 'DraftPoll', pollId, title, names: ['Ana', 'Bento'], at, by: 'ana' };
const openDraft = (now = ten): PollCommand => ({ type: 'OpenDraft', at: now, by: 'ana' });
const schedule = (opensAt: string | null, closesAt: string | null): PollCommand => ({
  type: 'SchedulePoll',
  opensAt,
  closesAt,
  at,
  by: 'bia',
});
const openDue: PollCommand = { type: 'OpenAsScheduled', scheduledFor: ten, at: late };
const closeDue: PollCommand = { type: 'CloseAsScheduled', scheduledFor: midnight, at: late };

describe('a draft', () => {
  it('is a poll on which nobody can vote yet', () => {
    given().when(draft).then(drafted);
    expect(pollAfter(drafted)).toEqual({
      id: pollId,
      title,
      participants,
      policy: 'depois-do-voto',
      status: 'draft',
      openedAt: null,
      closedAt: null,
    });
    expect(wasOpened(pollAfter(drafted))).toBe(false);
    expect(refusalOf(() => assertVotable(pollAfter(drafted), 1, Date.parse(at)))).toBe('poll-not-open');
  });

  it('is refused with a number that is taken, and with names that a poll must not have', () => {
    given(drafted).when(draft).thenRefuses('poll-exists');
    given()
      .when({ ...draft, names: ['Ana'] })
      .thenRefuses('invalid-participants');
  });

  it('is opened whole, so that the opening is read without the draft', () => {
    given(drafted).when(openDraft()).then(opened);
    expect(pollAfter(drafted, opened)).toEqual(pollAfter(opened));
  });

  it('takes its new names along', () => {
    const renamed: PollEvent = {
      type: 'ParticipantChanged',
      pollId,
      number: 2,
      name: 'Caio',
      changedAt: at,
      by: 'ana',
    };
    given(drafted).when({ type: 'ChangeParticipant', number: 2, name: 'Caio', at, by: 'ana' }).then(renamed);
    given(drafted, renamed)
      .when(openDraft())
      .then({ ...opened, participants: [participants[0]!, { number: 2, name: 'Caio' }] });
  });

  it('is opened once, and cannot be closed or sealed', () => {
    given(drafted, opened).when(openDraft()).thenRefuses('poll-already-open');
    given(drafted, opened, closed).when(openDraft()).thenRefuses('poll-already-open');
    given().when(openDraft()).thenRefuses('poll-not-found');
    given(drafted).when({ type: 'ClosePoll', at, by: 'ana' }).thenRefuses('poll-not-open');
    given(drafted).when({ type: 'SealPoll', cut: 1n, at }).thenRefuses('poll-not-closed');
  });
});

describe('the title of a draft', () => {
  const retitle = (next: string): PollCommand => ({ type: 'DescribeDraft', title: next, at, by: 'bia' });
  const retitled: PollEvent = { type: 'TitleChanged', pollId, title: 'Quem fica?', changedAt: at, by: 'bia' };

  it('may change, and the poll opens with the new one', () => {
    given(drafted).when(retitle('  Quem fica? ')).then(retitled);
    given(drafted, retitled)
      .when(openDraft())
      .then({ ...opened, title: 'Quem fica?' });
  });

  it('stays when it is the same, or none that a poll may have', () => {
    given(drafted).when(retitle(title)).thenNothing();
    given(drafted).when(retitle(' ')).thenRefuses('invalid-title');
  });

  it('is fixed from the opening on', () => {
    given(drafted, opened).when(retitle('Quem fica?')).thenRefuses('poll-not-draft');
    given(opened, closed).when(retitle('Quem fica?')).thenRefuses('poll-not-draft');
    given().when(retitle('Quem fica?')).thenRefuses('poll-not-found');
  });
});

describe('a draft that is discarded', () => {
  const discard: PollCommand = { type: 'DiscardDraft', at, by: 'bia' };
  const discarded: PollEvent = { type: 'DraftDiscarded', pollId, discardedAt: at, by: 'bia' };

  it('is no poll that was opened, and nobody can vote on it', () => {
    given(drafted).when(discard).then(discarded);
    const poll = pollAfter(drafted, discarded);
    expect([poll?.status, wasOpened(poll)]).toEqual(['discarded', false]);
    expect(refusalOf(() => assertVotable(poll, 1, Date.parse(at)))).toBe('poll-not-open');
  });

  it.each<PollCommand>([
    discard,
    openDraft(),
    schedule(ten, null),
    { type: 'DescribeDraft', title: 'Quem fica?', at, by: 'bia' },
    { type: 'ChangeParticipant', number: 1, name: 'Caio', at, by: 'bia' },
    { type: 'ChangePhoto', number: 1, photo: 'c0ffee', at, by: 'bia' },
    { type: 'ClosePoll', at, by: 'bia' },
    { type: 'SealPoll', cut: 1n, at },
  ])('is not there any more for $type', (command) => {
    given(drafted, discarded).when(command).thenRefuses('poll-not-found');
  });

  it('does not open when its time has come, and its number is not taken again', () => {
    given(drafted, scheduled(ten, midnight), discarded).when(openDue).thenNothing();
    given(drafted, discarded).when(draft).thenRefuses('poll-exists');
  });

  it('must be a draft', () => {
    given(opened).when(discard).thenRefuses('poll-not-draft');
    given(drafted, opened, closed).when(discard).thenRefuses('poll-not-draft');
    given().when(discard).thenRefuses('poll-not-found');
  });
});

describe('scheduling', () => {
  it('notes both times in one form, and who wants it', () => {
    given(drafted).when(schedule('2026-11-23T19:05-03:00', '2026-11-24T00:00:00Z')).then(scheduled(ten, midnight));
    expect(pollAfter(drafted, scheduled(ten, midnight))?.schedule).toEqual({
      opensAt: ten,
      closesAt: midnight,
      by: 'bia',
    });
  });

  it('may leave one to people, and be taken back', () => {
    given(drafted).when(schedule(null, midnight)).then(scheduled(null, midnight));
    given(drafted, scheduled(ten, midnight)).when(schedule(null, null)).then(scheduled(null, null));
  });

  it('does nothing when nothing changes', () => {
    given(drafted).when(schedule(null, null)).thenNothing();
    given(drafted, scheduled(ten, midnight)).when(schedule(ten, midnight)).thenNothing();
  });

  test.each<[string, string | null, string | null]>([
    ['what is no time', 'amanhã', null],
    ['an impossible date', '2026-13-41T00:00:00Z', null],
    ['an opening now', at, null],
    ['an opening that is over', '2026-11-23T19:59:59.999Z', null],
    ['a closing that is over', null, at],
    ['a closing with the opening', ten, ten],
    ['a closing before the opening', midnight, ten],
  ])('is refused with %s', (_what, opensAt, closesAt) => {
    given(drafted).when(schedule(opensAt, closesAt)).thenRefuses('invalid-schedule');
  });

  it('of an open poll is about its closing only', () => {
    given(opened).when(schedule(null, midnight)).then(scheduled(null, midnight));
    given(opened).when(schedule(ten, midnight)).thenRefuses('invalid-schedule');
  });

  it('is refused when the poll is over, and without one', () => {
    given(opened, closed).when(schedule(null, midnight)).thenRefuses('poll-not-open');
    given().when(schedule(null, midnight)).thenRefuses('poll-not-found');
  });
});

describe('a time that has come', () => {
  const history = [drafted, scheduled(ten, midnight)];

  it('opens the poll, with the time that was meant, the time it was, and who wanted it', () => {
    given(...history)
      .when(openDue)
      .then({ ...opened, openedAt: late, by: 'bia', scheduledFor: ten });
  });

  it('closes it likewise', () => {
    given(...history, opened)
      .when(closeDue)
      .then({ ...closed, closedAt: late, by: 'bia', scheduledFor: midnight });
  });

  it('does nothing when that is done already', () => {
    given(...history, opened)
      .when(openDue)
      .thenNothing();
    given(...history, opened, closed)
      .when(closeDue)
      .thenNothing();
  });

  it('does nothing when another time was set meanwhile, or none', () => {
    given(...history, scheduled(midnight, null))
      .when(openDue)
      .thenNothing();
    given(...history, opened, scheduled(null, null))
      .when(closeDue)
      .thenNothing();
    given(drafted).when(openDue).thenNothing();
  });

  it('for closing is not before the opening: a draft whose closing is over must be scheduled anew', () => {
    given(...history)
      .when(closeDue)
      .thenNothing();
    given(drafted, scheduled(null, midnight)).when(openDraft(midnight)).thenRefuses('invalid-schedule');
  });
});
