import { describe, expect, it, test } from '@jest/globals';

import {
  type EventContent,
  type PollEvent,
  decodePollEvent,
  encodeBallotBoxClosed,
  encodePollEvent,
} from '../index.ts';
import { POLL_EVENTS, decidedAt } from '../events.ts';
import { pollAfter } from '../testing/poll-specification.ts';
import { decided } from './fields.ts';

const at = '2026-11-23T22:00:00.000Z';
const participants = [
  { number: 1, name: 'Ana' },
  { number: 2, name: 'José "Zé"' },
];
const KEY = '0f'.repeat(32);
const EVENTS: PollEvent[] = [
  { type: 'PollDrafted', pollId: 'p', title: 'Quem sai?', participants, draftedAt: at, by: 'ana' },
  { type: 'PollScheduled', pollId: 'p', opensAt: at, closesAt: null, scheduledAt: at, by: 'ana' },
  { type: 'PollOpened', pollId: 'p', title: 't', participants, openedAt: at, by: 'ana', scheduledFor: at },
  { type: 'PollClosed', pollId: 'p', closedAt: at, by: 'ana', scheduledFor: at },
  { type: 'PollOpened', pollId: 'p', title: 'Quem sai?', participants, openedAt: at, by: 'ana' },
  { type: 'TitleChanged', pollId: 'p', title: 'Quem fica?', changedAt: at, by: 'ana' },
  { type: 'DraftDiscarded', pollId: 'p', discardedAt: at, by: 'ana' },
  { type: 'ParticipantChanged', pollId: 'p', number: 2, name: 'Caio', changedAt: at, by: 'ana' },
  { type: 'ParticipantAdded', pollId: 'p', number: 3, name: 'Caio', addedAt: at, by: 'ana' },
  { type: 'ParticipantRemoved', pollId: 'p', number: 1, removedAt: at, by: 'ana' },
  { type: 'PhotoChanged', pollId: 'p', number: 1, photo: 'c0ffee', changedAt: at, by: 'ana' },
  {
    type: 'PollDrafted',
    pollId: 'p',
    title: 't',
    participants: [{ ...participants[0]!, photo: 'c0ffee' }, participants[1]!],
    draftedAt: at,
    by: 'ana',
  },
  { type: 'PollClosed', pollId: 'p', closedAt: at, by: 'ana' },
  { type: 'PollSealed', pollId: 'p', cut: '12345678901234567890', sealedAt: at },
  { type: 'PollPaused', pollId: 'p', pausedAt: at, by: 'ana' },
  { type: 'PollResumed', pollId: 'p', resumedAt: at, by: 'ana' },
  { type: 'StageCued', pollId: 'p', mode: 'suspense', cuedAt: at, by: 'ana' },
  { type: 'PollOpened', pollId: 'p', title: 't', participants, openedAt: at, by: 'ana', evidenceKeyHash: KEY },
  { type: 'PollSealed', pollId: 'p', cut: '1', sealedAt: at, evidenceKey: KEY },
  { type: 'ParticipantChanged', pollId: 'p', number: 2, name: 'Caio', changedAt: at, by: 'ana', reason: 'Erro' },
  { type: 'PhotoChanged', pollId: 'p', number: 1, photo: 'c0ffee', changedAt: at, by: 'ana', focus: { x: 40, y: 0 } },
  { type: 'ReplacesChanged', pollId: 'p', replaces: '3', changedAt: at, by: 'ana' },
  { type: 'PhotoRemoved', pollId: 'p', number: 1, removedAt: at, by: 'ana' },
  {
    ...({ type: 'PollDrafted', pollId: 'p', title: 't', draftedAt: at, by: 'ana' } as const),
    participants: [{ ...participants[0]!, photo: 'c0ffee', focus: { x: 100, y: 25 } }, participants[1]!],
  },
];

const opening: PollEvent = { type: 'PollOpened', pollId: 'p', title: 't', participants, openedAt: at, by: 'ana' };
const textOf = ({ data }: EventContent): string => Buffer.from(data).toString();
const stored = (type: string, body: unknown, version = 1): EventContent => ({
  type,
  version,
  data: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
});

describe('what administrators decided, as bytes', () => {
  test.each(EVENTS)('$type comes back as it was', (event) => {
    expect(decodePollEvent(encodePollEvent(event))).toEqual(event);
  });

  it('has one form, however the object was put together', () => {
    const shuffled = {
      by: 'ana',
      extra: 'never stored',
      openedAt: at,
      participants: [{ name: 'Ana', number: 1, age: 30 }],
      title: 'Quem sai?',
      pollId: 'p',
      type: 'PollOpened',
    } as unknown as PollEvent;
    expect(textOf(encodePollEvent(shuffled))).toBe(
      `{"pollId":"p","title":"Quem sai?","participants":[{"number":1,"name":"Ana"}],"openedAt":"${at}","by":"ana"}`,
    );
  });

  it('is of version 2 with the hash of a key, whose optional keys stand behind it', () => {
    const opened = encodePollEvent({
      ...({ type: 'PollOpened', pollId: 'p', title: 't', participants: [], openedAt: at, by: 'ana' } as const),
      scheduledFor: at,
      evidenceKeyHash: KEY,
    });
    expect(opened.version).toBe(2);
    expect(textOf(opened)).toBe(
      `{"pollId":"p","title":"t","participants":[],"openedAt":"${at}","by":"ana","evidenceKeyHash":"${KEY}","scheduledFor":"${at}"}`,
    );
    const sealed = encodePollEvent({ type: 'PollSealed', pollId: 'p', cut: '1', sealedAt: at, evidenceKey: KEY });
    expect(sealed.version).toBe(2);
    expect(textOf(sealed)).toBe(`{"pollId":"p","cut":"1","sealedAt":"${at}","evidenceKey":"${KEY}"}`);
  });

  it('stays in version 1 without it', () => {
    expect(EVENTS.slice(0, 17).map((event) => encodePollEvent(event).version)).toEqual(Array(17).fill(1));
  });

  it('is read whatever the type says inside: the type of the event counts', () => {
    expect(
      decodePollEvent(stored('PollClosed', { type: 'PollOpened', pollId: 'p', closedAt: at, by: 'ana' })).type,
    ).toBe('PollClosed');
  });

  test.each(['number', 'changedAt', 'extra'])('is read without a field that no version has: %s', (field) => {
    const paused = { pollId: 'p', pausedAt: at, by: 'ana' };
    const read = decodePollEvent(stored('PollPaused', { ...paused, [field]: 1 }));
    expect(read).toEqual({ type: 'PollPaused', ...paused });
    expect(pollAfter(opening, read)).toMatchObject({ id: 'p', status: 'open', pausedAt: at });
  });

  it('closes a ballot box in one form', () => {
    const cut = encodeBallotBoxClosed('p', at);
    expect(cut).toMatchObject({ type: 'BallotBoxClosed', version: 1 });
    expect(textOf(cut)).toBe(`{"pollId":"p","closedAt":"${at}"}`);
  });

  const closed = { pollId: 'p', closedAt: at, by: 'ana' };
  const opened = { pollId: 'p', title: 't', participants, openedAt: at, by: 'ana' };
  const marked = { ...opened, evidenceKeyHash: KEY };
  const people = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ number: index + 1, name: `p${index + 1}` }));
  const photo = { pollId: 'p', number: 1, photo: 'c0ffee', changedAt: at, by: 'ana' };
  const renamed = { pollId: 'p', number: 1, name: 'x', changedAt: at, by: 'ana' };
  test.each<[string, EventContent]>([
    ['an unknown type', stored('PollPainted', closed)],
    ['a type that every object has', stored('toString', closed)],
    ['a later version', stored('PollClosed', closed, 2)],
    ['the hash of a key missing', stored('PollOpened', opened, 2)],
    ['a hash that is none', stored('PollOpened', { ...opened, evidenceKeyHash: 'c0ffee' }, 2)],
    ['a hash that its version does not have', stored('PollOpened', { ...opened, evidenceKeyHash: KEY })],
    ['a reason that is no text', stored('ParticipantChanged', { ...renamed, reason: null })],
    ['a stage that shows what there is not', stored('StageCued', { pollId: 'p', mode: 'x', cuedAt: at, by: 'ana' })],
    ['a focus beside the photo', stored('PhotoChanged', { ...photo, focus: { x: 101, y: 0 } })],
    ['a focus between pixels', stored('PhotoChanged', { ...photo, focus: { x: 0.5, y: 0 } })],
    ['half a focus', stored('PhotoChanged', { ...photo, focus: { x: 5 } })],
    ['a focus that is none', stored('PhotoChanged', { ...photo, focus: null })],
    [
      'a participant with half a focus',
      stored('PollOpened', { ...opened, participants: [{ ...participants[0], focus: {} }, participants[1]] }),
    ],
    ['no JSON', stored('PollClosed', '{"pollId":')],
    ['JSON that is no object', stored('PollClosed', 'null')],
    ['a missing key', stored('PollClosed', { pollId: 'p', closedAt: at })],
    ['a key of another type', stored('PollClosed', { ...closed, by: 1 })],
    ['a null where there must be a time', stored('PollClosed', { ...closed, closedAt: null })],
    ['a scheduled time that is none', stored('PollClosed', { ...closed, scheduledFor: null })],
    ['a participant without a name', stored('PollOpened', { ...opened, participants: [{ number: 1 }] })],
    ['a participant that is nobody', stored('PollOpened', { ...opened, participants: [null] })],
    ['one participant', stored('PollOpened', { ...marked, participants: participants.slice(0, 1) }, 2)],
    ['eleven participants', stored('PollOpened', { ...marked, participants: people(11) }, 2)],
    ['three participants in version 1', stored('PollOpened', { ...opened, participants: people(3) })],
    ['numbers with a gap', stored('PollOpened', { ...marked, participants: [people(3)[0], people(3)[2]] }, 2)],
    ['participants that are no list', stored('PollOpened', { ...opened, participants: { 0: participants[0] } })],
    ['bytes that are not UTF-8', { type: 'PollClosed', version: 1, data: Buffer.from('{"by":"\xff"}', 'latin1') }],
  ])('is unreadable with %s', (_what, event) => {
    expect(() => decodePollEvent(event)).toThrow(expect.objectContaining({ code: 'unreadable-event' }));
  });
});

describe('when an event was decided', () => {
  test.each(Object.entries(POLL_EVENTS))('%s says once, in each version', (_type, { versions }) => {
    for (const form of versions) expect(Object.values(form).filter((field) => field === decided)).toHaveLength(1);
  });

  test('is not when it was to be', () => {
    const late = '2026-11-23T22:00:07.000Z';
    const opening = { pollId: 'p', title: 't', participants, openedAt: late, by: 'ana', scheduledFor: at };
    expect(decidedAt({ type: 'PollOpened', ...opening })).toBe(Date.parse(late));
    expect(decidedAt({ type: 'PollOpened', ...opening, openedAt: 'nunca' })).toBeNaN();
  });
});
