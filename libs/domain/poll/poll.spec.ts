import { describe, expect, it, test } from '@jest/globals';

import {
  MAX_NAME_LENGTH,
  MAX_TITLE_LENGTH,
  type PollCommand,
  decide,
  type PollEvent,
  assertVotable,
  evolve,
} from '../index.ts';
import { given, pollAfter, refusalOf } from '../testing/poll-specification.ts';

const at = '2026-11-23T22:00:00.000Z';
const later = '2026-11-24T02:30:00.000Z';
const by = 'produção';
const pollId = 'paredao-1';

const opened: PollEvent = {
  type: 'PollOpened',
  pollId,
  title: 'Quem sai?',
  participants: [
    { number: 1, name: 'Ana' },
    { number: 2, name: 'Bento' },
  ],
  openedAt: at,
  by,
};
const renamed: PollEvent = { type: 'ParticipantChanged', pollId, number: 2, name: 'Caio', changedAt: later, by };
const closed: PollEvent = { type: 'PollClosed', pollId, closedAt: later, by };
const sealed: PollEvent = { type: 'PollSealed', pollId, cut: '41', sealedAt: later };

type Open = Extract<PollCommand, { type: 'OpenPoll' }>;
const open = (change: Partial<Open> = {}): Open => ({
  type: 'OpenPoll',
  pollId,
  title: 'Quem sai?',
  names: ['Ana', 'Bento'],
  at,
  by,
  ...change,
});
const reason = 'O nome estava errado.';
const rename = (number: number, name: string, why: string | undefined = reason): PollCommand => ({
  type: 'ChangeParticipant',
  number,
  name,
  reason: why,
  at: later,
  by,
});
const close: PollCommand = { type: 'ClosePoll', at: later, by };
const seal: PollCommand = { type: 'SealPoll', cut: 41n, at: later };

describe('opening a poll', () => {
  it('numbers the participants from 1', () => {
    given().when(open()).then(opened);
  });

  it('trims names and title, and composes their accents', () => {
    given()
      .when(open({ title: '  Quem sai? ', names: [' Ana', 'Jose\u0301 '] }))
      .then({ ...opened, participants: [opened.participants[0]!, { number: 2, name: 'José' }] });
  });

  it('is refused when there is one of that number already, open or over', () => {
    given(opened).when(open()).thenRefuses('poll-already-open');
    given(opened, closed).when(open()).thenRefuses('poll-exists');
    given(opened, closed, sealed).when(open()).thenRefuses('poll-exists');
  });

  test.each([
    ['one', ['Ana']],
    ['three', ['Ana', 'Bento', 'Caio']],
    ['no', []],
    ['twice the same', ['Ana', 'Ana']],
    ['twice the same but for spaces', ['Ana', ' Ana ']],
    ['twice the same but for how the accent is written', ['José', 'Jose\u0301']],
  ])('is refused with %s participants', (_count, names) => {
    given().when(open({ names })).thenRefuses('invalid-participants');
  });

  test.each(['a\u001b[2Jb', 'a\nb', 'a\u2028b', 'a\u202eb', 'a\u0000b'])(
    'is refused with %j as title or name',
    (text) => {
      given()
        .when(open({ title: text }))
        .thenRefuses('invalid-title');
      given(opened).when(rename(1, text)).thenRefuses('invalid-name');
    },
  );

  test.each(['', ' \t\n', 'x'.repeat(MAX_TITLE_LENGTH + 1)])('is refused with the title %j', (title) => {
    given().when(open({ title })).thenRefuses('invalid-title');
  });

  test.each(['', '  ', 'x'.repeat(MAX_NAME_LENGTH + 1)])('is refused with the name %j', (name) => {
    given()
      .when(open({ names: ['Ana', name] }))
      .thenRefuses('invalid-name');
  });

  it('takes the longest title and name', () => {
    const [title, name] = ['t'.repeat(MAX_TITLE_LENGTH), 'n'.repeat(MAX_NAME_LENGTH)];
    given()
      .when(open({ title, names: ['Ana', name] }))
      .then({ ...opened, title, participants: [opened.participants[0]!, { number: 2, name }] });
  });
});

const key = { hash: '0f'.repeat(32), hex: 'f0'.repeat(32) };

describe('the key that marks the votes', () => {
  const marked: PollEvent = { ...opened, evidenceKeyHash: key.hash, policy: 'depois-do-voto', ballotBoxes: 1 };
  const decided = (history: PollEvent[], command: PollCommand, own: typeof key | undefined = key): PollEvent[] =>
    decide(command, pollAfter(...history), own);

  it('is told by its hash when the poll opens, and disclosed when it is sealed', () => {
    expect(decided([], open())).toEqual([marked]);
    expect(decided([marked, closed], seal)).toEqual([{ ...sealed, evidenceKey: key.hex }]);
  });

  it('is not disclosed by who has another one, but by nobody at last', () => {
    const other = { hash: '1f'.repeat(32), hex: 'f1'.repeat(32) };
    const sealing = (withoutKey: boolean) => () => decided([marked, closed], { ...seal, withoutKey }, other);
    expect(refusalOf(sealing(false))).toBe('evidence-key-mismatch');
    expect(sealing(true)()).toEqual([sealed]);
  });

  it('is nothing that polls of earlier versions have', () => {
    expect(decided([opened, closed], seal)).toEqual([sealed]);
  });
});

describe('changing a participant', () => {
  it('gives another name', () => {
    given(opened)
      .when(rename(2, ' Caio '))
      .then({ ...renamed, reason });
  });

  it('does nothing when the name stays', () => {
    given(opened).when(rename(2, 'Bento')).thenNothing();
    given(opened, renamed).when(rename(2, 'Caio')).thenNothing();
  });

  it('is refused with the name of the other', () => {
    given(opened).when(rename(2, 'Ana')).thenRefuses('invalid-participants');
  });

  it('may take a name that the other had before', () => {
    given(opened, renamed)
      .when(rename(1, 'Bento'))
      .then({ ...renamed, number: 1, name: 'Bento', reason });
  });

  test.each(['', '  ', 'x'.repeat(201)])('is refused once it is open with the reason %j', (why) => {
    given(opened)
      .when(rename(2, 'Caio', why))
      .thenRefuses('invalid-reason');
  });

  it('is kept with its reason, for the public', () => {
    const corrected = pollAfter(opened, { ...renamed, reason });
    expect(corrected?.corrections).toEqual([{ number: 2, from: 'Bento', to: 'Caio', at: later, reason }]);
    // earlier versions wrote none
    expect(pollAfter(opened, renamed)).not.toHaveProperty('corrections');
  });

  test.each(['', '   ', '\u200b\u2060', 'x'.repeat(MAX_NAME_LENGTH + 1)])('is refused with the name %j', (name) => {
    given(opened).when(rename(1, name)).thenRefuses('invalid-name');
  });

  test.each([0, 3, -1, 1.5, NaN])('is refused for participant %d', (number) => {
    given(opened).when(rename(number, 'Caio')).thenRefuses('participant-not-found');
  });

  it('is refused without a poll, and after it was closed or sealed', () => {
    given().when(rename(1, 'Caio')).thenRefuses('poll-not-found');
    given(opened, closed).when(rename(1, 'Caio')).thenRefuses('poll-not-open');
    given(opened, closed, sealed).when(rename(1, 'Caio')).thenRefuses('poll-not-open');
  });
});

describe('giving a participant a photo', () => {
  const show = (number: number, photo: string): PollCommand => ({ type: 'ChangePhoto', number, photo, at: later, by });
  const shown: PollEvent = { type: 'PhotoChanged', pollId, number: 2, photo: 'c0ffee', changedAt: later, by };

  it('notes which; the name stays, and the photo stays with another name', () => {
    given(opened).when(show(2, 'c0ffee')).then(shown);
    expect(pollAfter(opened, shown, renamed)?.participants[1]).toEqual({ number: 2, name: 'Caio', photo: 'c0ffee' });
  });

  it('does nothing when it is the same', () => {
    given(opened, shown).when(show(2, 'c0ffee')).thenNothing();
  });

  it('is refused for nobody, and when the poll is over', () => {
    given(opened).when(show(3, 'c0ffee')).thenRefuses('participant-not-found');
    given(opened, closed).when(show(2, 'c0ffee')).thenRefuses('poll-not-open');
    given().when(show(2, 'c0ffee')).thenRefuses('poll-not-found');
  });
});

describe('closing a poll', () => {
  it('is possible while it is open', () => {
    given(opened).when(close).then(closed);
  });

  it('is refused without a poll, and the second time', () => {
    given().when(close).thenRefuses('poll-not-found');
    given(opened, closed).when(close).thenRefuses('poll-not-open');
    given(opened, closed, sealed).when(close).thenRefuses('poll-not-open');
  });
});

describe('sealing a poll', () => {
  it('notes where the cut stands in the ballot box', () => {
    given(opened, closed).when(seal).then(sealed);
  });

  it('does nothing the second time: whoever came first has done it', () => {
    given(opened, closed, sealed)
      .when({ ...seal, cut: 99n })
      .thenNothing();
  });

  it('is refused while votes are taken, and without a poll', () => {
    given(opened).when(seal).thenRefuses('poll-not-closed');
    given().when(seal).thenRefuses('poll-not-found');
  });
});

describe('voting', () => {
  const refusal = (participant: number, ...history: PollEvent[]) =>
    refusalOf(() => assertVotable(pollAfter(...history), participant, Date.parse(at)));

  it('is possible for both participants of an open poll', () => {
    expect(refusal(1, opened)).toBeUndefined();
    expect(refusal(2, opened, renamed)).toBeUndefined();
  });

  it('is refused without a poll and after it was closed', () => {
    expect(refusal(1)).toBe('poll-not-open');
    expect(refusal(1, opened, closed)).toBe('poll-not-open');
    expect(refusal(1, opened, closed, sealed)).toBe('poll-not-open');
  });

  test.each([0, 3, -1, 1.5, NaN])('is refused for participant %d', (participant) => {
    expect(refusal(participant, opened)).toBe('participant-not-found');
  });
});

describe('the state of a poll', () => {
  it('follows its events', () => {
    const { title, participants } = opened;
    const poll = { id: pollId, title, participants, openedAt: at, status: 'open', closedAt: null };
    expect(pollAfter(opened)).toEqual(poll);
    expect(pollAfter(opened, renamed)?.participants.map(({ name }) => name)).toEqual(['Ana', 'Caio']);
    expect(pollAfter(opened, closed)).toEqual({ ...poll, status: 'closed', closedAt: later });
    expect(pollAfter(opened, closed, sealed)).toEqual({ ...poll, status: 'sealed', closedAt: later });
  });

  it('is nothing before the poll was opened', () => {
    expect(pollAfter(renamed, closed, sealed)).toBeUndefined();
  });

  it('is never changed in place', () => {
    const before = pollAfter(opened);
    const copy = structuredClone(before);
    for (const event of [renamed, closed, sealed]) evolve(before, event);
    expect(before).toEqual(copy);
  });
});
