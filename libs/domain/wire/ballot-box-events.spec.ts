import { describe, expect, it, test } from '@jest/globals';

import { BALLOT_BOX_EVENTS } from '../ballot-box-events.ts';
import {
  type EventContent,
  type VoteCast,
  decodeBallotBoxClosed,
  decodeBallotBoxOpened,
  decodeVoteCast,
  encodeBallotBoxClosed,
  encodeBallotBoxOpened,
  encodeVoteCast,
} from '../index.ts';
import { boxOpened } from '../testing/ballot-box.ts';
import type { Form } from './fields.ts';
import { encodeEvent } from './poll-events.ts';

const minute = Date.UTC(2026, 10, 23, 22, 41);
const vote = { voteId: '00112233445566778899aabbccddeeff', participantId: 2, castAt: minute, expiresAt: minute };
const evidence = '00ff'.repeat(8);

const VOTES: readonly VoteCast[] = [
  { ...vote, castAt: minute + 7009, humanCheck: { provider: 'altcha', difficulty: 250_000 } },
  { ...vote, participantId: 10, humanCheck: { provider: 'hcaptcha', price: 'base', evidence } },
];

const { versions } = BALLOT_BOX_EVENTS.VoteCast;
const bodyOf = ({ data }: EventContent): Record<string, unknown> =>
  JSON.parse(Buffer.from(data).toString()) as Record<string, unknown>;

describe('the table of the ballot box', () => {
  test.each(VOTES)('describes what the codec of votes writes: $humanCheck.provider', (written) => {
    const stored = encodeVoteCast(written);
    const body = bodyOf(stored);
    const form: Form = versions[stored.version - 1]!;

    expect(Object.keys(body)).toEqual(Object.keys(form));
    for (const [key, field] of Object.entries(form)) expect([key, field.accepts(body[key])]).toEqual([key, true]);
    expect(encodeEvent('VoteCast', [form], body)).toMatchObject({ data: new Uint8Array(stored.data) });
    expect(decodeVoteCast(stored)).toEqual(written);
  });

  it('tells the evidence of one version from that of the other', () => {
    const [first, second] = VOTES.map((one) => bodyOf(encodeVoteCast(one))['humanCheck']);
    const [one, two] = versions.map(({ humanCheck }) => humanCheck);

    expect([one!.accepts(first), one!.accepts(second)]).toEqual([true, false]);
    expect([two!.accepts(first), two!.accepts(second)]).toEqual([false, true]);
  });

  it.each([undefined, { size: 3, root: '0f'.repeat(32) }])('describes the cut: acts %j', (acts) => {
    const stored = encodeBallotBoxClosed('7', '2026-11-23T22:41:00.000Z', acts);
    const form: Form = BALLOT_BOX_EVENTS.BallotBoxClosed.versions[stored.version - 1]!;
    const body = bodyOf(stored);

    expect(stored.version).toBe(acts === undefined ? 1 : 2);
    expect(Object.keys(body)).toEqual(Object.keys(form));
    for (const [key, field] of Object.entries(form)) expect(field.accepts(body[key])).toBe(true);
    expect(decodeBallotBoxClosed(stored)).toEqual(body);
  });

  it('describes what opens a box', () => {
    const { content } = boxOpened();

    expect(encodeBallotBoxOpened(decodeBallotBoxOpened(content))).toEqual(content);
    expect(() => decodeBallotBoxOpened({ ...content, data: Buffer.from('{}') })).toThrow('BallotBoxOpened.pollId');
    expect(() => decodeBallotBoxOpened({ ...content, version: 2 })).toThrow('BallotBoxOpened v2');
  });
});
