import { describe, expect, it, test } from '@jest/globals';

import { type VoteCast, decodeVoteCast, encodeVoteCast } from '../index.ts';

const vote: VoteCast = {
  voteId: '00112233445566778899aabbccddeeff',
  participantId: 2,
  castAt: Date.UTC(2026, 10, 23, 22, 41, 7, 9),
  expiresAt: Date.UTC(2026, 10, 23, 22, 46, 0, 0),
  humanCheck: { provider: 'altcha', difficulty: 50_000 },
};

const CANONICAL =
  '{"voteId":"00112233445566778899aabbccddeeff","participantId":2,"castAt":"2026-11-23T22:41:07.009Z",' +
  '"expiresAt":"2026-11-23T22:46:00.000Z","humanCheck":{"provider":"altcha","difficulty":50000}}';

const bytes = (text: string): Uint8Array => Buffer.from(text);
/** The canonical text with a part of it replaced; fails where the part is not in it. */
function deviating(part: string, replacement: string): string {
  expect(CANONICAL).toContain(part);
  return CANONICAL.replace(part, replacement);
}
function expectUnreadable(data: Uint8Array): void {
  expect(() => decodeVoteCast({ version: 1, data })).toThrow(expect.objectContaining({ code: 'unreadable-event' }));
}

describe('a vote as bytes', () => {
  it('has one canonical form', () => {
    const content = encodeVoteCast(vote);
    expect(content).toMatchObject({ type: 'VoteCast', version: 1 });
    expect(Buffer.from(content.data).toString()).toBe(CANONICAL);
  });

  it('has that form whatever else the object holds, in whatever order', () => {
    const { voteId, participantId, castAt, expiresAt } = vote;
    const humanCheck = { difficulty: 50_000, extra: true, provider: 'altcha' };
    const shuffled: VoteCast = Object.assign({ humanCheck, expiresAt, castAt }, { ip: '::1', participantId, voteId });
    expect(encodeVoteCast(shuffled).data).toEqual(encodeVoteCast(vote).data);
  });

  it('says nothing about who voted', () => {
    const keys = Object.keys(JSON.parse(CANONICAL) as object);
    expect(keys).toEqual(['voteId', 'participantId', 'castAt', 'expiresAt', 'humanCheck']);
  });

  it('comes back as it was', () => {
    expect(decodeVoteCast({ version: 1, data: bytes(CANONICAL) })).toEqual(vote);
  });

  test.each<[string, Partial<VoteCast>]>([
    ['at the last millisecond of a day', { castAt: Date.UTC(2026, 11, 31, 23, 59, 59, 999) }],
    ['on 29 February', { castAt: Date.UTC(2028, 1, 29) }],
    ['at the epoch', { castAt: 0, expiresAt: 0 }],
    ['in the year 9999', { expiresAt: Date.UTC(9999, 11, 31, 23, 59, 59, 999) }],
    ['with no work', { humanCheck: { provider: 'turnstile', difficulty: 0 } }],
    ['with the most work', { humanCheck: { provider: 'a-1'.repeat(10), difficulty: 999_999_999_999_999 } }],
    ['for participant 9', { participantId: 9 }],
  ])('comes back as it was %s', (_when, change) => {
    const changed = { ...vote, ...change };
    expect(decodeVoteCast(encodeVoteCast(changed))).toEqual(changed);
  });

  it('comes back as it was at every millisecond of some minutes', () => {
    for (let castAt = vote.castAt; castAt < vote.castAt + 130_000; castAt += 7) {
      expect(decodeVoteCast(encodeVoteCast({ ...vote, castAt })).castAt).toBe(castAt);
    }
  });
});

describe('bytes that deviate from the canonical form are no vote:', () => {
  test.each([
    [
      'another order of keys',
      '"participantId":2,"castAt":"2026-11-23T22:41:07.009Z"',
      '"castAt":"2026-11-23T22:41:07.009Z","participantId":2',
    ],
    ['white space', ':2,', ': 2,'],
    ['a line break inside', ',"castAt"', ',\n"castAt"'],
    ['an upper-case id', 'aabbccddeeff', 'AABBCCDDEEFF'],
    ['a short id', 'aabbccddeeff', 'aabbccddeef'],
    ['a long id', 'aabbccddeeff', 'aabbccddeeff0'],
    ['an id that is not hexadecimal', 'aabb', 'xxyy'],
    ['an escaped character', '"altcha"', '"\\u0061ltcha"'],
    ['a provider in capitals', 'altcha', 'ALTCHA'],
    ['no provider', 'altcha', ''],
    ['a very long provider', 'altcha', 'a'.repeat(33)],
    ['participant 0', '"participantId":2', '"participantId":0'],
    ['participant 10', '"participantId":2', '"participantId":10'],
    ['a participant in quotes', '"participantId":2', '"participantId":"2"'],
    ['a participant with a fraction', '"participantId":2', '"participantId":2.0'],
    ['a negative difficulty', ':50000', ':-1'],
    ['a difficulty with a leading zero', ':50000', ':050000'],
    ['a difficulty with an exponent', ':50000', ':5e4'],
    ['a difficulty that numbers cannot hold', ':50000', ':1000000000000000'],
    ['one key more', '{"voteId"', '{"ip":"::1","voteId"'],
    ['one key twice', '"participantId":2', '"participantId":1,"participantId":2'],
    ['one key less', ',"difficulty":50000', ''],
  ])('%s', (_what, part, replacement) => {
    expectUnreadable(bytes(deviating(part, replacement)));
  });

  test.each([
    '2026-11-23T22:41:07Z',
    '2026-11-23T22:41:07.009',
    '2026-11-23T22:41:07.0090Z',
    '2026-11-23T22:41:07.009+00:00',
    '2026-11-23t22:41:07.009z',
    '2026-11-23 22:41:07.009Z',
    '+02026-11-23T22:41:07.009Z',
    '2026-13-01T00:00:00.000Z',
    '2026-00-10T00:00:00.000Z',
    '2026-02-29T00:00:00.000Z',
    '2026-02-30T00:00:00.000Z',
    '2026-11-31T00:00:00.000Z',
    '2026-11-00T00:00:00.000Z',
    '2026-11-23T24:00:00.000Z',
    '2026-11-23T25:00:00.000Z',
    '2026-11-23T22:60:00.000Z',
    '2026-11-23T22:41:60.000Z',
    '',
  ])('the time %s', (time) => {
    expectUnreadable(bytes(deviating('2026-11-23T22:41:07.009Z', time)));
    expectUnreadable(bytes(deviating('2026-11-23T22:46:00.000Z', time)));
  });

  test.each<[string, Uint8Array]>([
    ['nothing', bytes('')],
    ['something before', bytes(` ${CANONICAL}`)],
    ['a byte order mark before', bytes(`\ufeff${CANONICAL}`)],
    ['a line break behind', bytes(`${CANONICAL}\n`)],
    ['a null behind', bytes(`${CANONICAL}\0`)],
    ['a second vote behind', bytes(CANONICAL + CANONICAL)],
    ['the end cut off', bytes(CANONICAL.slice(0, -1))],
    ['bytes that are not UTF-8', Buffer.from(CANONICAL.replace('altcha', '\xff'), 'latin1')],
    ['UTF-16', Buffer.from(CANONICAL, 'utf16le')],
  ])('%s', (_what, data) => {
    expectUnreadable(data);
  });
});
