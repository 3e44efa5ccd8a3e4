import { describe, expect, it, test } from '@jest/globals';

import { type VoteCast, decodeVoteCast, encodeVoteCast, VoteCodec } from '../index.ts';

const vote: VoteCast = {
  voteId: '00112233445566778899aabbccddeeff',
  participantId: 10,
  castAt: Date.UTC(2026, 10, 23, 22, 41),
  expiresAt: Date.UTC(2026, 10, 23, 22, 47),
  humanCheck: { provider: 'altcha', price: 'suspicious', evidence: '00ff'.repeat(8) },
};

const CANONICAL =
  '{"voteId":"00112233445566778899aabbccddeeff","participantId":10,"castAt":"2026-11-23T22:41:00.000Z",' +
  '"expiresAt":"2026-11-23T22:47:00.000Z","humanCheck":{"provider":"altcha","price":"suspicious",' +
  '"evidence":"00ff00ff00ff00ff00ff00ff00ff00ff"}}';

const stored = (text: string, version = 2) => ({ type: 'VoteCast', version, data: Buffer.from(text) });

describe('a vote of version 2 as bytes', () => {
  it('has one canonical form, without anything that singles it out', () => {
    const content = encodeVoteCast(vote);
    expect(content).toMatchObject({ type: 'VoteCast', version: 2 });
    expect(Buffer.from(content.data).toString()).toBe(CANONICAL);
  });

  it.each(['base', 'raised', 'suspicious'] as const)('comes back as it was with the price %s', (price) => {
    const changed = { ...vote, participantId: 1, humanCheck: { ...vote.humanCheck, price } as VoteCast['humanCheck'] };
    expect(decodeVoteCast(encodeVoteCast(changed))).toEqual(changed);
    expect(new VoteCodec().voteIn(encodeVoteCast(changed))).toEqual(changed);
  });

  test.each([
    ['a second in the time of the vote', '22:41:00.000', '22:41:01.000'],
    ['a millisecond in the expiry', '22:47:00.000', '22:47:00.001'],
    ['a minute that no calendar has', '2026-11-23T22:47', '2026-11-31T22:47'],
    ['participant 11', ':10,', ':11,'],
    ['participant 0', ':10,', ':0,'],
    ['participant 010', ':10,', ':010,'],
    ['an unknown price', 'suspicious', 'free'],
    ['a short evidence', '"00ff', '"0ff'],
    ['an evidence in capitals', '00ff00', '00FF00'],
    ['a difficulty', '"price":"suspicious"', '"difficulty":1'],
    ['both', '"price"', '"difficulty":1,"price"'],
    [
      'another order',
      '"price":"suspicious","evidence":"00ff00ff00ff00ff00ff00ff00ff00ff"',
      '"evidence":"00ff00ff00ff00ff00ff00ff00ff00ff","price":"suspicious"',
    ],
    ['something behind', '}}', '}} '],
  ])('is none with %s', (_what, part, replacement) => {
    expect(CANONICAL).toContain(part);
    const event = stored(CANONICAL.replace(part, replacement));
    expect(() => decodeVoteCast(event)).toThrow(expect.objectContaining({ code: 'unreadable-event' }));
    expect(new VoteCodec().voteIn(event)).toBeUndefined();
  });

  it('is none in another version', () => {
    expect(new VoteCodec().voteIn(stored(CANONICAL, 1))).toBeUndefined();
    expect(new VoteCodec().voteIn(stored(CANONICAL, 3))).toBeUndefined();
  });
});
