import { describe, expect, it, test } from '@jest/globals';

import { type PollCommand, type PollEvent, assertVotable, decide, evolve } from '../index.ts';
import { given, pollAfter, refusalOf } from '../testing/poll-specification.ts';

const at = '2026-11-23T22:00:00.000Z';
const by = 'produção';
const pollId = '1';
const key = { hash: '0f'.repeat(32), hex: 'f0'.repeat(32) };
const NAMES = ['Ana', 'Bento', 'Caio', 'Dora', 'Eva', 'Fábio', 'Gil', 'Helena', 'Ivo', 'Joana', 'Kátia'];

const people = (names: readonly string[]) => names.map((name, index) => ({ number: index + 1, name }));
const draft = (names: readonly string[]): PollEvent => ({
  ...{ type: 'PollDrafted', pollId, title: 'Quem sai?', participants: people(names), draftedAt: at, by },
});
const open = (names: readonly string[]): PollCommand => ({
  type: 'OpenPoll',
  pollId,
  title: 'Quem sai?',
  names,
  at,
  by,
});
const add = (name: string): PollCommand => ({ type: 'AddParticipant', name, at, by });
const remove = (number: number): PollCommand => ({ type: 'RemoveParticipant', number, at, by });
const drafted = (names: readonly string[], ...more: PollCommand[]) =>
  more.reduce((poll, command) => decide(command, poll, key).reduce(evolve, poll), pollAfter(draft(names)));

describe('a poll', () => {
  test.each([2, 3, 4, 6, 10])('may be between %i', (count) => {
    const [event] = decide(open(NAMES.slice(0, count)), undefined, key);
    expect(event).toMatchObject({ type: 'PollOpened', participants: people(NAMES.slice(0, count)) });
    const poll = evolve(undefined, event!);
    expect(refusalOf(() => assertVotable(poll, count, Date.parse(at)))).toBeUndefined();
    expect(refusalOf(() => assertVotable(poll, count + 1, Date.parse(at)))).toBe('participant-not-found');
  });

  test.each([0, 1, 11])('is not between %i', (count) => {
    expect(refusalOf(() => decide(open(NAMES.slice(0, count)), undefined, key))).toBe('invalid-participants');
  });

  it('of version 1, which has no key, is between two', () => {
    given()
      .when(open(NAMES.slice(0, 3)))
      .thenRefuses('invalid-participants');
  });

  it('has no two participants whose names look alike, however many there are', () => {
    expect(refusalOf(() => decide(open([...NAMES.slice(0, 5), 'CAIO']), undefined, key))).toBe('invalid-participants');
  });
});

describe('the participants of a draft', () => {
  it('may be more, up to ten', () => {
    given(draft(['Ana', 'Bento']))
      .when(add(' Caio '))
      .then({ type: 'ParticipantAdded', pollId, number: 3, name: 'Caio', addedAt: at, by });
    given(draft(NAMES.slice(0, 10)))
      .when(add('Kátia'))
      .thenRefuses('invalid-participants');
    given(draft(['Ana', 'Bento']))
      .when(add('ana'))
      .thenRefuses('invalid-participants');
  });

  it('may be fewer, down to two, and those after one who leaves move up', () => {
    given(draft(['Ana', 'Bento', 'Caio']))
      .when(remove(2))
      .then({ type: 'ParticipantRemoved', pollId, number: 2, removedAt: at, by });
    expect(drafted(['Ana', 'Bento', 'Caio', 'Dora'], remove(2))?.participants).toEqual(people(['Ana', 'Caio', 'Dora']));
    given(draft(['Ana', 'Bento']))
      .when(remove(1))
      .thenRefuses('invalid-participants');
    given(draft(['Ana', 'Bento', 'Caio']))
      .when(remove(4))
      .thenRefuses('participant-not-found');
  });

  it('keep their photos when their numbers change', () => {
    const photo: PollCommand = { type: 'ChangePhoto', number: 3, photo: 'c0ffee', at, by };
    expect(drafted(['Ana', 'Bento', 'Caio'], photo, remove(1))?.participants).toEqual([
      { number: 1, name: 'Bento' },
      { number: 2, name: 'Caio', photo: 'c0ffee' },
    ]);
  });

  it('are those of the poll once it is open, and stay', () => {
    const poll = drafted(['Ana', 'Bento'], add('Caio'), { type: 'OpenDraft', at, by });
    expect(poll).toMatchObject({ status: 'open', participants: people(['Ana', 'Bento', 'Caio']) });
    for (const command of [add('Dora'), remove(1)])
      expect(refusalOf(() => decide(command, poll, key))).toBe('poll-not-draft');
  });
});
