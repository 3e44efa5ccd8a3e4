import { describe, expect, it, test } from '@jest/globals';

import { type PollCommand, type PollEvent, type WantedPerson, decide, describePollEvent, evolve } from '../index.ts';
import { given, pollAfter, refusalOf } from '../testing/poll-specification.ts';

const at = '2026-11-23T22:00:00.000Z';
const later = '2026-11-23T23:00:00.000Z';
const by = 'ana';
const pollId = '1';
const key = { hash: '0f'.repeat(32), hex: 'f0'.repeat(32) };
const face = { x: 40, y: 25 };
const drafted: PollEvent = {
  ...{ type: 'PollDrafted', pollId, title: 'Quem sai?', draftedAt: at, by },
  participants: [
    { number: 1, name: 'Ana' },
    { number: 2, name: 'Bento', photo: 'c0ffee' },
    { number: 3, name: 'Caio' },
  ],
};
const [ana, bento, caio] = [
  { number: 1, name: 'Ana' },
  { number: 2, name: 'Bento' },
  { number: 3, name: 'Caio' },
];
const stamp = { pollId, changedAt: later, by };
const save = (what: object): PollCommand => ({ type: 'DescribeDraft', at: later, by, ...what });
const saved = (people: readonly WantedPerson[]) =>
  decide(save({ people }), pollAfter(drafted)).reduce(evolve, pollAfter(drafted))?.participants;

describe('a draft that is saved whole', () => {
  it('takes everything that was changed in one decision, and nothing else', () => {
    given(drafted)
      .when(
        save({ title: 'Quem fica?', people: [ana, { ...bento, name: 'Beto' }, caio], closesAt: '2026-11-24T01:00Z' }),
      )
      .then(
        { type: 'TitleChanged', title: 'Quem fica?', ...stamp },
        { type: 'ParticipantChanged', number: 2, name: 'Beto', ...stamp },
        {
          ...{ type: 'PollScheduled', pollId, opensAt: null, closesAt: '2026-11-24T01:00:00.000Z' },
          ...{ scheduledAt: later, by },
        },
      );
    given(drafted)
      .when(save({ title: 'Quem sai?', people: [ana, bento, caio], opensAt: null }))
      .thenNothing();
  });

  it.each([
    ['a title', { title: ' ' }, 'invalid-title'],
    ['a name', { people: [ana, { name: '' }] }, 'invalid-name'],
    ['a time', { opensAt: at }, 'invalid-schedule'],
    ['a person who is not there', { people: [ana, { number: 4, name: 'Dora' }] }, 'participant-not-found'],
    ['the focus of no photo', { people: [{ ...ana, focus: face }, bento] }, 'photo-not-found'],
  ])('is refused whole for %s', (_what, wrong, code) => {
    given(drafted)
      .when(save({ title: 'Outro', rules: 'Vote.', people: [ana, { number: 2, name: 'Beto' }], ...wrong }))
      .thenRefuses(code as 'invalid-title');
  });

  it('keeps the time that nobody mentions', () => {
    const scheduled: PollEvent = {
      ...{ type: 'PollScheduled', pollId, opensAt: '2026-11-24T00:00:00.000Z', closesAt: '2026-11-24T02:00:00.000Z' },
      ...{ scheduledAt: at, by },
    };
    given(drafted, scheduled)
      .when(save({ closesAt: null }))
      .then({ ...scheduled, closesAt: null, scheduledAt: later });
  });

  it('is no more possible once people vote', () => {
    const opened = decide({ type: 'OpenDraft', at, by }, pollAfter(drafted), key);
    given(drafted, ...opened)
      .when(save({ people: [ana, bento] }))
      .thenRefuses('poll-not-draft');
  });
});

describe('the participants of a draft that is saved whole', () => {
  it('stay in their order with their photos; the rest leaves, and new ones come after them', () => {
    given(drafted)
      .when(save({ people: [bento, { name: ' Dora ', photo: 'beef', focus: face }, { name: 'Eva' }] }))
      .then(
        { type: 'ParticipantRemoved', pollId, number: 3, removedAt: later, by },
        { type: 'ParticipantRemoved', pollId, number: 1, removedAt: later, by },
        { type: 'ParticipantAdded', pollId, number: 2, name: 'Dora', addedAt: later, by },
        { type: 'PhotoChanged', number: 2, photo: 'beef', focus: face, ...stamp },
        { type: 'ParticipantAdded', pollId, number: 3, name: 'Eva', addedAt: later, by },
      );
    expect(saved([bento, { name: 'Dora', photo: 'beef', focus: face }])).toEqual([
      { number: 1, name: 'Bento', photo: 'c0ffee' },
      { number: 2, name: 'Dora', photo: 'beef', focus: face },
    ]);
  });

  it('may all be others', () => {
    expect(saved([{ name: 'Dora' }, { name: 'Eva' }])).toEqual([
      { number: 1, name: 'Dora' },
      { number: 2, name: 'Eva' },
    ]);
  });

  it('may exchange their names: only the outcome has to be clear', () => {
    expect(saved([{ ...ana, name: 'Bento' }, { ...bento, name: 'Ana' }, caio])?.map(({ name }) => name)).toEqual([
      'Bento',
      'Ana',
      'Caio',
    ]);
  });

  test.each([
    ['another order', [bento, ana]],
    ['somebody twice', [ana, ana]],
    ['a new one before one who stays', [{ name: 'Dora' }, ana]],
    ['names that look alike', [ana, { ...bento, name: 'ANA' }]],
    ['one alone', [ana]],
    ['eleven', Array.from({ length: 11 }, (_, index) => ({ name: `Pessoa ${String(index)}` }))],
  ])('are not %s', (_what, people) => {
    expect(refusalOf(() => saved(people))).toBe('invalid-participants');
  });
});

describe('the focus of a photo', () => {
  const focused: PollEvent = { type: 'PhotoChanged', number: 2, photo: 'c0ffee', focus: face, ...stamp };
  const change = (what: object): PollCommand => ({ type: 'ChangeParticipant', number: 2, at: later, by, ...what });

  it('is set with it, or later for the one that is there, also while people vote', () => {
    const opened = decide({ type: 'OpenDraft', at, by }, pollAfter(drafted), key);
    for (const history of [[drafted], [drafted, ...opened]])
      given(...history)
        .when(change({ focus: face }))
        .then(focused);
    given(drafted)
      .when({ type: 'ChangePhoto', number: 1, photo: 'beef', focus: face, at: later, by })
      .then({ ...focused, number: 1, photo: 'beef' });
  });

  it('does not change when it is the same, and stays with another name', () => {
    given(drafted, focused)
      .when(change({ focus: { y: 25, x: 40 }, photo: 'c0ffee' }))
      .thenNothing();
    given(drafted, focused)
      .when(change({ name: 'Beto' }))
      .then({ type: 'ParticipantChanged', number: 2, name: 'Beto', ...stamp });
    const named = pollAfter(drafted, focused, { type: 'ParticipantChanged', number: 2, name: 'Beto', ...stamp });
    expect(named?.participants[1]).toEqual({ number: 2, name: 'Beto', photo: 'c0ffee', focus: face });
  });

  it('goes with the photo that it is of', () => {
    const another: PollEvent = { type: 'PhotoChanged', number: 2, photo: 'beef', ...stamp };
    given(drafted, focused)
      .when(change({ photo: 'beef' }))
      .then(another);
    expect(pollAfter(drafted, focused, another)?.participants[1]).toEqual({ number: 2, name: 'Bento', photo: 'beef' });
  });

  it('is none where there is no photo', () => {
    given(drafted)
      .when(change({ number: 1, focus: face }))
      .thenRefuses('photo-not-found');
  });

  it('is part of the opening, and told to auditors', () => {
    expect(decide({ type: 'OpenDraft', at, by }, pollAfter(drafted, focused), key)).toMatchObject([
      { participants: [{}, { photo: 'c0ffee', focus: face }, {}] },
    ]);
    expect(describePollEvent(focused)).toBe(
      'Definiu a foto do participante 2, com o foco a 40 % da esquerda e 25 % do alto',
    );
  });
});

describe('the poll that a draft is held in place of', () => {
  const named: PollEvent = { type: 'ReplacesChanged', replaces: '7', ...stamp };
  const taken: PollEvent = { ...named, replaces: '' };

  it('is named later, taken back, and part of the opening', () => {
    given(drafted)
      .when(save({ replaces: '7' }))
      .then(named);
    given(drafted, named)
      .when(save({ replaces: '7', title: 'Quem sai?' }))
      .thenNothing();
    given(drafted, named)
      .when(save({ replaces: '' }))
      .then(taken);
    expect(pollAfter(drafted, named, taken)).toEqual(pollAfter(drafted));
    expect(decide({ type: 'OpenDraft', at, by }, pollAfter(drafted, named), key)).toMatchObject([{ replaces: '7' }]);
    expect([named, taken].map(describePollEvent)).toEqual([
      'Definiu que substitui o paredão 7, anulado',
      'Definiu que não substitui outro paredão',
    ]);
  });
});

describe('a photo that is removed', () => {
  const focused: PollEvent = { type: 'PhotoChanged', number: 2, photo: 'c0ffee', focus: face, ...stamp };
  const removed: PollEvent = { type: 'PhotoRemoved', pollId, number: 2, removedAt: later, by };
  const remove = (number: number, what: object = {}): PollCommand => {
    return { type: 'ChangeParticipant', number, photo: null, at: later, by, ...what };
  };

  it('goes with its focus, also while people vote, and no more once it is over', () => {
    const opened = decide({ type: 'OpenDraft', at, by }, pollAfter(drafted), key);
    for (const history of [
      [drafted, focused],
      [drafted, ...opened],
    ])
      given(...history)
        .when(remove(2))
        .then(removed);
    expect(pollAfter(drafted, focused, removed)?.participants[1]).toEqual({ number: 2, name: 'Bento' });
    given(drafted, ...opened, { type: 'PollClosed', pollId, closedAt: at, by })
      .when(remove(2))
      .thenRefuses('poll-not-open');
  });

  it('is removed once; nobody points at a face in it', () => {
    given(drafted).when(remove(1)).thenNothing();
    given(drafted)
      .when(remove(2, { focus: face }))
      .thenRefuses('photo-not-found');
  });

  it('is removed with a save of the whole draft, which keeps it where it says nothing', () => {
    given(drafted)
      .when(save({ people: [ana, { ...bento, photo: null }, caio] }))
      .then(removed);
    given(drafted)
      .when(save({ people: [ana, { number: 2, name: 'Bento' }, caio] }))
      .thenNothing();
    expect(describePollEvent(removed)).toBe('Retirou a foto do participante 2');
  });
});

describe('a poll that is made whole', () => {
  const making = { pollId, title: 'Quem sai?', names: ['Ana', 'Bento'], at, by } as const;
  const portraits = [undefined, { photo: 'c0ffee', focus: face }];
  const participants = [ana, { ...bento, photo: 'c0ffee', focus: face }];

  it('has its photos and its times from the beginning', () => {
    const times = { opensAt: '2026-11-24T00:00Z', closesAt: '2026-11-24T02:00Z' };
    expect(decide({ type: 'DraftPoll', ...making, portraits, ...times }, undefined, key)).toMatchObject([
      { type: 'PollDrafted', participants },
      { type: 'PollScheduled', opensAt: '2026-11-24T00:00:00.000Z', closesAt: '2026-11-24T02:00:00.000Z' },
    ]);
    expect(decide({ type: 'OpenPoll', ...making, portraits, closesAt: later }, undefined, key)).toMatchObject([
      { type: 'PollOpened', participants },
      { type: 'PollScheduled', opensAt: null, closesAt: later },
    ]);
  });

  it('is not made at all when a time is impossible', () => {
    expect(refusalOf(() => decide({ type: 'DraftPoll', ...making, closesAt: at }, undefined, key))).toBe(
      'invalid-schedule',
    );
    expect(refusalOf(() => decide({ type: 'OpenPoll', ...making, opensAt: later }, undefined, key))).toBe(
      'invalid-schedule',
    );
  });
});
